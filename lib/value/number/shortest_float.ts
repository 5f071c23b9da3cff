// Hot path (bench/values_bench.ts, float4).
// Unusual: decimals are tried by scaling with powers of ten that a double holds exactly, so that
// each step is rounded once; whatever such a rounding could decide wrongly goes to exact integers.
// Gain, minima: 831 to 19 ns a float on Deno 2.9.6, 834 to 17 on Bun 1.4.5 (2026-11-24). Undo it if
// under 5x.
// Plain twin: exactShortest() below, which is right for every float; the tests give both the same.

/**
 * The shortest decimal that names a float4, which is the one PostgreSQL prints.
 *
 * Of a float's neighbourhood, the decimals that are nearer to it than to any other, PostgreSQL
 * (f2s.c, float_to_shortest_decimal_bufn) takes one with the fewest digits, of these the
 * nearest, of two as near the even one. A decimal half-way between two floats is of neither.
 */

import { POWERS_OF_TEN } from "./powers_of_ten.ts";

const MAX_POWER = 22;

/** Of any two decimals of so many digits, no normal float is named by both. */
const SAFE_DIGITS = 6;

/** Up to here a float names every integer, and PostgreSQL prints it. */
const MAX_INTEGER = 2 ** 24;

// Of all floats these two alone have a shortest decimal whose double stands half-way to the
// next float, which is even, so that rounding gives that one (found by trying all 2^32).
const HALF_WAY = 7.038531e-26;
const HALF_WAY_FLOAT: number = 0xae43fd * 2 ** -107;

/** Up to here counting digits is faster than a logarithm. */
const MAX_COUNTED = 1e8;

const BELOW_ONE: number = 1 - 2 ** -24;

/**
 * The number that the shortest decimal of a float4 is; the float must be exact.
 * `roundToFloat()` of it is the float again.
 */
export function shortestFloat(float: number): number {
  const size = Math.abs(float);
  if (size < MAX_INTEGER && size === Math.floor(size)) return float; // -0 too.
  if (!(size < Infinity)) return float;
  const decimal = tryDecimals(size) ?? exactShortest(size);
  return float < 0 ? -decimal : decimal;
}

/** The float4 nearest to a number, exactly; infinite where it is too large. */
export function roundToFloat(value: number): number {
  if (value === HALF_WAY) return HALF_WAY_FLOAT;
  return value === -HALF_WAY ? -HALF_WAY_FLOAT : Math.fround(value);
}

/** Undefined where only exact integers can tell. */
function tryDecimals(size: number): number | undefined {
  // To begin with a digit less is right too, a digit more would not be.
  let power = SAFE_DIGITS - integerDigits(size);
  if (power < -MAX_POWER) return undefined;
  for (; power <= MAX_POWER; power++) {
    const scaled = power < 0 ? size / POWERS_OF_TEN[-power] : size * POWERS_OF_TEN[power];
    const digits = Math.floor(scaled + 0.5);
    if (digits - scaled === 0.5) return undefined; // As near to the digits below.
    const decimal = power < 0 ? digits * POWERS_OF_TEN[-power] : digits / POWERS_OF_TEN[power];
    // As far behind the decimal as the float is before it. If the decimal stands half-way
    // between two floats, this is the other one.
    const mirrored = decimal + (decimal - size);
    const named = Math.fround(decimal);
    if (named === size) {
      return mirrored !== size && Math.fround(mirrored) === mirrored ? undefined : decimal;
    }
    if (named === mirrored || isPowerOfTwo(size)) return undefined;
  }
  return undefined;
}

/** Digits before the point; below 1 less than none, by the zeros behind it. */
function integerDigits(size: number): number {
  if (size >= MAX_COUNTED || size < 0.001) return Math.floor(Math.log10(size)) + 1;
  if (size < 0.01) return -2;
  if (size < 0.1) return -1;
  let digits = 0;
  while (size >= POWERS_OF_TEN[digits]) digits += 1;
  return digits;
}

/** Below a power of two floats are twice as dense: the nearest decimal may be of the next. */
function isPowerOfTwo(size: number): boolean {
  const below = size * BELOW_ONE;
  return Math.fround(below) === below;
}

/** The same for every float that is finite and over zero. */
export function exactShortest(size: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, size);
  const exponent = view.getUint8(0) << 1 | view.getUint8(1) >> 7;
  const fraction = view.getUint32(0) & 0x7f_ffff;
  const mantissa = exponent === 0 ? fraction : fraction + 0x80_0000;
  // In quarters of the last bit of the mantissa, where its neighbourhood has integer limits.
  const middle = BigInt(mantissa * 4);
  const above = middle + 2n;
  const below = middle - (fraction === 0 && exponent > 1 ? 1n : 2n);
  const twos = Math.max(exponent, 1) - 152;

  const wanted = exponent === 0 ? 1 : SAFE_DIGITS;
  for (let power = Math.floor(Math.log10(size)) + 1 - wanted;; power--) {
    // Quarters times `left` and digits times `right` are in one unit.
    const left = 10n ** BigInt(Math.max(-power, 0)) * 2n ** BigInt(Math.max(twos, 0));
    const right = 10n ** BigInt(Math.max(power, 0)) * 2n ** BigInt(Math.max(-twos, 0));
    const digits = divideRounding(middle * left, right);
    for (const candidate of [digits, digits + 1n]) {
      const inside = below * left < candidate * right && candidate * right < above * left;
      if (inside) return Number(`${candidate}e${power}`);
    }
  }
}

/** Halves go to the even quotient. */
function divideRounding(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = (dividend - quotient * divisor) * 2n;
  const up = twice > divisor || twice === divisor && quotient % 2n === 1n;
  return up ? quotient + 1n : quotient;
}
