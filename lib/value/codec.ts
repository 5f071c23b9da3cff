/**
 * What a value codec is.
 *
 * @module
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";

/** Bytes that hold fields, and the ways to look at them. One object a run of rows. */
export interface FieldSource {
  readonly bytes: Uint8Array;
  /** Over the same bytes, offset 0 to offset 0. */
  readonly view: DataView;
  /** The text that stands between two offsets (UTF-8). */
  text(start: number, end: number): string;
}

/** Reads one field that is not NULL. */
export type Decode<T = unknown> = (source: FieldSource, start: number, end: number) => T;

/** How the values of one PostgreSQL type are read and written. */
export interface Codec<T = unknown> {
  /** PostgreSQL's name of the type, as in pg_type. */
  readonly name: string;
  readonly decodeText: Decode<T>;
  /** Absent: the type is asked for in text. */
  readonly decodeBinary?: Decode<T>;
  /**
   * PostgreSQL's text form of a value.
   *
   * @throws {TypeError | RangeError} when the value is not one of this type
   */
  encodeText(value: unknown): string;
  /**
   * Writes the binary form, without a length. Absent: parameters go as text.
   *
   * @throws {TypeError | RangeError} when the value is not one of this type
   */
  encodeBinary?(value: unknown, writer: ByteWriter): void;
}
