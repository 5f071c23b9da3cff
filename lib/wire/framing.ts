/**
 * Writing the frame of a message of 3.x: type byte, length, body.
 *
 * @module
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";

/** Writes the type byte and leaves room for the length, whose position it gives. */
export function beginMessage(type: string, writer: ByteWriter): number {
  writer.writeByte(type.charCodeAt(0));
  return writer.reserveInt32();
}

/** Fills in the length, which counts itself but not the type byte. */
export function endMessage(position: number, writer: ByteWriter): void {
  writer.patchInt32(position, writer.length - position);
}

/** Writes a message whose body is empty. */
export function writeEmptyMessage(type: string, writer: ByteWriter): void {
  writer.writeByte(type.charCodeAt(0));
  writer.writeInt32(4);
}

/** Runs `write`; when it fails, what it has written is undone. */
export function writeWhole(writer: ByteWriter, write: () => void): void {
  const length = writer.length;
  try {
    write();
  } catch (error) {
    writer.truncate(length);
    throw error;
  }
}
