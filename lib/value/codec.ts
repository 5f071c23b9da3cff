/**
 * What a value codec is.
 *
 * @module
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";

/** Bytes that hold fields, and the ways to look at them. One object a run of rows. */
export interface FieldSource {
  /** Others' fields too: only what stands between the offsets of a field is that field. */
  readonly bytes: Uint8Array;
  /** Over the same bytes, offset 0 to offset 0. */
  readonly view: DataView;
  /** The text that stands between two offsets (UTF-8). */
  text(start: number, end: number): string;
}

/** Reads one field that is not NULL. */
export type Decode<T = unknown> = (source: FieldSource, start: number, end: number) => T;

/**
 * How the values of one PostgreSQL type are read and written.
 *
 * Text and binary give the same value, and what was read can be written: as text or as
 * binary it is the same value to the server.
 */
export interface Codec<T = unknown> {
  /** PostgreSQL's name of the type, as in pg_type. */
  readonly name: string;
  /** Reads PostgreSQL's text form, UTF-8. */
  readonly decodeText: Decode<T>;
  /** Absent: the bytes cannot be read, and the type is asked for in text. */
  readonly decodeBinary?: Decode<T>;
  /**
   * True where text says more than the bytes, or costs less: the type is asked for in text,
   * and the bytes are only read where nobody can choose (binary cursors).
   */
  readonly prefersText?: boolean;
  /**
   * True where a string is a value like any other (text, json). Elsewhere a string is the
   * text form of a value, is sent as it is, and never comes to `encodeText` or `encodeBinary`.
   */
  readonly takesStrings?: boolean;
  /** True where a value may itself be an array (json, multiranges), so that arrays of it tell their depth. */
  readonly takesArrays?: boolean;
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
  /**
   * Of containers: false when something inside of the value is given in its text form, so that
   * the whole must go as text. Absent: nothing is inside.
   */
  fitsBinary?(value: unknown): boolean;
}

/** A type inside of another: the elements of an array, the attributes of a composite. */
export interface MemberType {
  /** As pg_type has it. */
  readonly oid: number;
  /** Of the member's own type. */
  readonly codec: Codec;
}
