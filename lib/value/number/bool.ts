/**
 * bool as boolean.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, malformed, unfit } from "../codec_error.ts";
import type { ByteWriter } from "../../bytes/byte_writer.ts";

/** bool: `true` and `false`. */
export const boolCodec: Codec<boolean> = {
  name: "bool",
  decodeText({ bytes }: FieldSource, start: number, end: number): boolean {
    checkLength("bool", end - start, 1);
    if (bytes[start] === 0x74) return true;
    if (bytes[start] === 0x66) return false;
    throw malformed("bool", "neither t nor f");
  },
  decodeBinary({ bytes }: FieldSource, start: number, end: number): boolean {
    checkLength("bool", end - start, 1);
    return bytes[start] !== 0;
  },
  encodeText(value: unknown): string {
    return check(value) ? "t" : "f";
  },
  encodeBinary(value: unknown, writer: ByteWriter): void {
    writer.writeByte(check(value) ? 1 : 0);
  },
};

function check(value: unknown): boolean {
  if (typeof value !== "boolean") throw unfit("bool", value, "a boolean");
  return value;
}
