/**
 * json and jsonb: parsed, parsed with every digit, or as text.
 *
 * The binary form of json is its text; jsonb has a version before it (jsonb.c, jsonb_send).
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, Decode, FieldSource } from "../codec.ts";
import { malformed, unfit } from "../codec_error.ts";
import { parseExactJson } from "./exact_json.ts";
import { JsonNumber, stringifyKeepsDigits } from "./json_number.ts";
import { writeJson } from "./json_writer.ts";
import type { TypeShapes } from "../registry/type_shapes.ts";

const JSONB_VERSION = 1;

/** The choices for both types. */
export type JsonShape = NonNullable<TypeShapes["json"]>;

/**
 * json by shape.
 *
 * - `parsed`: what `JSON.parse` makes of it; numbers round to 64 bits.
 * - `exact`: the same with every digit: a number where its shortest form says the same as the
 *   text, else a bigint for integers and a `JsonNumber` for others.
 * - `text`: a string, the server's text.
 *
 * When sent, a value of any shape is what `JSON.stringify` makes of it, bigints and `JsonNumber`s
 * with all their digits. A string is a JSON string, but in the shape `text` it is JSON text.
 * JSON's `null` alone is read as null, which is NULL when sent. `NaN` and the infinities become
 * JSON's null and `-0` becomes 0, as `JSON.stringify` has it.
 *
 * A value without a JSON form (undefined, a function, one that contains itself) is a `TypeError`.
 */
export const jsonCodecs: { readonly [Shape in JsonShape]: Codec } = {
  parsed: /* @__PURE__ */ parsingCodec("json", JSON.parse),
  exact: /* @__PURE__ */ parsingCodec("json", parseExactJson),
  text: /* @__PURE__ */ verbatimCodec("json"),
};

/** jsonb by shape: as {@linkcode jsonCodecs}. */
export const jsonbCodecs: { readonly [Shape in JsonShape]: Codec } = {
  parsed: /* @__PURE__ */ parsingCodec("jsonb", JSON.parse),
  exact: /* @__PURE__ */ parsingCodec("jsonb", parseExactJson),
  text: /* @__PURE__ */ verbatimCodec("jsonb"),
};

/** json, parsed. */
export const jsonCodec: Codec = jsonCodecs.parsed;

/** jsonb, parsed. */
export const jsonbCodec: Codec = jsonbCodecs.parsed;

function parsingCodec(name: string, parse: (text: string) => unknown): Codec {
  const decodeText = (source: FieldSource, start: number, end: number): unknown => {
    const text = source.text(start, end);
    try {
      return parse(text);
    } catch {
      // The SyntaxError quotes the text, so it is not kept as the cause.
      throw malformed(name, "its text is no JSON");
    }
  };
  return {
    name,
    decodeText,
    decodeBinary: name === "jsonb" ? behindVersion(decodeText) : decodeText,
    takesStrings: true,
    takesArrays: true,
    encodeText: (value: unknown): string => formatJson(name, value),
    encodeBinary(value: unknown, writer: ByteWriter): void {
      const text = formatJson(name, value);
      if (name === "jsonb") writer.writeByte(JSONB_VERSION);
      writer.writeText(text);
    },
  };
}

/** A string is JSON text and sent as it is; other values are what they are in other shapes. */
function verbatimCodec(name: string): Codec {
  const decodeText = (source: FieldSource, start: number, end: number): string =>
    source.text(start, end);
  return {
    ...parsingCodec(name, String),
    decodeText,
    decodeBinary: name === "jsonb" ? behindVersion(decodeText) : decodeText,
    takesStrings: false,
  };
}

function behindVersion<T>(decode: Decode<T>): Decode<T> {
  return (source, start, end) => {
    const version = start < end ? source.bytes[start] : "none";
    if (version !== JSONB_VERSION) {
      throw malformed("jsonb", `version ${version}, expected ${JSONB_VERSION}`);
    }
    return decode(source, start + 1, end);
  };
}

/**
 * The JSON text of a value; what JSON has no form for is an error, never dropped whole.
 *
 * @throws {TypeError} when there is no JSON form of it
 */
export function formatJson(typeName: string, value: unknown): string {
  let text: string | undefined;
  try {
    text = stringify(value);
  } catch (cause) {
    throw new TypeError(`Cannot encode ${typeName}: the value has no JSON form`, { cause });
  }
  if (text === undefined) throw unfit(typeName, value, "a value that has a JSON form");
  return text;
}

function stringify(value: unknown): string | undefined {
  try {
    if (stringifyKeepsDigits || !holdsJsonNumber(value)) return JSON.stringify(value);
  } catch {
    // A bigint, or nested too deeply for the stack; what else it is, the writer meets again.
  }
  return writeJson(value);
}

function holdsJsonNumber(value: unknown): boolean {
  let found = false;
  JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, member) {
    found ||= this[key] instanceof JsonNumber; // The member itself is what its toJSON gave.
    return member;
  });
  return found;
}
