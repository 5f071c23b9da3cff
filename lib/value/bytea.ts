/**
 * bytea as Uint8Array.
 *
 * What is decoded is a copy: a row outlives the chunk it came in, and a view of
 * a few bytes would hold the whole chunk (up to 512 kB) in memory. Who wants
 * views reads the field's offsets.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { malformed, unfit } from "./codec_error.ts";

const BACKSLASH = 0x5c;
const LOWER_X = 0x78;

/** bytea: a Uint8Array of its own. */
export const byteaCodec: Codec<Uint8Array> = {
  name: "bytea",
  decodeText({ bytes }: FieldSource, start: number, end: number): Uint8Array {
    const hex = bytes[start] === BACKSLASH && bytes[start + 1] === LOWER_X && end - start >= 2;
    return hex ? decodeHex(bytes, start + 2, end) : decodeEscaped(bytes, start, end);
  },
  decodeBinary: copyBytes,
  encodeText: (value: unknown): string => formatHex(check(value)),
  encodeBinary: (value: unknown, writer: ByteWriter): void => writer.writeBytes(check(value)),
};

/** The field as it came, copied: a plain Uint8Array also where the source is a Buffer. */
export function copyBytes({ bytes }: FieldSource, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

/** PostgreSQL's hex form: `\x` and two digits a byte. */
export function formatHex(bytes: Uint8Array): string {
  let text = "\\x";
  for (const byte of bytes) text += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
  return text;
}

function check(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw unfit("bytea", value, "a Uint8Array");
}

function decodeHex(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if ((end - start) % 2 !== 0) throw malformed("bytea", "an odd count of hex digits");
  const decoded = new Uint8Array((end - start) / 2);
  for (let i = 0, at = start; i < decoded.length; i++, at += 2) {
    decoded[i] = hexDigit(bytes[at]) * 16 + hexDigit(bytes[at + 1]);
  }
  return decoded;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  throw malformed("bytea", "not a hex digit");
}

/** `bytea_output = escape`, the only form before 9.0: `\\` and `\ooo` stand for a byte. */
function decodeEscaped(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const decoded = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] !== BACKSLASH) {
      decoded[length++] = bytes[at];
    } else if (at + 1 < end && bytes[at + 1] === BACKSLASH) {
      decoded[length++] = BACKSLASH;
      at += 1;
    } else {
      decoded[length++] = readOctal(bytes, at + 1, end);
      at += 3;
    }
  }
  return decoded.slice(0, length);
}

function readOctal(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < start + 3; at++) {
    const digit = at < end ? bytes[at] - 0x30 : -1;
    if (digit < 0 || digit > 7) throw malformed("bytea", "a backslash without three octal digits");
    value = value * 8 + digit;
  }
  if (value > 255) throw malformed("bytea", "an octal escape over 377");
  return value;
}
