// Hot path (bench/values_bench.ts, numeric).
// Unusual: a numeric of up to 15 digits, which nearly every one is, is read and written as one
// integer, without a text for each digit to base 10000.
// Gain, minima: decoding 79 to 67 ns on Deno 2.9.6, 150 to 77 on Bun 1.4.5; encoding 529 to 248
// and 691 to 310 (2026-11-24). Undo it if both are under 1.2x.
// Plain twin: formatAnyNumeric() and writeAnyNumeric(), which do all that is left by this; the
// tests give both the same values.

/**
 * numeric as a string with every digit and the scale, or as the nearest number; the same from
 * both formats.
 *
 * The binary form (numeric.c, numeric_send) is a count of base 10000 digits, the
 * weight of the first, the sign, the display scale, and the digits.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { malformed, unfit } from "../codec_error.ts";
import {
  formatAnyNumeric,
  HEADER_BYTES,
  INFINITY,
  isNumericText,
  MINUS_INFINITY,
  NAN,
  NEGATIVE,
  readDigit,
  writeAnyNumeric,
  writeHeader,
} from "./numeric_digits.ts";
import { POWERS_OF_TEN } from "./powers_of_ten.ts";

/** Decimal digits that a number holds whatever they are. */
const EXACT_DIGITS = 15;
/** Leaves room for the zeros that fill the last group of four. */
const MAX_SHORT_TEXT: number = EXACT_DIGITS - 3;
const ZEROS = "000000000000000";

const MINUS = 0x2d;
const POINT = 0x2e;

/**
 * numeric, by shape. `string` has every digit, trailing zeros too, `NaN` and `Infinity`;
 * `number` is the nearest one.
 *
 * Each takes numbers and bigints.
 */
export const numericCodecs: {
  readonly string: Codec<string>;
  readonly number: Codec<number>;
} = {
  string: {
    name: "numeric",
    decodeText: (source: FieldSource, start: number, end: number): string =>
      source.text(start, end),
    decodeBinary: readText,
    encodeText: checkNumeric,
    encodeBinary: writeNumeric,
  },
  number: {
    name: "numeric",
    decodeText: (source: FieldSource, start: number, end: number): number =>
      toNumber(source.text(start, end)),
    decodeBinary: readNumber,
    encodeText: checkNumeric,
    encodeBinary: writeNumeric,
  },
};

function toNumber(text: string): number {
  const value = Number(text);
  if (text === "" || Number.isNaN(value) && text !== "NaN") {
    throw malformed("numeric", "its text is no number");
  }
  return value;
}

function readText({ view }: FieldSource, start: number, end: number): string {
  const special = readSpecial(view, start, end);
  if (special !== undefined) return special;
  const negative = view.getUint16(start + 4) === NEGATIVE;
  const scale = view.getUint16(start + 6);
  const digits = readShort(view, start);
  const size = digits < 0 ? formatAnyNumeric(view, start) : formatShort(digits, scale);
  return negative ? `-${size}` : size;
}

function readNumber(source: FieldSource, start: number, end: number): number {
  const { view } = source;
  const special = readSpecial(view, start, end);
  if (special !== undefined) return Number(special);
  const digits = readShort(view, start);
  if (digits < 0) return Number(readText(source, start, end));
  // Both are exact, so that this is rounded once.
  const size = digits / POWERS_OF_TEN[view.getUint16(start + 6)];
  return view.getUint16(start + 4) === NEGATIVE ? -size : size;
}

/** Checks the header; what is no number by its sign, or undefined. */
function readSpecial(view: DataView, start: number, end: number): string | undefined {
  if (end - start < HEADER_BYTES) throw malformed("numeric", "its header is cut short");
  const count = view.getUint16(start);
  if (end - start !== HEADER_BYTES + count * 2) {
    throw malformed("numeric", `${end - start} bytes for ${count} digits`);
  }
  const sign = view.getUint16(start + 4);
  if (sign === 0 || sign === NEGATIVE) return undefined;
  if (sign === NAN) return "NaN";
  if (sign === INFINITY) return "Infinity";
  if (sign === MINUS_INFINITY) return "-Infinity";
  throw malformed("numeric", `sign ${sign} is unknown`);
}

