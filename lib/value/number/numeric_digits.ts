/**
 * The binary form of numeric with any count of digits (numeric.c, numeric_send).
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { malformed, outOfRange } from "../codec_error.ts";

export const HEADER_BYTES = 8;
export const NEGATIVE = 0x4000;
export const NAN = 0xc000;
export const INFINITY = 0xd000;
export const MINUS_INFINITY = 0xf000;

const MAX_SCALE = 0x3fff;
const MAX_INTEGER_DIGITS = 131_072;

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const SPECIAL = /^(?:nan|[+-]?inf(?:inity)?)$/i;

/** True for decimal digits with or without a sign, a point and an exponent, NaN and infinities. */
export function isNumericText(text: string): boolean {
  return DECIMAL.test(text) || SPECIAL.test(text);
}

/**
 * A digit to base 10000.
 *
 * @throws {ProtocolError} when it is over 9999
 */
export function readDigit(view: DataView, at: number): number {
  const digit = view.getUint16(at);
  if (digit > 9999) throw malformed("numeric", "a digit is over 9999");
  return digit;
}

/** The text without its sign, of bytes as long as their header says. */
export function formatAnyNumeric(view: DataView, start: number): string {
  const count = view.getUint16(start);
  const weight = view.getInt16(start + 2);
  const scale = view.getUint16(start + 6);
  // Digit i counts 10000^(weight - i); those that were not sent are zero.
  const digit = (i: number): number =>
    i >= 0 && i < count ? readDigit(view, start + HEADER_BYTES + i * 2) : 0;

  let text = weight < 0 ? "0" : String(digit(0));
  for (let i = 1; i <= weight; i++) text += fourDigits(digit(i));
  if (scale === 0) return text;

  let fraction = "";
  for (let i = weight + 1; fraction.length < scale; i++) fraction += fourDigits(digit(i));
  return `${text}.${fraction.slice(0, scale)}`;
}

function fourDigits(digit: number): string {
  return digit > 999 ? String(digit) : String(10_000 + digit).slice(1);
}

/**
 * Writes the text of a numeric in binary.
 *
 * @throws {RangeError} when it has more digits than a numeric can
 */
export function writeAnyNumeric(text: string, writer: ByteWriter): void {
  const special = specialSign(text);
  if (special !== undefined) {
    return writeHeader(writer, { count: 0, weight: 0, sign: special, scale: 0 });
  }
  const { negative, integer, fraction } = splitDecimal(text);
  const padded = integer.padStart(Math.ceil(integer.length / 4) * 4, "0") +
    fraction.padEnd(Math.ceil(fraction.length / 4) * 4, "0");
  const digits: number[] = [];
  for (let at = 0; at < padded.length; at += 4) digits.push(Number(padded.slice(at, at + 4)));

  let weight = Math.ceil(integer.length / 4) - 1;
  while (digits.length > 0 && digits.at(-1) === 0) digits.pop();
  let leading = 0;
  while (leading < digits.length && digits[leading] === 0) leading += 1;
  weight = digits.length === 0 ? 0 : weight - leading;

  const sign = negative && digits.length > 0 ? NEGATIVE : 0;
  writeHeader(writer, { count: digits.length - leading, weight, sign, scale: fraction.length });
  for (let i = leading; i < digits.length; i++) writer.writeInt16(digits[i]);
}

/** What stands before the digits. */
export interface NumericHeader {
  /** Of digits to base 10000. */
  readonly count: number;
  /** The first digit counts 10000 to this power. */
  readonly weight: number;
  readonly sign: number;
  /** Decimal places that are shown. */
  readonly scale: number;
}

/** Writes what stands before the digits. */
export function writeHeader(writer: ByteWriter, header: NumericHeader): void {
  writer.writeInt16(header.count);
  writer.writeInt16(header.weight);
  writer.writeInt16(header.sign);
  writer.writeInt16(header.scale);
}

function specialSign(text: string): number | undefined {
  if (/^nan$/i.test(text)) return NAN;
  if (/^\+?inf/i.test(text)) return INFINITY;
  if (/^-inf/i.test(text)) return MINUS_INFINITY;
  return undefined;
}

/** `-1.5e3` is the integer digits 1500 and no fraction. */
function splitDecimal(text: string): { negative: boolean; integer: string; fraction: string } {
  const [, sign, whole, part = "", power = "0"] = DECIMAL.exec(text)!;
  const exponent = Number(power);
  if (Math.abs(exponent) > MAX_INTEGER_DIGITS + MAX_SCALE) {
    throw outOfRange("numeric", "its exponent is too large");
  }
  const left = whole + part.slice(0, Math.max(exponent, 0)).padEnd(Math.max(exponent, 0), "0");
  const right = whole.slice(exponent).padStart(-exponent, "0");
  const integer = exponent < 0 ? whole.slice(0, exponent) : left;
  const fraction = exponent < 0 ? right + part : part.slice(exponent);
  const significant = integer.replace(/^0+/, "");
  if (significant.length > MAX_INTEGER_DIGITS || fraction.length > MAX_SCALE) {
    throw outOfRange("numeric", "it has too many digits");
  }
  return { negative: sign === "-", integer: significant, fraction };
}
