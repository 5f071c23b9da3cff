/**
 * pg_lsn, a position in the write-ahead log, as `16/B374D848`.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { checkLength } from "../codec_error.ts";
import { printedCodec } from "../printed_codec.ts";

/**
 * pg_lsn: a string as PostgreSQL prints it, two hexadecimal numbers of 32 bits each, without
 * leading zeros. Takes strings alone.
 */
export const pgLsnCodec: Codec<string> = /* @__PURE__ */ printedCodec("pg_lsn", decodeBinary);

function decodeBinary({ view }: FieldSource, start: number, end: number): string {
  checkLength("pg_lsn", end - start, 8);
  return `${hex(view.getUint32(start))}/${hex(view.getUint32(start + 4))}`;
}

function hex(value: number): string {
  return value.toString(16).toUpperCase();
}
