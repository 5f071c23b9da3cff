/**
 * The text family: text, varchar, bpchar, name, "char" and unknown, as string.
 *
 * Numbers, bigints and booleans are taken too, as PostgreSQL's text of them:
 * `select $1` makes its parameter a text.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { unfit } from "./codec_error.ts";

/** A codec of a type whose binary form is its text, as it is for the whole family. */
export function textCodec(name: string): Codec<string> {
  return {
    name,
    decodeText,
    decodeBinary: decodeText,
    takesStrings: true,
    encodeText: (value: unknown): string => formatScalar(name, value),
    encodeBinary: (value: unknown, writer: ByteWriter): void =>
      writer.writeText(formatScalar(name, value)),
  };
}

/**
 * "char": one byte. Only its text is asked for: there a byte that is no ASCII
 * comes as `\ooo` (15+), and zero as nothing.
 */
export const charCodec: Codec<string> = {
  name: "char",
  decodeText,
  encodeText: (value: unknown): string => formatScalar("char", value),
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

function decodeText(source: FieldSource, start: number, end: number): string {
  return source.text(start, end);
}

function formatScalar(name: string, value: unknown): string {
  if (typeof value === "string") return checkText(name, value);
  if (typeof value === "boolean") return String(value); // Both bool and json take it so.
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  throw unfit(name, value, "a string");
}
