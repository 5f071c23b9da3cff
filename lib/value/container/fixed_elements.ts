// Hot path (bench/values_bench.ts, int4[]).
// Unusual: a loop for each of the three types that long arrays are made of, instead of a call of
// the codec for each element.
// Gain, minima, an array of seven int4 on Deno 2.9.6: reading 120 to 46 ns, writing 597 to 411
// (2026-11-24). Undo it if both are under 1.3x.
// Plain twin: readElements() and writeArray() of array_binary.ts, which do all that is left by this.

/**
 * Reads the elements of arrays of int4, int8 and float8 that have no NULLs, and writes such.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, Decode } from "../codec.ts";
import { float8Codec } from "../number/float.ts";
import { int4Codec, int8Codecs } from "../number/integer.ts";

const LENGTH_BYTES = 4;

/** Elements of one size, each behind its length. */
export interface FixedElements {
  /** Of an element with its length. */
  readonly stride: number;
  /** Undefined when a length is another. The bytes must be a multiple of `stride`. */
  read(view: DataView, start: number, end: number): unknown[] | undefined;
}

const int4Elements: FixedElements = {
  stride: LENGTH_BYTES + 4,
  read(view: DataView, start: number, end: number): number[] | undefined {
    const elements: number[] = [];
    for (let at = start; at < end; at += LENGTH_BYTES + 4) {
      if (view.getInt32(at) !== 4) return undefined;
      elements.push(view.getInt32(at + LENGTH_BYTES));
    }
    return elements;
  },
};

const int8Elements: FixedElements = {
  stride: LENGTH_BYTES + 8,
  read(view: DataView, start: number, end: number): bigint[] | undefined {
    const elements: bigint[] = [];
    for (let at = start; at < end; at += LENGTH_BYTES + 8) {
      if (view.getInt32(at) !== 8) return undefined;
      elements.push(view.getBigInt64(at + LENGTH_BYTES));
    }
    return elements;
  },
};

const float8Elements: FixedElements = {
  stride: LENGTH_BYTES + 8,
  read(view: DataView, start: number, end: number): number[] | undefined {
    const elements: number[] = [];
    for (let at = start; at < end; at += LENGTH_BYTES + 8) {
      if (view.getInt32(at) !== 8) return undefined;
      elements.push(view.getFloat64(at + LENGTH_BYTES));
    }
    return elements;
  },
};

/** What does the same as the codec's function for each element, if there is such. */
export function fixedElements(decode: Decode): FixedElements | undefined {
  if (decode === int4Codec.decodeBinary) return int4Elements;
  if (decode === int8Codecs.bigint.decodeBinary) return int8Elements;
  return decode === float8Codec.decodeBinary ? float8Elements : undefined;
}

/** Writes elements, each behind its length, -1 for NULL. */
export type WriteElements = (elements: readonly unknown[], writer: ByteWriter) => void;

// The codec's function is named in each, so that the call of it can be inlined.

function writeInt4s(elements: readonly unknown[], writer: ByteWriter): void {
  for (const element of elements) {
    writer.writeInt32(element === null ? -1 : 4);
    if (element !== null) int4Codec.encodeBinary!(element, writer);
  }
}

function writeInt8s(elements: readonly unknown[], writer: ByteWriter): void {
  for (const element of elements) {
    writer.writeInt32(element === null ? -1 : 8);
    if (element !== null) int8Codecs.bigint.encodeBinary!(element, writer);
  }
}

function writeFloat8s(elements: readonly unknown[], writer: ByteWriter): void {
  for (const element of elements) {
    writer.writeInt32(element === null ? -1 : 8);
    if (element !== null) float8Codec.encodeBinary!(element, writer);
  }
}

/** What does the same as the codec's function behind a length for each element, if there is such. */
export function fixedElementsWriter(encode: Codec["encodeBinary"]): WriteElements | undefined {
  if (encode === int4Codec.encodeBinary) return writeInt4s;
  if (encode === int8Codecs.bigint.encodeBinary) return writeInt8s;
  return encode === float8Codec.encodeBinary ? writeFloat8s : undefined;
}
