/**
 * numeric as a string: every digit and the scale, the same from both formats.
 *
 * The binary form (numeric.c, numeric_send) is a count of base 10000 digits, the
 * weight of the first, the sign, the display scale, and the digits.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { malformed, outOfRange, unfit } from "./codec_error.ts";

const HEADER_BYTES = 8;
const NEGATIVE = 0x4000;
const NAN = 0xc000;
const INFINITY = 0xd000;
const MINUS_INFINITY = 0xf000;
const MAX_SCALE = 0x3fff;
const MAX_INTEGER_DIGITS = 131_072;

/** numeric: a string. Numbers and bigints are taken too. */
export const numericCodec: Codec<string> = {
  name: "numeric",
  decodeText: (source: FieldSource, start: number, end: number): string => source.text(start, end),
  decodeBinary,
  encodeText: checkNumeric,
  encodeBinary,
};

function decodeBinary({ view }: FieldSource, start: number, end: number): string {
  if (end - start < HEADER_BYTES) throw malformed("numeric", "its header is cut short");
  const count = view.getUint16(start);
  const weight = view.getInt16(start + 2);
  const sign = view.getUint16(start + 4);
  const scale = view.getUint16(start + 6);
  if (sign === NAN) return "NaN";
  if (sign === INFINITY) return "Infinity";
  if (sign === MINUS_INFINITY) return "-Infinity";
  if (sign !== 0 && sign !== NEGATIVE) throw malformed("numeric", `sign ${sign} is unknown`);
  if (end - start !== HEADER_BYTES + count * 2) {
    throw malformed("numeric", `${end - start} bytes for ${count} digits`);
  }
  // Digit i counts 10000^(weight - i); those that were not sent are zero.
  const digit = (i: number): number =>
    i >= 0 && i < count ? view.getUint16(start + HEADER_BYTES + i * 2) : 0;

  let text = sign === NEGATIVE ? "-" : "";
  text += weight < 0 ? "0" : String(digit(0));
  for (let i = 1; i <= weight; i++) text += pad4(digit(i));
  if (scale === 0) return text;

  let fraction = "";
  for (let i = weight + 1; fraction.length < scale; i++) fraction += pad4(digit(i));
  return `${text}.${fraction.slice(0, scale)}`;
}

function encodeBinary(value: unknown, writer: ByteWriter): void {
  const text = checkNumeric(value);
  const special = specialSign(text);
  if (special !== undefined) return writeHeader(writer, { count: 0, weight: 0, sign: special });

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

interface Header {
  readonly count: number;
  readonly weight: number;
  readonly sign: number;
  readonly scale?: number;
}

function writeHeader(writer: ByteWriter, { count, weight, sign, scale = 0 }: Header): void {
  writer.writeInt16(count);
  writer.writeInt16(weight);
  writer.writeInt16(sign);
  writer.writeInt16(scale);
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

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const SPECIAL = /^(?:nan|[+-]?inf(?:inity)?)$/i;

function checkNumeric(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string" && (DECIMAL.test(value) || SPECIAL.test(value))) return value;
  throw unfit("numeric", value, "a string of decimal digits, a number or a bigint");
}

function pad4(digit: number): string {
  if (digit > 9999) throw malformed("numeric", "a digit is over 9999");
  return String(digit).padStart(4, "0");
}
