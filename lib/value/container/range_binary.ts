/**
 * The binary form of ranges (rangetypes.c, range_send): a byte of flags, and each bound that
 * there is behind its length.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, Decode, FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";
import type { Range, RangeBounds, RangeSpan } from "./range_value.ts";

const EMPTY = 0x01;
const LOWER_INCLUSIVE = 0x02;
const UPPER_INCLUSIVE = 0x04;
const LOWER_INFINITE = 0x08;
const UPPER_INFINITE = 0x10;

/** What is known of the range before its bytes are read. */
export interface RangeBinaryOptions {
  readonly typeName: string;
  readonly decode: Decode;
}

/** Reads the bytes of one range. */
export function readRangeBinary(
  source: FieldSource,
  [start, end]: readonly [number, number],
  { typeName, decode }: RangeBinaryOptions,
): Range<unknown> {
  if (start >= end) throw malformed(typeName, "its flags are missing");
  const flags = source.bytes[start];
  let at = start + 1;
  const readBound = (): unknown => {
    const from = at + 4;
    const length = from <= end ? source.view.getInt32(at) : -1;
    if (length < 0 || from + length > end) throw malformed(typeName, "a bound is cut short");
    at = from + length;
    return decode(source, from, at);
  };
  const isEmpty = (flags & EMPTY) !== 0;
  const lower = isEmpty || flags & LOWER_INFINITE ? null : readBound();
  const upper = isEmpty || flags & UPPER_INFINITE ? null : readBound();
  if (at !== end) throw malformed(typeName, `${end - at} bytes are left`);
  return isEmpty ? "empty" : { lower, upper, bounds: boundsOf(flags) };
}

/** As the text has it, where no bound is there is a round bracket. */
function boundsOf(flags: number): RangeBounds {
  const open = (flags & (LOWER_INCLUSIVE | LOWER_INFINITE)) === LOWER_INCLUSIVE ? "[" : "(";
  const close = (flags & (UPPER_INCLUSIVE | UPPER_INFINITE)) === UPPER_INCLUSIVE ? "]" : ")";
  return `${open}${close}`;
}

/** Writes the binary form; `encode` writes a bound's own. */
export function writeRange(
  { lower, upper, bounds }: RangeSpan,
  writer: ByteWriter,
  encode: NonNullable<Codec["encodeBinary"]>,
): void {
  const from = bounds[0] === "[" ? LOWER_INCLUSIVE : 0;
  const to = bounds[1] === "]" ? UPPER_INCLUSIVE : 0;
  writer.writeByte(
    (lower === null ? LOWER_INFINITE : from) | (upper === null ? UPPER_INFINITE : to),
  );
  for (const bound of [lower, upper]) {
    if (bound === null) continue;
    const lengthAt = writer.reserveInt32();
    encode(bound, writer);
    writer.patchInt32(lengthAt, writer.length - lengthAt - 4);
  }
}
