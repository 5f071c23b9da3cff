/**
 * Arrays of any type, as nested JavaScript arrays with null for NULL.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import { ArrayBinaryReader, writeArray } from "./array_binary.ts";
import { measureArray, withLowerBounds } from "./array_shape.ts";
import { ArrayTextReader, formatArray } from "./array_text.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { checkText } from "./text.ts";

/** The element type of an array type. */
export interface ArrayElement {
  readonly oid: number;
  readonly codec: Codec;
  /** One ASCII character; `,` for all types but box. */
  readonly delimiter?: string;
}

/**
 * The codec of an array type; it has a binary side where its elements have one.
 *
 * A string among the elements is their text form, whatever the type, except in
 * json and jsonb, where it is a JSON string; there arrays in the array are JSON too.
 */
export function arrayCodec({ oid, codec, delimiter = "," }: ArrayElement): Codec<unknown[]> {
  const typeName = `${codec.name}[]`;
  const isJson = codec.name === "json" || codec.name === "jsonb";
  const measure = { typeName, nested: !isJson };
  const format = (element: unknown): string =>
    typeof element === "string" && !isJson
      ? checkText(typeName, element)
      : codec.encodeText(element);
  const { decodeBinary, encodeBinary } = codec;

  return {
    name: typeName,
    decodeText(source: FieldSource, start: number, end: number): unknown[] {
      const options = { typeName, delimiter, decode: codec.decodeText };
      const reader = new ArrayTextReader(source, [start, end], options);
      return keepBounds(reader.read(), reader, isJson);
    },
    ...(decodeBinary && {
      decodeBinary(source: FieldSource, start: number, end: number): unknown[] {
        const options = { typeName, elementOid: oid, decode: decodeBinary };
        const reader = new ArrayBinaryReader(source, [start, end], options);
        return keepBounds(reader.read(), reader, isJson);
      },
    }),
    encodeText: (value: unknown): string =>
      formatArray(measureArray(value, measure), { format, delimiter }),
    ...(encodeBinary && {
      encodeBinary(value: unknown, writer: ByteWriter): void {
        const encode = encodeBinary.bind(codec);
        writeArray(measureArray(value, measure), writer, { oid, encode });
      },
    }),
  };
}

interface Bounds {
  readonly dimensions: number;
  readonly lowerBounds: readonly number[] | undefined;
}

/** Nothing is lost: bounds that are not 1 stay, and the depth of an array of JSON arrays. */
function keepBounds(
  array: unknown[],
  { dimensions, lowerBounds }: Bounds,
  isJson: boolean,
): unknown[] {
  const needed = lowerBounds?.some((bound) => bound !== 1) || (isJson && dimensions > 1);
  if (!needed) return array;
  return withLowerBounds(array, lowerBounds ?? new Array<number>(dimensions).fill(1));
}
