/**
 * Arrays of any type, as nested JavaScript arrays with null for NULL.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import { ArrayBinaryReader, writeArray } from "./array_binary.ts";
import { measureArray, withLowerBounds } from "./array_shape.ts";
import { ArrayTextReader, formatArray } from "./array_text.ts";
import type { Codec, FieldSource, MemberType } from "./codec.ts";
import { fitsBinary, textForm } from "./text_form.ts";

/** The element type of an array type. */
export interface ArrayElement extends MemberType {
  /** One ASCII character; `,` for all types but box. */
  readonly delimiter?: string;
}

/**
 * The codec of an array type; it has a binary side where its elements have one.
 *
 * A string among the elements is their text form, as it is for a value that stands alone.
 */
export function arrayCodec(element: ArrayElement): Codec<unknown[]> {
  const { oid, codec, delimiter = "," } = element;
  const typeName = `${codec.name}[]`;
  const nested = !codec.takesArrays;
  const measure = { typeName, nested };
  const { decodeBinary, encodeBinary } = codec;

  return {
    name: typeName,
    prefersText: codec.prefersText,
    decodeText(source: FieldSource, start: number, end: number): unknown[] {
      const options = { typeName, delimiter, decode: codec.decodeText };
      const reader = new ArrayTextReader(source, [start, end], options);
      return keepBounds(reader.read(), reader, nested);
    },
    ...(decodeBinary && {
      decodeBinary(source: FieldSource, start: number, end: number): unknown[] {
        const options = { typeName, elementOid: oid, decode: decodeBinary };
        const reader = new ArrayBinaryReader(source, [start, end], options);
        return keepBounds(reader.read(), reader, nested);
      },
    }),
    encodeText: (value: unknown): string =>
      formatArray(measureArray(value, measure), {
        format: (item) => textForm(codec, item),
        delimiter,
      }),
    ...(encodeBinary && {
      encodeBinary(value: unknown, writer: ByteWriter): void {
        const encode = encodeBinary.bind(codec);
        writeArray(measureArray(value, measure), writer, { oid, encode });
      },
    }),
    fitsBinary: (value: unknown): boolean => elementsFit(codec, value, nested),
  };
}

/** What is no array, or holds undefined, fits: the encoder is to say what is wrong with it. */
function elementsFit(codec: Codec, value: unknown, nested: boolean): boolean {
  if (!Array.isArray(value)) return true;
  return value.every((item) => {
    if (item === null || item === undefined) return true;
    return nested && Array.isArray(item) ? elementsFit(codec, item, true) : fitsBinary(codec, item);
  });
}

interface Bounds {
  readonly dimensions: number;
  readonly lowerBounds: readonly number[] | undefined;
}

/** Nothing is lost: bounds that are not 1 stay, and the depth where elements may be arrays. */
function keepBounds(
  array: unknown[],
  { dimensions, lowerBounds }: Bounds,
  nested: boolean,
): unknown[] {
  const needed = lowerBounds?.some((bound) => bound !== 1) || (!nested && dimensions > 1);
  if (!needed) return array;
  return withLowerBounds(array, lowerBounds ?? new Array<number>(dimensions).fill(1));
}
