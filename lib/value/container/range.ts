/**
 * Ranges of any type.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource, MemberType } from "../codec.ts";
import { QuotedReader } from "./quoted_text.ts";
import { readRangeBinary, writeRange } from "./range_binary.ts";
import { formatRange, readRange } from "./range_text.ts";
import { checkRange, type Range, type RangeSpan } from "./range_value.ts";
import { fitsBinary, textForm } from "../text_form.ts";

/**
 * The codec of a range type: a {@linkcode Range}, its bounds as values of their type.
 *
 * Takes such objects, where a bound left out is none and `bounds` left out are `[)`. A string
 * is a range's text form, of which `empty` is one; a string for a bound is the bound's. It has
 * a binary side where its bounds have one.
 *
 * @throws {TypeError} when a value that is sent is no such object, or has other properties
 * @throws {RangeError} when `bounds` are none of the four
 */
export function rangeCodec(name: string, bound: MemberType): Codec<Range<unknown>> {
  const { codec } = bound;
  const { decodeBinary, encodeBinary } = codec;
  const textOptions = { typeName: name, brackets: true };
  return {
    name,
    prefersText: codec.prefersText,
    decodeText(source: FieldSource, start: number, end: number): Range<unknown> {
      const reader = new QuotedReader(source, [start, end], textOptions);
      const range = readRange(reader, codec.decodeText);
      reader.finish();
      return range;
    },
    ...(decodeBinary && {
      decodeBinary: (source: FieldSource, start: number, end: number): Range<unknown> =>
        readRangeBinary(source, [start, end], { typeName: name, decode: decodeBinary }),
    }),
    encodeText: (value: unknown): string =>
      formatRange(checkRange(name, value), (item) => textForm(codec, item)),
    ...(encodeBinary && {
      encodeBinary: (value: unknown, writer: ByteWriter): void =>
        writeRange(checkRange(name, value), writer, encodeBinary.bind(codec)),
    }),
    fitsBinary: (value: unknown): boolean => boundsFit(codec, value),
  };
}

/** What is no range fits: the encoder is to say what is wrong with it. */
function boundsFit(codec: Codec, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const { lower, upper } = value as Partial<RangeSpan>;
  return [lower, upper].every((item) =>
    item === null || item === undefined || fitsBinary(codec, item)
  );
}
