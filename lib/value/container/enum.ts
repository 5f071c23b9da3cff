/**
 * Enums, as strings.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec } from "../codec.ts";
import { unfit } from "../codec_error.ts";
import { checkText, readText } from "../text/text.ts";

/**
 * The codec of an enum: its label as a string, which is its text and its binary form.
 *
 * @throws {TypeError} when a value that is sent is no string
 */
export function enumCodec(name: string): Codec<string> {
  return {
    name,
    decodeText: readText,
    decodeBinary: readText,
    takesStrings: true,
    encodeText: (value: unknown): string => checkLabel(name, value),
    encodeBinary: (value: unknown, writer: ByteWriter): void =>
      writer.writeText(checkLabel(name, value)),
  };
}

function checkLabel(name: string, value: unknown): string {
  if (typeof value !== "string") throw unfit(name, value, "a string");
  return checkText(name, value);
}