/**
 * All digits down to the last that is shown, as one integer; -1 where a number may not hold them.
 */
function readShort(view: DataView, start: number): number {
  const count = view.getUint16(start);
  const scale = view.getUint16(start + 6);
  if (count > 3 || scale > EXACT_DIGITS) return -1;
  let digits = 0;
  for (let i = 0; i < count; i++) {
    digits = digits * 10_000 + readDigit(view, start + HEADER_BYTES + i * 2);
  }
  // From as many decimal places as were sent to as many as are shown.
  const shift = scale - (count - 1 - view.getInt16(start + 2)) * 4;
  if (shift > EXACT_DIGITS || shift < -EXACT_DIGITS) return -1;
  const shown = shift < 0
    ? Math.floor(digits / POWERS_OF_TEN[-shift])
    : digits * POWERS_OF_TEN[shift];
  return shown < POWERS_OF_TEN[EXACT_DIGITS] ? shown : -1;
}

function formatShort(digits: number, scale: number): string {
  if (scale === 0) return String(digits);
  const integer = Math.floor(digits / POWERS_OF_TEN[scale]);
  const fraction = String(digits - integer * POWERS_OF_TEN[scale]);
  return `${integer}.${ZEROS.slice(fraction.length, scale)}${fraction}`;
}

function writeNumeric(value: unknown, writer: ByteWriter): void {
  const text = typeof value === "string" ? value : checkNumeric(value);
  if (!writeShort(text, writer)) writeAnyNumeric(checkNumeric(text), writer);
}

/** Writes digits with or without a point, if they are not too many; false for all else. */
function writeShort(text: string, writer: ByteWriter): boolean {
  if (text.length > MAX_SHORT_TEXT) return false;
  const negative = text.charCodeAt(0) === MINUS;
  const first = negative ? 1 : 0;
  let digits = 0;
  let point = -1;
  for (let at = first; at < text.length; at++) {
    const digit = text.charCodeAt(at) ^ 0x30;
    if (digit <= 9) {
      digits = digits * 10 + digit;
    } else {
      if (text.charCodeAt(at) !== POINT || point >= 0) return false;
      point = at;
    }
  }
  const scale = point < 0 ? 0 : text.length - point - 1;
  if (text.length - first - (point < 0 ? 0 : 1) < 1) return false;
  const groupsBehindPoint = Math.ceil(scale / 4);
  writeGroups(writer, digits * POWERS_OF_TEN[groupsBehindPoint * 4 - scale], {
    weight: -groupsBehindPoint,
    sign: negative ? NEGATIVE : 0,
    scale,
  });
  return true;
}

interface ShortHeader {
  /** Of the last group of four digits. */
  readonly weight: number;
  readonly sign: number;
  readonly scale: number;
}

function writeGroups(writer: ByteWriter, digits: number, header: ShortHeader): void {
  const { weight, sign, scale } = header;
  if (digits === 0) return writeHeader(writer, { count: 0, weight: 0, sign: 0, scale });
  let rest = digits;
  let zeros = 0;
  for (; rest % 10_000 === 0; zeros++) rest /= 10_000;
  let count = 1;
  let worth = 1;
  for (; rest >= worth * 10_000; count++) worth *= 10_000;
  writeHeader(writer, { count, weight: weight + zeros + count - 1, sign, scale });
  for (; worth >= 1; worth /= 10_000) {
    const group = Math.floor(rest / worth);
    rest -= group * worth;
    writer.writeInt16(group);
  }
}

function checkNumeric(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string" && isNumericText(value)) return value;
  throw unfit("numeric", value, "a string of decimal digits, a number or a bigint");
}
