/**
 * json and jsonb, parsed.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { malformed } from "./codec_error.ts";

// jsonb_send (jsonb.c) puts a version before the text; there has been no other.
const JSONB_VERSION = 1;

/** json: what `JSON.parse` makes of it. */
export const jsonCodec: Codec = {
  name: "json",
  decodeText: decodeJson,
  decodeBinary: decodeJson,
  takesStrings: true,
  takesArrays: true,
  encodeText: (value: unknown): string => formatJson("json", value),
  encodeBinary: (value: unknown, writer: ByteWriter): void =>
    writer.writeText(formatJson("json", value)),
};

/** jsonb: what `JSON.parse` makes of it. */
export const jsonbCodec: Codec = {
  name: "jsonb",
  decodeText: decodeJson,
  decodeBinary(source: FieldSource, start: number, end: number): unknown {
    const version = start < end ? source.bytes[start] : "none";
    if (version !== JSONB_VERSION) {
      throw malformed("jsonb", `version ${version}, expected ${JSONB_VERSION}`);
    }
    return decodeJson(source, start + 1, end);
  },
  takesStrings: true,
  takesArrays: true,
  encodeText: (value: unknown): string => formatJson("jsonb", value),
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const text = formatJson("jsonb", value);
    writer.writeByte(JSONB_VERSION);
    writer.writeText(text);
  },
};

function decodeJson(source: FieldSource, start: number, end: number): unknown {
  const text = source.text(start, end);
  try {
    return JSON.parse(text);
  } catch {
    // The SyntaxError quotes the text, so it is not kept as the cause.
    throw malformed("json", "its text is no JSON");
  }
}

/** The JSON text of a value; what JSON has no form for is an error, never dropped whole. */
export function formatJson(typeName: string, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new TypeError(`Cannot encode ${typeName}: the value has no JSON form`, { cause });
  }
  if (text === undefined) {
    throw new TypeError(`Cannot encode ${typeName}: a ${typeof value} has no JSON form`);
  }
  return text;
}
