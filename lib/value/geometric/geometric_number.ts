/**
 * The numbers in PostgreSQL's text of geometric values.
 */

/**
 * PostgreSQL's text of a float8 (float.c, float8out): the shortest decimal between the
 * neighbours, `1e+15` where JavaScript says 1000000000000000, and `1e-05`.
 */
export function formatNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const size = Math.abs(value);
  if ((size >= 1e-4 && size < 1e15) || !Number.isFinite(value) || value === 0) return String(value);
  const [digits, exponent] = shortest(size).split("e");
  const power = exponent.slice(1).padStart(2, "0");
  return `${value < 0 ? "-" : ""}${digits}e${exponent[0]}${power}`;
}

/**
 * The shortest decimal that lies between the middles to the neighbours, as `1.5e+20`: unlike
 * JavaScript, PostgreSQL (d2s.c) does not take one that is such a middle, as 1e+23 is.
 */
function shortest(size: number): string {
  let text = size.toExponential();
  let fraction = Math.max(text.indexOf("e") - 2, 0);
  while (isMiddle(text, size)) text = size.toExponential(++fraction);
  return text;
}

/** Elsewhere a middle between two neighbours has more digits than are ever needed. */
const FIRST_MIDDLE = 2 ** 53;
const LAST_MIDDLE = 2 ** 140;

/** True when a decimal that names the number does not if it is a little farther from it. */
function isMiddle(text: string, size: number): boolean {
  if (size < FIRST_MIDDLE || size > LAST_MIDDLE) return false;
  const decimal = exactInteger(text);
  const exact = BigInt(size);
  if (decimal === undefined || decimal === exact) return false;
  const outward = decimal > exact ? 1n : -1n;
  return Number(decimal * 16n + outward) !== size * 16;
}

/** The integer that `1.5e+20` is; undefined when it is none. */
function exactInteger(text: string): bigint | undefined {
  const [digits, exponent] = text.split("e");
  const [whole, fraction = ""] = digits.split(".");
  const zeros = Number(exponent) - fraction.length;
  if (zeros < 0) return undefined;
  return BigInt(whole + fraction + "0".repeat(zeros));
}
