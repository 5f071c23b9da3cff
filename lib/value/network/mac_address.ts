/**
 * macaddr and macaddr8 as strings of hex digits, as PostgreSQL prints them.
 *
 * The binary form (mac.c, macaddr_send) is the bytes. To build the text of them costs no less
 * than to read the server's, so text is asked for.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, unfit } from "../codec_error.ts";

/** macaddr: a string of the form `08:00:2b:01:02:03`, lower case. */
export const macaddrCodec: Codec<string> = /* @__PURE__ */ hardwareCodec("macaddr", 6);

/** macaddr8, an EUI-64: a string of the form `08:00:2b:01:02:03:04:05`, lower case. */
export const macaddr8Codec: Codec<string> = /* @__PURE__ */ hardwareCodec("macaddr8", 8);

function hardwareCodec(name: string, size: number): Codec<string> {
  const textLength = size * 3 - 1;
  return {
    name,
    prefersText: true,
    decodeText(source: FieldSource, start: number, end: number): string {
      checkLength(name, end - start, textLength);
      return source.text(start, end);
    },
    decodeBinary({ bytes }: FieldSource, start: number, end: number): string {
      checkLength(name, end - start, size);
      let text = hexPair(bytes[start]);
      for (let at = start + 1; at < end; at++) text += `:${hexPair(bytes[at])}`;
      return text;
    },
    encodeText(value: unknown): string {
      throw unfit(name, value, "a string of hex digits, two a byte");
    },
  };
}

function hexPair(byte: number): string {
  return byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
}
