/**
 * Types that are an unsigned integer of four bytes, as number.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, Decode, FieldSource } from "../codec.ts";
import { checkLength, malformed, outOfRange, unfit } from "../codec_error.ts";
import { readDigits } from "./digits.ts";

const MAX = 0xffff_ffff;

/** A codec with all of its sides. */
export interface Uint32Codec extends Codec<number> {
  readonly decodeBinary: Decode<number>;
  encodeBinary(value: unknown, writer: ByteWriter): void;
}

/**
 * A codec of numbers from 0 to 4294967295; bigints are taken too.
 *
 * Encoding throws a TypeError for what is neither, a RangeError for what is out of that
 * range or no integer.
 */
export function uint32Codec(name: string): Uint32Codec {
  return {
    name,
    decodeText({ bytes }: FieldSource, start: number, end: number): number {
      const value = readDigits(bytes, start, end);
      if (value < 0 || value > MAX) throw malformed(name, "its text is no unsigned integer");
      return value;
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): number {
      checkLength(name, end - start, 4);
      return view.getUint32(start);
    },
    encodeText: (value: unknown): string => String(checkUint32(name, value)),
    encodeBinary: (value: unknown, writer: ByteWriter): void =>
      writer.writeInt32(checkUint32(name, value)),
  };
}

function checkUint32(name: string, value: unknown): number {
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw unfit(name, value, "a number or a bigint");
  }
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > MAX) {
    throw outOfRange(name, `no integer in 0 to ${MAX}`);
  }
  return number;
}
