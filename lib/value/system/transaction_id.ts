/**
 * Transaction and command ids: xid and cid as number, xid8 as bigint. All are unsigned.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, malformed, outOfRange, unfit } from "../codec_error.ts";
import { readDigits } from "../number/digits.ts";
import { uint32Codec } from "../number/uint32.ts";

const XID8_MAX = 0xffff_ffff_ffff_ffffn;
const XID8_DIGITS = 20;

/** xid: a number, 0 to 4294967295. Bigints are taken too. */
export const xidCodec: Codec<number> = /* @__PURE__ */ uint32Codec("xid");

/** cid: a number, 0 to 4294967295. Bigints are taken too. */
export const cidCodec: Codec<number> = /* @__PURE__ */ uint32Codec("cid");

/**
 * xid8: a bigint, 0 to 18446744073709551615. Safe integers are taken too; everything else is a
 * TypeError, or a RangeError where only the size is wrong.
 */
export const xid8Codec: Codec<bigint> = {
  name: "xid8",
  decodeText({ bytes }: FieldSource, start: number, end: number): bigint {
    if (end - start > XID8_DIGITS) throw malformed("xid8", "its text is too long");
    // Two halves that a number holds exactly.
    const middle = Math.max(start, end - 10);
    const high = middle === start ? 0 : readDigits(bytes, start, middle);
    const low = readDigits(bytes, middle, end);
    const value = BigInt(high) * 10_000_000_000n + BigInt(low);
    if (high < 0 || low < 0 || value > XID8_MAX) {
      throw malformed("xid8", "its text is no unsigned integer");
    }
    return value;
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): bigint {
    checkLength("xid8", end - start, 8);
    return view.getBigUint64(start);
  },
  encodeText: (value: unknown): string => String(checkXid8(value)),
  encodeBinary: (value: unknown, writer: ByteWriter): void => writer.writeInt64(checkXid8(value)),
};

function checkXid8(value: unknown): bigint {
  if (typeof value === "number") {
    // Beyond 2^53 a number may not be what the caller wrote: a bigint says it.
    if (Number.isSafeInteger(value) && value >= 0) return BigInt(value);
    throw outOfRange("xid8", "the number is no safe integer from 0 on, expected a bigint");
  }
  if (typeof value !== "bigint") throw unfit("xid8", value, "a bigint or a number");
  if (value < 0n || value > XID8_MAX) throw outOfRange("xid8", `not in 0 to ${XID8_MAX}`);
  return value;
}
