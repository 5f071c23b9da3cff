/**
 * The text family as string: text, varchar, bpchar, name, citext, refcursor, cstring, unknown
 * and "char".
 *
 * Numbers, bigints and booleans are taken too, as PostgreSQL's text of them:
 * `select $1` makes its parameter a text.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, outOfRange, unfit } from "../codec_error.ts";

/**
 * A codec of a type whose binary form is its text, as it is for the whole family: a string.
 *
 * A string that PostgreSQL has no form for (a zero byte, half a surrogate pair) is a TypeError
 * when it is sent; so is what is neither string, number, bigint nor boolean.
 */
export function textCodec(name: string): Codec<string> {
  return {
    name,
    decodeText: readText,
    decodeBinary: readText,
    takesStrings: true,
    encodeText: (value: unknown): string => formatScalar(name, value),
    encodeBinary: (value: unknown, writer: ByteWriter): void =>
      writer.writeText(formatScalar(name, value)),
  };
}

/**
 * "char", one byte, as a string of one ASCII character; zero is the empty string, and a byte over
 * 127 is `\ooo`, its octal digits, as 15 and later print it.
 *
 * Older servers print such a byte as it is, which is read just so where their encoding is UTF-8.
 * They do not take `\ooo` in text: sent to them as text (protocol 2.0), it is a backslash.
 *
 * Takes the same strings, and digits as numbers; more than one byte is a RangeError, where
 * PostgreSQL would drop the rest.
 */
export const charCodec: Codec<string> = {
  name: "char",
  decodeText(source: FieldSource, start: number, end: number): string {
    return end - start === 1 ? printByte(source.bytes[start]) : source.text(start, end);
  },
  decodeBinary({ bytes }: FieldSource, start: number, end: number): string {
    checkLength("char", end - start, 1);
    return printByte(bytes[start]);
  },
  takesStrings: true,
  encodeText: (value: unknown): string => printByte(readByte(value)),
  encodeBinary: (value: unknown, writer: ByteWriter): void => writer.writeByte(readByte(value)),
};

/**
 * Gives the text back when PostgreSQL can hold it.
 *
 * @throws {TypeError} for a zero byte or half a surrogate pair, which UTF-8 has no form for
 */
export function checkText(typeName: string, text: string): string {
  if (text.includes("\0")) {
    throw new TypeError(`Cannot encode ${typeName}: the text contains a zero byte`);
  }
  if (!text.isWellFormed()) {
    throw new TypeError(`Cannot encode ${typeName}: the text contains half a surrogate pair`);
  }
  return text;
}

/** The field as text. */
export function readText(source: FieldSource, start: number, end: number): string {
  return source.text(start, end);
}

function formatScalar(name: string, value: unknown): string {
  if (typeof value === "string") return checkText(name, value);
  if (typeof value === "boolean") return String(value); // Both bool and json take it so.
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  throw unfit(name, value, "a string");
}

function printByte(byte: number): string {
  if (byte === 0) return "";
  return byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`;
}

function readByte(value: unknown): number {
  const text = formatScalar("char", value);
  if (text === "") return 0;
  if (/^\\[0-3][0-7]{2}$/.test(text)) return Number.parseInt(text.slice(1), 8);
  const byte = text.charCodeAt(0);
  if (text.length > 1 || byte > 0x7f) throw outOfRange("char", "the text is more than one byte");
  return byte;
}
