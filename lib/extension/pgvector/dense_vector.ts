/**
 * vector and halfvec of pgvector as arrays of numbers.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../../value/codec.ts";
import { checkLength, malformed, outOfRange, unfit } from "../../value/codec_error.ts";
import { shortestFloat } from "../../value/number/shortest_float.ts";
import { halfFromFloat, halfToNumber, isHalfFinite } from "./half_float.ts";
import { checkFloat, formatNumber, isList, parseNumber } from "./vector_number.ts";

/** VECTOR_MAX_DIM and HALFVEC_MAX_DIM of pgvector. */
const MAX_DIMENSIONS = 16_000;

/** Int16 dimensions, Int16 unused; see vector.c, vector_send. */
const HEADER_BYTES = 4;

/**
 * vector: an array of numbers, each the shortest decimal of its 32 bits, as pgvector prints it:
 * 0.1 is 0.1.
 *
 * Takes arrays of numbers and typed arrays, `Float32Array` above all, of 1 to 16000 finite
 * numbers; they are rounded to single precision.
 *
 * @throws {RangeError} when numbers are not finite or too large, or there are none or too many
 */
export const vector: Codec<number[]> = {
  name: "vector",
  takesArrays: true,
  decodeText: (source: FieldSource, start: number, end: number): number[] =>
    parseList("vector", source.text(start, end)),
  decodeBinary({ view }: FieldSource, start: number, end: number): number[] {
    const length = readLength("vector", view, { start, end, bytesEach: 4 });
    const first = start + HEADER_BYTES;
    return Array.from({ length }, (_, i) => shortestFloat(view.getFloat32(first + i * 4)));
  },
  encodeText: (value: unknown): string =>
    formatList(Array.from(checkFloats("vector", value), shortestFloat)),
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const floats = checkFloats("vector", value);
    writeHeader(writer, floats.length);
    for (const float of floats) writer.writeFloat32(float);
  },
};

/**
 * halfvec: an array of numbers as pgvector prints them, which is with the digits of a float:
 * 0.1 was rounded to 0.0999755859375 and is 0.099975586. Sent back it is the same half.
 *
 * Takes arrays of numbers and typed arrays of 1 to 16000 finite numbers; they are rounded to
 * half precision, whose largest is 65504.
 *
 * @throws {RangeError} when numbers are not finite or too large, or there are none or too many
 */
export const halfvec: Codec<number[]> = {
  name: "halfvec",
  takesArrays: true,
  decodeText: (source: FieldSource, start: number, end: number): number[] =>
    parseList("halfvec", source.text(start, end)),
  decodeBinary({ view }: FieldSource, start: number, end: number): number[] {
    const length = readLength("halfvec", view, { start, end, bytesEach: 2 });
    const first = start + HEADER_BYTES;
    return Array.from({ length }, (_, i) => printedHalf(view.getUint16(first + i * 2)));
  },
  encodeText: (value: unknown): string => formatList(Array.from(checkHalves(value), printedHalf)),
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const halves = checkHalves(value);
    writeHeader(writer, halves.length);
    for (const half of halves) writer.writeInt16(half);
  },
};

/** As pgvector prints it: by way of the float that it is. */
function printedHalf(bits: number): number {
  return shortestFloat(halfToNumber(bits));
}

interface Field {
  readonly start: number;
  readonly end: number;
  readonly bytesEach: number;
}

function readLength(typeName: string, view: DataView, { start, end, bytesEach }: Field): number {
  if (end - start < HEADER_BYTES) throw malformed(typeName, `${end - start} bytes, expected more`);
  const length = view.getUint16(start);
  checkLength(typeName, end - start, HEADER_BYTES + length * bytesEach);
  return length;
}

function writeHeader(writer: ByteWriter, length: number): void {
  writer.writeInt16(length);
  writer.writeInt16(0);
}

/** `[1,2.5,-3]`. */
function parseList(typeName: string, text: string): number[] {
  if (!text.startsWith("[") || !text.endsWith("]")) {
    throw malformed(typeName, "its text stands in no brackets");
  }
  return text.slice(1, -1).split(",").map((number) => parseNumber(typeName, number));
}

function formatList(numbers: readonly number[]): string {
  return `[${numbers.map(formatNumber).join(",")}]`;
}

function checkFloats(typeName: string, value: unknown): Float32Array<ArrayBuffer> {
  if (!isList(value)) throw unfit(typeName, value, "an array of numbers or a Float32Array");
  const { length } = value;
  if (length === 0 || length > MAX_DIMENSIONS) {
    throw outOfRange(typeName, `${length} dimensions, expected 1 to ${MAX_DIMENSIONS}`);
  }
  const floats = new Float32Array(length);
  for (let i = 0; i < length; i++) floats[i] = checkFloat(typeName, value[i], i);
  return floats;
}

function checkHalves(value: unknown): Uint16Array {
  // By way of floats, as the server does: rounding twice may give another half than rounding once.
  const floatBits = new Uint32Array(checkFloats("halfvec", value).buffer);
  const halves = new Uint16Array(floatBits.length);
  for (let i = 0; i < halves.length; i++) {
    halves[i] = halfFromFloat(floatBits[i]);
    if (!isHalfFinite(halves[i])) {
      throw outOfRange("halfvec", `the number at index ${i} is too large`);
    }
  }
  return halves;
}
