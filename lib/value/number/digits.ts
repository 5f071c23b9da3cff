/**
 * Reads decimal digits out of bytes.
 */

/**
 * The number that the digits between two offsets make; -1 when there is none or
 * something else stands among them. Exact up to 15 digits, so more are refused.
 */
export function readDigits(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > 15) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
