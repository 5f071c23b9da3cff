/**
 * bit and varbit as strings of the digits 0 and 1.
 *
 * The binary form (varbit.c, varbit_send) is the count of bits and the bytes, the first bit
 * highest. The text is eight times as long but costs far less to read, so it is asked for.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, malformed, unfit } from "../codec_error.ts";

const HEADER_BYTES = 4;

/**
 * bit: a string such as `0101`, as long as the type says.
 *
 * A string of another length than the column's is an error of the server's, never cut or padded.
 */
export const bitCodec: Codec<string> = /* @__PURE__ */ bitStringCodec("bit");

/** varbit: a string such as `0101`; one of no bits is the empty string. */
export const varbitCodec: Codec<string> = /* @__PURE__ */ bitStringCodec("varbit");

function bitStringCodec(name: string): Codec<string> {
  return {
    name,
    prefersText: true,
    decodeText: (source: FieldSource, start: number, end: number): string =>
      source.text(start, end),
    decodeBinary({ bytes, view }: FieldSource, start: number, end: number): string {
      if (end - start < HEADER_BYTES) throw malformed(name, "its header is cut short");
      const count = view.getInt32(start);
      if (count < 0) throw malformed(name, `a length of ${count} bits`);
      checkLength(name, end - start, HEADER_BYTES + Math.ceil(count / 8));
      const octets: string[] = [];
      for (let at = start + HEADER_BYTES; at < end; at++) octets.push(formatOctet(bytes[at]));
      return octets.join("").slice(0, count);
    },
    encodeText(value: unknown): string {
      throw unfit(name, value, "a string of the digits 0 and 1");
    },
  };
}

function formatOctet(byte: number): string {
  return byte.toString(2).padStart(8, "0");
}
