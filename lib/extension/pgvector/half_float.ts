/**
 * Half precision, IEEE 754 binary16, which `DataView` does not know on Node 20.
 */

/** What the last bit of a fraction counts, by the exponent's bits. */
const UNITS: readonly number[] = /* @__PURE__ */ Array.from(
  { length: 31 },
  (_, exponent) => 2 ** (Math.max(exponent, 1) - 25),
);

/** The number that 16 bits stand for; all halves are exact numbers. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = bits >> 10 & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * UNITS[exponent] * (exponent === 0 ? fraction : fraction + 1024);
}

/** False for the bits of the infinities and of NaN. */
export function isHalfFinite(bits: number): boolean {
  return (bits & 0x7c00) !== 0x7c00;
}

/**
 * The half nearest to a finite float, both as bits; of two as near the even one. Infinity where
 * the float is too large.
 */
export function halfFromFloat(floatBits: number): number {
  const sign = floatBits >>> 16 & 0x8000;
  const exponent = (floatBits >>> 23 & 0xff) - 127;
  if (exponent > 15) return sign | 0x7c00;
  const mantissa = floatBits & 0x7f_ffff | 0x80_0000;
  const isNormal = exponent >= -14;
  // A half keeps 13 bits less of the mantissa; below its normal range fewer with every power of two.
  const dropped = isNormal ? 13 : Math.min(-1 - exponent, 25);
  const kept = mantissa >>> dropped;
  const rest = mantissa - (kept << dropped);
  const middle = 1 << dropped - 1;
  const roundsUp = rest > middle || rest === middle && kept % 2 === 1;
  // The leading bit of a normal mantissa adds one to the exponent, as does what rounding carries.
  const exponentBits = isNormal ? exponent + 14 << 10 : 0;
  return sign | exponentBits + kept + (roundsUp ? 1 : 0);
}
