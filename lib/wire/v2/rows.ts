/**
 * Encodes rows of 2.0.
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";

/** Writes one row of texts; NULL is null. */
export function encodeAsciiRow(values: readonly (Uint8Array | null)[], writer: ByteWriter): void {
  writer.writeText("D");
  writeBitmap(values, writer);
  for (const value of values) {
    if (value === null) continue;
    // The size counts itself, in an AsciiRow only.
    writer.writeInt32(value.length + 4);
    writer.writeBytes(value);
  }
}

/** Writes one row of binary values; NULL is null. */
export function encodeBinaryRow(values: readonly (Uint8Array | null)[], writer: ByteWriter): void {
  writer.writeText("B");
  writeBitmap(values, writer);
  for (const value of values) {
    if (value === null) continue;
    writer.writeInt32(value.length);
    writer.writeBytes(value);
  }
}

/** One bit a field, the highest first; set: not NULL. */
function writeBitmap(values: readonly (Uint8Array | null)[], writer: ByteWriter): void {
  for (let first = 0; first < values.length; first += 8) {
    let bits = 0;
    for (let i = 0; i < 8; i++) if ((values[first + i] ?? null) !== null) bits |= 0x80 >> i;
    writer.writeByte(bits);
  }
}
