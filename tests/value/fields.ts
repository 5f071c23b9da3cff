/** Fields of text and bytes for the tests of codecs, and the ways back. */

import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { ByteSource } from "../../lib/value/field_source.ts";

// A field never stands alone: what is around it must not matter.
const BEFORE = 3;
const AROUND = 0xb5;

/** Bytes given as hex; spaces separate the manual's fields. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(" ", "");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function decodeText(codec: Codec, text: string): unknown {
  return decode(codec.decodeText, new TextEncoder().encode(text));
}

export function decodeBinary(codec: Codec, bytes: Uint8Array): unknown {
  return decode(codec.decodeBinary!, bytes);
}

export function encodeBinary(codec: Codec, value: unknown): Uint8Array {
  const writer = new ByteWriter(1);
  codec.encodeBinary!(value, writer);
  return writer.take();
}

function decode(read: Codec["decodeText"], field: Uint8Array): unknown {
  const bytes = new Uint8Array(field.length + BEFORE + 2).fill(AROUND);
  bytes.set(field, BEFORE);
  return read(new ByteSource(bytes), BEFORE, BEFORE + field.length);
}
