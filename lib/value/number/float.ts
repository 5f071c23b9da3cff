/**
 * float4 and float8 as number, NaN, the infinities and -0 included.
 *
 * A float4 is the number that PostgreSQL prints, from both formats: 0.1::float4 is 0.1, where
 * its 32 bits make the double 0.10000000149011612. Sent back it is the same 32 bits. (Servers
 * before 12 print fewer digits unless `extra_float_digits` is 3.)
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, malformed, outOfRange, unfit } from "../codec_error.ts";
import { roundToFloat, shortestFloat } from "./shortest_float.ts";

/**
 * float4: a number of at most nine digits, the shortest that names its 32 bits. Takes numbers,
 * which are rounded to 32 bits, and bigints that a double holds exactly.
 *
 * @throws {RangeError} when a number is too large or too small for a float4, or a bigint is not exact
 */
export const float4Codec: Codec<number> = {
  name: "float4",
  decodeText: (source: FieldSource, start: number, end: number): number =>
    parseFloatText("float4", source.text(start, end)),
  decodeBinary({ view }: FieldSource, start: number, end: number): number {
    checkLength("float4", end - start, 4);
    return shortestFloat(view.getFloat32(start));
  },
  encodeText: (value: unknown): string => formatFloat(shortestFloat(checkFloat4(value))),
  encodeBinary: (value: unknown, writer: ByteWriter): void =>
    writer.writeFloat32(checkFloat4(value)),
};

/**
 * float8: a number. Takes numbers, and bigints that are exact as one.
 *
 * @throws {RangeError} when a bigint has no exact floating point form
 */
export const float8Codec: Codec<number> = {
  name: "float8",
  decodeText: (source: FieldSource, start: number, end: number): number =>
    parseFloatText("float8", source.text(start, end)),
  decodeBinary({ view }: FieldSource, start: number, end: number): number {
    checkLength("float8", end - start, 8);
    return view.getFloat64(start);
  },
  encodeText: (value: unknown): string => formatFloat(checkFloat("float8", value)),
  encodeBinary: (value: unknown, writer: ByteWriter): void =>
    writer.writeFloat64(checkFloat("float8", value)),
};

function parseFloatText(name: string, text: string): number {
  const value = Number(text);
  if (text === "" || (value !== value && text !== "NaN")) {
    throw malformed(name, "its text is no number");
  }
  return value;
}

// String(-0) is "0".
function formatFloat(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function checkFloat(name: string, value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "bigint") throw unfit(name, value, "a number or a bigint");
  const number = Number(value);
  if (!Number.isFinite(number) || BigInt(number) !== value) {
    throw outOfRange(name, "the bigint has no exact floating point form");
  }
  return number;
}

function checkFloat4(value: unknown): number {
  const wide = checkFloat("float4", value);
  const rounded = roundToFloat(wide);
  const overflow = !Number.isFinite(rounded) && Number.isFinite(wide);
  if (overflow || (rounded === 0 && wide !== 0)) {
    throw outOfRange("float4", "the number is too large or too small");
  }
  return rounded;
}
