/**
 * Arrays of any type, as nested JavaScript arrays with null for NULL.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { arrayBinaryDecoder, writeArray } from "./array_binary.ts";
import { lowerBoundsOf, MAX_DIMENSIONS, measureArray, withLowerBounds } from "./array_shape.ts";
import { ArrayTextReader, formatArray } from "./array_text.ts";
import type { Codec, FieldSource, MemberType } from "../codec.ts";
import { fixedElementsWriter } from "./fixed_elements.ts";
import { int4Codec } from "../number/integer.ts";
import { fitsBinary, textForm } from "../text_form.ts";

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
  const encode = encodeBinary?.bind(codec);
  const writeFixed = fixedElementsWriter(encodeBinary);
  const text = { format: (item: unknown): string => textForm(codec, item), delimiter };

  return {
    name: typeName,
    prefersText: codec.prefersText,
    decodeText(source: FieldSource, start: number, end: number): unknown[] {
      const options = { typeName, delimiter, decode: codec.decodeText };
      const reader = new ArrayTextReader(source, [start, end], options);
      return keepBounds(reader.read(), reader, nested);
    },
    ...(decodeBinary && {
      decodeBinary: arrayBinaryDecoder({
        typeName,
        elementOid: oid,
        decode: decodeBinary,
        keepDepth: !nested,
      }),
    }),
    encodeText(value: unknown): string {
      // One join costs a third to a half of what it takes to look at each element's text.
      if (codec === int4Codec && isFlatInt32(value)) return `{${value.join(",")}}`;
      return formatArray(measureArray(value, measure), text);
    },
    ...(encode && {
      encodeBinary(value: unknown, writer: ByteWriter): void {
        writeArray(measureArray(value, measure), writer, { oid, encode, writeFixed });
      },
    }),
    fitsBinary(value: unknown): boolean {
      // Only the lower bounds tell how deep an array of arrays is, see measureArray().
      const told = Array.isArray(value) ? lowerBoundsOf(value)?.length ?? 1 : 1;
      return elementsFit(codec, value, nested ? MAX_DIMENSIONS : told);
    },
  };
}

/**
 * Looks into so many levels of arrays. What is no array, is too deep or holds undefined fits:
 * the encoder is to say what is wrong with it.
 */
function elementsFit(codec: Codec, value: unknown, levels: number): boolean {
  if (!Array.isArray(value)) return true;
  for (const item of value) {
    if (item === null || item === undefined) continue;
    const isInner = levels > 1 && Array.isArray(item);
    if (!(isInner ? elementsFit(codec, item, levels - 1) : fitsBinary(codec, item))) return false;
  }
  return true;
}

/** True where all is usual: one dimension from 1 on, and numbers that are int4. */
function isFlatInt32(value: unknown): value is number[] {
  if (!Array.isArray(value) || lowerBoundsOf(value) !== undefined) return false;
  for (let i = 0; i < value.length; i++) {
    const item = value[i];
    // Only of a number: `|` throws for a bigint, and calls an object's own methods.
    if (typeof item !== "number" || item !== (item | 0)) return false;
  }
  return true;
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
