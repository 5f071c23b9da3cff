/**
 * Multiranges (PostgreSQL 14 and later) as arrays of ranges.
 *
 * The text form is `{[1,3),[5,7)}`; the binary form (multirangetypes.c, multirange_send) the
 * count of ranges, and each behind its length.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, Decode, FieldSource, MemberType } from "../codec.ts";
import { malformed, unfit } from "../codec_error.ts";
import { QuotedReader } from "./quoted_text.ts";
import { readRange } from "./range_text.ts";
import { fitsBinary, textForm } from "../text_form.ts";

/**
 * The codec of a multirange type: an array of its ranges, `[]` when there are none.
 *
 * Takes arrays of what the range type takes; the server joins ranges that meet, and drops
 * empty ones. It has a binary side where the range has one.
 *
 * @throws {TypeError | RangeError} when a value that is sent is no array of ranges
 */
export function multirangeCodec(name: string, range: MemberType): Codec<unknown[]> {
  const { codec } = range;
  const { decodeBinary, encodeBinary } = codec;
  return {
    name,
    prefersText: codec.prefersText,
    takesArrays: true,
    decodeText: (source: FieldSource, start: number, end: number): unknown[] =>
      readText(source, [start, end], { name, decode: codec.decodeText }),
    ...(decodeBinary && {
      decodeBinary: (source: FieldSource, start: number, end: number): unknown[] =>
        readBinary(source, [start, end], { name, decode: decodeBinary }),
    }),
    encodeText: (value: unknown): string =>
      `{${checkRanges(name, value).map((range) => textForm(codec, range)).join()}}`,
    ...(encodeBinary && {
      encodeBinary: (value: unknown, writer: ByteWriter): void =>
        writeRanges(checkRanges(name, value), writer, encodeBinary.bind(codec)),
    }),
    fitsBinary: (value: unknown): boolean =>
      !Array.isArray(value) || value.every((range) => range == null || fitsBinary(codec, range)),
  };
}

interface Reading {
  readonly name: string;
  /** Reads one range. */
  readonly decode: Decode;
}

function readText(
  source: FieldSource,
  field: readonly [number, number],
  { name, decode }: Reading,
): unknown[] {
  const reader = new QuotedReader(source, field, { typeName: name, brackets: true });
  const ranges: unknown[] = [];
  const readNext = () => {
    const start = reader.position;
    readRange(reader, () => null); // Only to find its end.
    ranges.push(decode(source, start, reader.position));
  };
  reader.expect("{");
  if (!reader.accept("}")) {
    do readNext(); while (reader.accept(","));
    reader.expect("}");
  }
  reader.finish();
  return ranges;
}

function readBinary(
  source: FieldSource,
  [start, end]: readonly [number, number],
  { name, decode }: Reading,
): unknown[] {
  if (end - start < 4) throw malformed(name, "its count is missing");
  const count = source.view.getInt32(start);
  let at = start + 4;
  // Each range has a length word: nothing is read for more than were sent.
  if (count < 0 || count > (end - at) / 4) {
    throw malformed(name, `${count} ranges in ${end - at} bytes`);
  }
  const ranges: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const from = at + 4;
    const length = from <= end ? source.view.getInt32(at) : -1;
    if (length < 0 || from + length > end) throw malformed(name, "a range is cut short");
    at = from + length;
    ranges.push(decode(source, from, at));
  }
  if (at !== end) throw malformed(name, `${end - at} bytes are left`);
  return ranges;
}

function writeRanges(
  ranges: readonly unknown[],
  writer: ByteWriter,
  encode: NonNullable<Codec["encodeBinary"]>,
): void {
  writer.writeInt32(ranges.length);
  for (const range of ranges) {
    const lengthAt = writer.reserveInt32();
    encode(range, writer);
    writer.patchInt32(lengthAt, writer.length - lengthAt - 4);
  }
}

function checkRanges(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw unfit(name, value, "an array of ranges, or a string");
  return value;
}
