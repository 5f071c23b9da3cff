/**
 * sparsevec of pgvector: the numbers that are not zero, and where they stand.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../../value/codec.ts";
import { checkLength, malformed, outOfRange, unfit } from "../../value/codec_error.ts";
import { shortestFloat } from "../../value/number/shortest_float.ts";
import { checkFloat, formatNumber, isList, parseNumber } from "./vector_number.ts";

/** SPARSEVEC_MAX_DIM and SPARSEVEC_MAX_NNZ of pgvector. */
const MAX_DIMENSIONS = 1_000_000_000;
const MAX_ELEMENTS = 16_000;

/** Int32 dimensions, Int32 elements, Int32 unused; see sparsevec.c, sparsevec_send. */
const HEADER_BYTES = 12;

/** `{1:1.5,4:2}` is indices 0 and 3. */
const TEXT = /^\{([^{}]*)\}\/(\d+)$/;

/** A vector that is zero but for some elements. */
export interface SparseVector {
  /** How long it is with its zeros. */
  dimensions: number;
  /**
   * Where the elements stand, counted from 0 as in arrays and in the server's binary form;
   * the server's text counts from 1. Ascending when they were read.
   */
  indices: number[];
  /** The element at each of the indices. */
  values: number[];
}

/**
 * sparsevec: a {@linkcode SparseVector}, its values as pgvector prints them.
 *
 * Takes such objects, with arrays or typed arrays in them. Indices may stand in any order, none
 * twice; elements that are zero are left out. At most 16000 may not be zero.
 *
 * @throws {TypeError | RangeError} when it is no such object, an index stands there twice or
 * beyond the dimensions, or a value is not finite, too large or too small
 */
export const sparsevec: Codec<SparseVector> = {
  name: "sparsevec",
  decodeText(source: FieldSource, start: number, end: number): SparseVector {
    const match = source.text(start, end).match(TEXT);
    if (!match) throw malformed("sparsevec", "its text has another form");
    const [, list, dimensions] = match;
    const elements = list === "" ? [] : list.split(",").map((element) => element.split(":"));
    if (elements.some(({ length }) => length !== 2)) {
      throw malformed("sparsevec", "an element has another form");
    }
    return {
      dimensions: Number(dimensions),
      indices: elements.map(([index]) => parseNumber("sparsevec", index) - 1),
      values: elements.map(([, value]) => parseNumber("sparsevec", value)),
    };
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): SparseVector {
    if (end - start < HEADER_BYTES) {
      throw malformed("sparsevec", `${end - start} bytes, expected more`);
    }
    const length = view.getUint32(start + 4);
    checkLength("sparsevec", end - start, HEADER_BYTES + length * 8);
    const indices = start + HEADER_BYTES;
    const values = indices + length * 4;
    return {
      dimensions: view.getInt32(start),
      indices: Array.from({ length }, (_, i) => view.getInt32(indices + i * 4)),
      values: Array.from({ length }, (_, i) => shortestFloat(view.getFloat32(values + i * 4))),
    };
  },
  encodeText(value: unknown): string {
    const { dimensions, elements } = check(value);
    const list = elements.map(({ index, float }) =>
      `${index + 1}:${formatNumber(shortestFloat(float))}`
    );
    return `{${list.join(",")}}/${dimensions}`;
  },
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const { dimensions, elements } = check(value);
    writer.writeInt32(dimensions);
    writer.writeInt32(elements.length);
    writer.writeInt32(0);
    for (const { index } of elements) writer.writeInt32(index);
    for (const { float } of elements) writer.writeFloat32(float);
  },
};

interface Element {
  readonly index: number;
  readonly float: number;
}

/** In the order of their indices, without zeros: sparsevec_recv takes no others. */
interface Checked {
  readonly dimensions: number;
  readonly elements: readonly Element[];
}

function check(value: unknown): Checked {
  const { dimensions, indices, values } = Object(value) as Record<keyof SparseVector, unknown>;
  if (typeof dimensions !== "number" || !isList(indices) || !isList(values)) {
    throw unfit("sparsevec", value, "an object with dimensions, indices and values");
  }
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw outOfRange("sparsevec", `dimensions must be an integer from 1 to ${MAX_DIMENSIONS}`);
  }
  if (indices.length !== values.length) {
    throw outOfRange("sparsevec", `${indices.length} indices but ${values.length} values`);
  }
  const all = Array.from(indices, (index, i) => ({
    index: checkIndex(index, dimensions),
    float: checkElement(values[i], i),
  })).sort((a, b) => a.index - b.index);
  if (all.some(({ index }, i) => i > 0 && index === all[i - 1].index)) {
    throw outOfRange("sparsevec", "an index stands there twice");
  }
  const elements = all.filter(({ float }) => float !== 0);
  if (elements.length > MAX_ELEMENTS) {
    throw outOfRange("sparsevec", `${elements.length} elements, expected up to ${MAX_ELEMENTS}`);
  }
  return { dimensions, elements };
}

function checkIndex(index: unknown, dimensions: number): number {
  if (typeof index !== "number") throw unfit("sparsevec", index, "a number as index");
  if (Number.isInteger(index) && index >= 0 && index < dimensions) return index;
  throw outOfRange("sparsevec", "an index is no integer from 0 to below the dimensions");
}

function checkElement(value: unknown, index: number): number {
  const float = checkFloat("sparsevec", value, index);
  if (float !== 0 || value === 0) return float;
  throw outOfRange("sparsevec", `the number at index ${index} is too small`);
}
