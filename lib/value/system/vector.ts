/**
 * int2vector and oidvector of the system catalogues, as arrays of numbers.
 *
 * Their text is `1 2 3`. Their binary form (int.c, int2vectorsend; oid.c, oidvectorsend) is that
 * of an array with one dimension, also when it is empty, no NULLs, and the lower bound 0.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, Decode, FieldSource } from "../codec.ts";
import { malformed, unfit } from "../codec_error.ts";
import { int2Codec, oidCodec } from "../number/integer.ts";

const SPACE = 0x20;
const HEADER_BYTES = 20;

/** int2vector: an array of numbers, and takes such. */
export const int2vectorCodec: Codec<number[]> = /* @__PURE__ */ vectorCodec("int2vector", {
  oid: 21,
  size: 2,
  codec: int2Codec,
});

/** oidvector: an array of numbers, and takes such. */
export const oidvectorCodec: Codec<number[]> = /* @__PURE__ */ vectorCodec("oidvector", {
  oid: 26,
  size: 4,
  codec: oidCodec,
});

/** What a vector is made of. */
interface VectorElement {
  readonly oid: number;
  /** In bytes, of the binary form. */
  readonly size: number;
  readonly codec: Codec<number>;
}

type Field = readonly [start: number, end: number];

function vectorCodec(name: string, element: VectorElement): Codec<number[]> {
  const { oid, size, codec } = element;
  return {
    name,
    takesArrays: true,
    decodeText: (source: FieldSource, start: number, end: number): number[] =>
      readWords(source, [start, end], codec.decodeText),
    decodeBinary(source: FieldSource, start: number, end: number): number[] {
      const fault = findFault(source.view, [start, end], element);
      if (fault) throw malformed(name, fault);
      const numbers: number[] = [];
      for (let at = start + HEADER_BYTES + 4; at < end; at += 4 + size) {
        numbers.push(codec.decodeBinary!(source, at, at + size));
      }
      return numbers;
    },
    encodeText: (value: unknown): string =>
      checkElements(name, value).map((number) => codec.encodeText(number)).join(" "),
    encodeBinary(value: unknown, writer: ByteWriter): void {
      const numbers = checkElements(name, value);
      for (const word of [1, 0, oid, numbers.length, 0]) writer.writeInt32(word);
      for (const number of numbers) {
        writer.writeInt32(size);
        codec.encodeBinary!(number, writer);
      }
    },
    // The server writes empty vectors, but does not read them.
    fitsBinary: (value: unknown): boolean => !Array.isArray(value) || value.length > 0,
  };
}

function readWords(source: FieldSource, [start, end]: Field, decode: Decode<number>): number[] {
  const numbers: number[] = [];
  if (start === end) return numbers;
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && source.bytes[at] !== SPACE) continue;
    numbers.push(decode(source, from, at));
    from = at + 1;
  }
  return numbers;
}

/** What keeps the bytes from being a vector; undefined when nothing does. */
function findFault(
  view: DataView,
  [start, end]: Field,
  { oid, size }: VectorElement,
): string | undefined {
  if (end - start < HEADER_BYTES) return "its header is cut short";
  const [dimensions, flag, sentOid, count, lowerBound] = [0, 4, 8, 12, 16]
    .map((at) => view.getUint32(start + at));
  if (dimensions !== 1 || flag !== 0 || lowerBound !== 0) return "it is an array but no vector";
  if (sentOid !== oid) return `numbers of type ${sentOid}, expected ${oid}`;
  const first = start + HEADER_BYTES;
  if (end - first !== count * (4 + size)) return `${end - first} bytes for ${count} numbers`;
  for (let at = first; at < end; at += 4 + size) {
    if (view.getInt32(at) !== size) return `a number is not of ${size} bytes`;
  }
  return undefined;
}

/** The elements' own codec refuses all but numbers; holes become undefined for it. */
function checkElements(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return Array.from(value);
  throw unfit(name, value, "an array of numbers");
}
