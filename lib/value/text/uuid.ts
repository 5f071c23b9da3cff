// Hot path (bench/values_bench.ts, uuid).
// Unusual: the 36 characters go to one call of String.fromCharCode(), which makes one flat text;
// pieces that are joined make a rope, which costs as much again when it is first read.
// Gain over words padded with zeros, minima of decoding, the text read: 900 to 81 ns on Deno 2.9.6,
// 501 to 153 on Bun 1.4.5 (2026-11-24). Undo it if under 1.5x.
// Plain twin: tests/value/scalar_codecs_test.ts.

/**
 * uuid as a string of 36 characters, lower case.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, unfit } from "../codec_error.ts";

const HYPHEN = 0x2d;
const TEXT_LENGTH = 36;

/** The codes of the sixteen digits. */
const DIGITS: Uint8Array = /* @__PURE__ */ Uint8Array.from(
  "0123456789abcdef",
  (digit) => digit.charCodeAt(0),
);

/**
 * uuid: a string of the form 00000000-0000-0000-0000-000000000000, lower case. Takes capital
 * letters too.
 */
export const uuidCodec: Codec<string> = {
  name: "uuid",
  decodeText(source: FieldSource, start: number, end: number): string {
    checkLength("uuid", end - start, TEXT_LENGTH);
    return source.text(start, end);
  },
  decodeBinary({ bytes }: FieldSource, start: number, end: number): string {
    checkLength("uuid", end - start, 16);
    return formatUuid(bytes, start);
  },
  encodeText: checkUuid,
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const text = checkUuid(value);
    writer.writeInt32(readHex(text, 0) << 16 | readHex(text, 4));
    writer.writeInt32(readHex(text, 9) << 16 | readHex(text, 14));
    writer.writeInt32(readHex(text, 19) << 16 | readHex(text, 24));
    writer.writeInt32(readHex(text, 28) << 16 | readHex(text, 32));
  },
};

// deno-fmt-ignore
function formatUuid(b: Uint8Array, at: number): string {
  const d = DIGITS;
  return String.fromCharCode(
    d[b[at] >> 4], d[b[at] & 15], d[b[at + 1] >> 4], d[b[at + 1] & 15],
    d[b[at + 2] >> 4], d[b[at + 2] & 15], d[b[at + 3] >> 4], d[b[at + 3] & 15], HYPHEN,
    d[b[at + 4] >> 4], d[b[at + 4] & 15], d[b[at + 5] >> 4], d[b[at + 5] & 15], HYPHEN,
    d[b[at + 6] >> 4], d[b[at + 6] & 15], d[b[at + 7] >> 4], d[b[at + 7] & 15], HYPHEN,
    d[b[at + 8] >> 4], d[b[at + 8] & 15], d[b[at + 9] >> 4], d[b[at + 9] & 15], HYPHEN,
    d[b[at + 10] >> 4], d[b[at + 10] & 15], d[b[at + 11] >> 4], d[b[at + 11] & 15],
    d[b[at + 12] >> 4], d[b[at + 12] & 15], d[b[at + 13] >> 4], d[b[at + 13] & 15],
    d[b[at + 14] >> 4], d[b[at + 14] & 15], d[b[at + 15] >> 4], d[b[at + 15] & 15],
  );
}

function checkUuid(value: unknown): string {
  if (typeof value === "string" && isUuid(value)) return value;
  throw unfit("uuid", value, "a string of the form 00000000-0000-0000-0000-000000000000");
}

function isUuid(text: string): boolean {
  if (text.length !== TEXT_LENGTH) return false;
  for (const at of [8, 13, 18, 23]) if (text.charCodeAt(at) !== HYPHEN) return false;
  // Negative as soon as one of them is.
  const groups = readHex(text, 0) | readHex(text, 4) | readHex(text, 9) | readHex(text, 14) |
    readHex(text, 19) | readHex(text, 24) | readHex(text, 28) | readHex(text, 32);
  return groups >= 0;
}

/** What four digits are worth; negative where one is none. */
function readHex(text: string, at: number): number {
  return digitAt(text, at) << 12 | digitAt(text, at + 1) << 8 | digitAt(text, at + 2) << 4 |
    digitAt(text, at + 3);
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
