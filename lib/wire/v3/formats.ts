/**
 * Format codes and counts of 3.x.
 *
 * @module
 */

import type { ByteReader } from "../../bytes/byte_reader.ts";
import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { ProtocolError } from "../../errors.ts";
import type { Format } from "../message.ts";

/** Checks that a number is a format code. */
export function formatOf(code: number): Format {
  if (code !== 0 && code !== 1) throw new ProtocolError(`format code ${code} is unknown`);
  return code;
}

/** Reads an Int16 count and so many Int16 format codes. */
export function readFormats(reader: ByteReader): Format[] {
  const formats: Format[] = [];
  for (let left = reader.readCount(2); left > 0; left--) formats.push(formatOf(reader.readInt16()));
  return formats;
}

/** Writes an Int16 count and so many Int16 format codes. */
export function writeFormats(formats: readonly Format[], writer: ByteWriter): void {
  writeCount(formats.length, writer);
  for (const format of formats) writer.writeInt16(format);
}

/** Writes an Int16 count, which PostgreSQL reads as unsigned. */
export function writeCount(count: number, writer: ByteWriter): void {
  if (count > 0xffff) {
    throw new RangeError(`Cannot send ${count} items: at most 65535 fit a message`);
  }
  writer.writeInt16(count);
}

/** Reads an Int16 count and so many OIDs. */
export function readOids(reader: ByteReader): number[] {
  const oids: number[] = [];
  for (let left = reader.readCount(4); left > 0; left--) oids.push(reader.readUint32());
  return oids;
}

/** Writes an Int16 count and so many OIDs. */
export function writeOids(oids: readonly number[], writer: ByteWriter): void {
  writeCount(oids.length, writer);
  for (const oid of oids) writer.writeInt32(oid);
}

/** Writes a length and so many bytes; NULL is length -1. */
export function writeValue(value: Uint8Array | null, writer: ByteWriter): void {
  if (value === null) return writer.writeInt32(-1);
  writer.writeInt32(value.length);
  writer.writeBytes(value);
}
