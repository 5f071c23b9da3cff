/**
 * int2, int4 and oid as number, int8 as bigint, number or string.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, Decode, FieldSource } from "../codec.ts";
import { checkLength, malformed, outOfRange, unfit } from "../codec_error.ts";
import { readDigits } from "./digits.ts";

const MINUS = 0x2d;

/**
 * int2: a number. Takes integers from -32768 to 32767, as number or bigint.
 *
 * @throws {RangeError} when the value is not in range or no integer
 */
export const int2Codec: Codec<number> = {
  name: "int2",
  decodeText: /* @__PURE__ */ textDecoder("int2"),
  decodeBinary({ view }: FieldSource, start: number, end: number): number {
    checkLength("int2", end - start, 2);
    return view.getInt16(start);
  },
  encodeText: (value: unknown): string => String(checkNumber(value, INT2)),
  encodeBinary: (value: unknown, writer: ByteWriter): void =>
    writer.writeInt16(checkNumber(value, INT2)),
};

/**
 * int4: a number. Takes integers from -2147483648 to 2147483647, as number or bigint.
 *
 * @throws {RangeError} when the value is not in range or no integer
 */
export const int4Codec: Codec<number> = {
  name: "int4",
  decodeText: /* @__PURE__ */ textDecoder("int4"),
  decodeBinary({ view }: FieldSource, start: number, end: number): number {
    checkLength("int4", end - start, 4);
    return view.getInt32(start);
  },
  encodeText: (value: unknown): string => String(checkNumber(value, INT4)),
  encodeBinary: (value: unknown, writer: ByteWriter): void =>
    writer.writeInt32(checkNumber(value, INT4)),
};

/**
 * oid: a number, unsigned. Takes integers from 0 to 4294967295, as number or bigint.
 *
 * @throws {RangeError} when the value is not in range or no integer
 */
export const oidCodec: Codec<number> = {
  name: "oid",
  decodeText: /* @__PURE__ */ textDecoder("oid"),
  decodeBinary({ view }: FieldSource, start: number, end: number): number {
    checkLength("oid", end - start, 4);
    return view.getUint32(start);
  },
  encodeText: (value: unknown): string => String(checkNumber(value, OID)),
  encodeBinary: (value: unknown, writer: ByteWriter): void =>
    writer.writeInt32(checkNumber(value, OID)),
};

/**
 * int8, by shape. `bigint` also where a number would do; `number` is the nearest one, exact up
 * to 2^53; `string` is the digits as PostgreSQL prints them.
 *
 * Each takes bigints, and numbers that are safe integers.
 *
 * @throws {RangeError} when a bigint is not in range, or a number no safe integer
 */
export const int8Codecs: {
  readonly bigint: Codec<bigint>;
  readonly number: Codec<number>;
  readonly string: Codec<string>;
} = {
  bigint: {
    name: "int8",
    decodeText(source: FieldSource, start: number, end: number): bigint {
      const value = readInt8(source, start, end);
      return typeof value === "number" ? BigInt(value) : value;
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): bigint {
      checkLength("int8", end - start, 8);
      return view.getBigInt64(start);
    },
    encodeText: formatInt8,
    encodeBinary: writeInt8,
  },
  number: {
    name: "int8",
    decodeText: (source: FieldSource, start: number, end: number): number =>
      Number(readInt8(source, start, end)),
    decodeBinary({ view }: FieldSource, start: number, end: number): number {
      checkLength("int8", end - start, 8);
      // The high half is exact, so that only the sum is rounded.
      return view.getInt32(start) * 0x1_0000_0000 + view.getUint32(start + 4);
    },
    encodeText: formatInt8,
    encodeBinary: writeInt8,
  },
  string: {
    name: "int8",
    decodeText: (source: FieldSource, start: number, end: number): string =>
      String(readInt8(source, start, end)),
    decodeBinary({ view }: FieldSource, start: number, end: number): string {
      checkLength("int8", end - start, 8);
      return String(view.getBigInt64(start));
    },
    encodeText: formatInt8,
    encodeBinary: writeInt8,
  },
};

interface IntegerRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

const INT2: IntegerRange = { name: "int2", min: -0x8000, max: 0x7fff };
const INT4: IntegerRange = { name: "int4", min: -0x8000_0000, max: 0x7fff_ffff };
const OID: IntegerRange = { name: "oid", min: 0, max: 0xffff_ffff };
const INT8_MAX = 0x7fff_ffff_ffff_ffffn;
const INT8_MIN = -0x8000_0000_0000_0000n;

function textDecoder(name: string): Decode<number> {
  return ({ bytes }, start, end) => {
    const negative = bytes[start] === MINUS && start < end;
    const value = readDigits(bytes, negative ? start + 1 : start, end);
    if (value < 0) throw malformed(name, "its text is no integer");
    return negative ? 0 - value : value; // Not -0.
  };
}

/** A number where it is exact. No string is made. */
function readInt8({ bytes }: FieldSource, start: number, end: number): number | bigint {
  const negative = bytes[start] === MINUS && start < end;
  const first = negative ? start + 1 : start;
  // Two halves that a number holds exactly.
  const middle = Math.max(first, end - 9);
  const high = middle === first ? 0 : readDigits(bytes, first, middle);
  const low = readDigits(bytes, middle, end);
  if (high < 0 || low < 0) throw malformed("int8", "its text is no integer");
  if (high < 9_000_000) {
    const value = high * 1_000_000_000 + low;
    return negative ? 0 - value : value;
  }
  const value = BigInt(high) * 1_000_000_000n + BigInt(low);
  return negative ? -value : value;
}

function formatInt8(value: unknown): string {
  return String(checkInt8(value));
}

function writeInt8(value: unknown, writer: ByteWriter): void {
  writer.writeInt64(checkInt8(value));
}

function checkNumber(value: unknown, { name, min, max }: IntegerRange): number {
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw unfit(name, value, "a number or a bigint");
  }
  if (value < min || value > max) throw outOfRange(name, `not in ${min} to ${max}`);
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw outOfRange(name, "the number is not an integer");
  }
  return Number(value);
}

function checkInt8(value: unknown): bigint {
  if (typeof value === "number") {
    // Beyond 2^53 a number may not be what the caller wrote: a bigint says it.
    if (Number.isSafeInteger(value)) return BigInt(value);
    throw outOfRange("int8", "the number is no safe integer, expected a bigint");
  }
  if (typeof value !== "bigint") throw unfit("int8", value, "a bigint or a number");
  if (value > INT8_MAX || value < INT8_MIN) {
    throw outOfRange("int8", `not in ${INT8_MIN} to ${INT8_MAX}`);
  }
  return value;
}
