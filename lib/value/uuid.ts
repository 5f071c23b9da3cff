/**
 * uuid as a string of 36 characters, lower case.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { checkLength, unfit } from "./codec_error.ts";

const PATTERN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** uuid: a string. */
export const uuidCodec: Codec<string> = {
  name: "uuid",
  decodeText(source: FieldSource, start: number, end: number): string {
    checkLength("uuid", end - start, 36);
    return source.text(start, end);
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): string {
    checkLength("uuid", end - start, 16);
    const first = hex32(view.getUint32(start));
    const second = hex32(view.getUint32(start + 4));
    const third = hex32(view.getUint32(start + 8));
    const fourth = hex32(view.getUint32(start + 12));
    return `${first}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-` +
      third.slice(4) + fourth;
  },
  encodeText: (value: unknown): string => check(value),
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const digits = check(value).replaceAll("-", "");
    for (let at = 0; at < 32; at += 8) {
      writer.writeInt32(Number.parseInt(digits.slice(at, at + 8), 16));
    }
  },
};

function hex32(value: number): string {
  return value.toString(16).padStart(8, "0");
}

function check(value: unknown): string {
  if (typeof value === "string" && PATTERN.test(value)) return value;
  throw unfit("uuid", value, "a string of the form 00000000-0000-0000-0000-000000000000");
}
