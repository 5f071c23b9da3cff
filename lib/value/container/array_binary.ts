// Hot path (bench/values_bench.ts, int4[]).
// Unusual: all elements are read in one loop, whatever the dimensions, and put into inner arrays
// only then; nothing is made that most arrays, of one dimension from 1 on, have no use for.
// Gain, minima, an array of seven int4 with one loop a type (fixed_elements.ts): reading 227 to
// 50 ns on Deno 2.9.6, 149 to 44 on Bun 1.4.5; writing 643 to 300 and 741 to 195; text[] of four:
// 491 to 440 and 517 to 400 (2026-11-24). Undo it if under 1.2x.
// Plain twin: ArrayTextReader, which goes down level by level; the tests give both the same arrays.

/**
 * The binary form of arrays (arrayfuncs.c, array_send): the count of dimensions,
 * a flag, the element type, length and lower bound of each dimension, and the
 * elements, each behind its length, -1 for NULL.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { type ArrayShape, MAX_DIMENSIONS, withLowerBounds } from "./array_shape.ts";
import type { Decode, FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";
import { fixedElements, type WriteElements } from "./fixed_elements.ts";

const HEADER_BYTES = 12;
const DIMENSION_BYTES = 8;

/** What is known of the array before its bytes are read. */
export interface ArrayBinaryOptions {
  readonly typeName: string;
  readonly elementOid: number;
  readonly decode: Decode;
}

type Field = readonly [start: number, end: number];

/**
 * Makes what reads the bytes of arrays. `keepDepth` true: elements may be arrays, so that an
 * array of more than one dimension has its lower bounds to tell them.
 */
export function arrayBinaryDecoder(
  options: ArrayBinaryOptions & { readonly keepDepth: boolean },
): Decode<unknown[]> {
  const { elementOid, keepDepth } = options;
  const fixed = fixedElements(options.decode);
  return (source: FieldSource, start: number, end: number): unknown[] => {
    const { view } = source;
    if (fixed !== undefined && isUsual(view, start, end)) {
      const first = start + HEADER_BYTES + DIMENSION_BYTES;
      const sameSize = end - first === view.getInt32(start + HEADER_BYTES) * fixed.stride;
      const elements = sameSize && view.getUint32(start + 8) === elementOid &&
        fixed.read(view, first, end);
      if (elements) return elements;
    }
    const count = countElements(view, [start, end], options);
    const dimensions = view.getInt32(start);
    const elements = readElements(source, [start, end], { count, options });
    const counted = countsFromOne(view, start);
    if (dimensions <= 1 && counted) return elements;
    const array = nest(elements, readLengths(view, start));
    if (counted && !keepDepth) return array;
    return withLowerBounds(array, readBounds(view, start));
  };
}

/** True for one dimension that counts from 1 and has elements. */
function isUsual(view: DataView, start: number, end: number): boolean {
  return end - start > HEADER_BYTES + DIMENSION_BYTES && view.getInt32(start) === 1 &&
    view.getInt32(start + HEADER_BYTES + 4) === 1;
}

/** Checks all that stands before the elements. */
function countElements(view: DataView, [start, end]: Field, options: ArrayBinaryOptions): number {
  const { typeName, elementOid } = options;
  if (end - start < HEADER_BYTES) throw malformed(typeName, "its header is cut short");
  const dimensions = view.getInt32(start);
  if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
    throw malformed(typeName, `${dimensions} dimensions`);
  }
  const sentOid = view.getUint32(start + 8);
  if (sentOid !== elementOid) {
    throw malformed(typeName, `elements of type ${sentOid}, expected ${elementOid}`);
  }
  const first = start + HEADER_BYTES + dimensions * DIMENSION_BYTES;
  if (first > end) throw malformed(typeName, "its header is cut short");
  let count = dimensions === 0 ? 0 : 1;
  for (let at = start + HEADER_BYTES; at < first; at += DIMENSION_BYTES) {
    const length = view.getInt32(at);
    if (length < 1) throw malformed(typeName, `a dimension of length ${length}`);
    count *= length;
  }
  // Each element has a length word: nothing is allocated for more than were sent.
  if (count > (end - first) / 4) {
    throw malformed(typeName, `${count} elements in ${end - first} bytes`);
  }
  return count;
}

function countsFromOne(view: DataView, start: number): boolean {
  const first = firstElement(view, start);
  for (let at = start + HEADER_BYTES + 4; at < first; at += DIMENSION_BYTES) {
    if (view.getInt32(at) !== 1) return false;
  }
  return true;
}

function firstElement(view: DataView, start: number): number {
  return start + HEADER_BYTES + view.getInt32(start) * DIMENSION_BYTES;
}

function readElements(
  source: FieldSource,
  [start, end]: Field,
  { count, options }: { readonly count: number; readonly options: ArrayBinaryOptions },
): unknown[] {
  const { view } = source;
  const { decode } = options;
  const elements: unknown[] = [];
  let at = firstElement(view, start);
  for (let i = 0; i < count; i++) {
    const from = at + 4;
    const length = from <= end ? view.getInt32(at) : -2;
    if (length === -1) {
      elements.push(null);
      at = from;
      continue;
    }
    if (length < 0 || length > end - from) {
      throw malformed(options.typeName, "an element is cut short");
    }
    at = from + length;
    elements.push(decode(source, from, at));
  }
  if (at !== end) throw malformed(options.typeName, `${end - at} bytes are left`);
  return elements;
}

function readLengths(view: DataView, start: number): number[] {
  return readWords(view, start, HEADER_BYTES);
}

function readBounds(view: DataView, start: number): number[] {
  return readWords(view, start, HEADER_BYTES + 4);
}

/** The word of each dimension that stands so many bytes behind the array's start. */
function readWords(view: DataView, start: number, offset: number): number[] {
  const words: number[] = [];
  const first = firstElement(view, start);
  for (let at = start + offset; at < first; at += DIMENSION_BYTES) words.push(view.getInt32(at));
  return words;
}

/** Puts elements that stand in a row into inner arrays, the innermost first. */
function nest(elements: unknown[], lengths: readonly number[]): unknown[] {
  let items = elements;
  for (let level = lengths.length - 1; level > 0; level--) {
    const groups: unknown[] = [];
    for (let at = 0; at < items.length; at += lengths[level]) {
      groups.push(items.slice(at, at + lengths[level]));
    }
    items = groups;
  }
  return items;
}

/** How elements are written. */
export interface ElementWriting {
  readonly oid: number;
  /** Writes an element's own binary form. */
  encode(value: unknown, writer: ByteWriter): void;
  /** Does the same for all at once. */
  readonly writeFixed?: WriteElements;
}

/** Writes the binary form of an array. */
export function writeArray(
  { dimensions, lowerBounds, elements }: ArrayShape,
  writer: ByteWriter,
  { oid, encode, writeFixed }: ElementWriting,
): void {
  writer.writeInt32(dimensions.length);
  writer.writeInt32(elements.includes(null) ? 1 : 0);
  writer.writeInt32(oid);
  for (let i = 0; i < dimensions.length; i++) {
    writer.writeInt32(dimensions[i]);
    writer.writeInt32(lowerBounds[i]);
  }
  if (writeFixed) return writeFixed(elements, writer);
  for (const value of elements) {
    if (value === null) {
      writer.writeInt32(-1);
      continue;
    }
    const lengthAt = writer.reserveInt32();
    encode(value, writer);
    writer.patchInt32(lengthAt, writer.length - lengthAt - 4);
  }
}
