/**
 * tid, the place of a row in its table: block and item, as `(0,1)`.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { checkLength } from "../codec_error.ts";
import { printedCodec } from "../printed_codec.ts";

/** tid: a string as PostgreSQL prints it, `(4294967295,65535)`. Takes strings alone. */
export const tidCodec: Codec<string> = /* @__PURE__ */ printedCodec("tid", decodeBinary);

/** An unsigned block number and an unsigned item number (tid.c, tidsend). */
function decodeBinary({ view }: FieldSource, start: number, end: number): string {
  checkLength("tid", end - start, 6);
  return `(${view.getUint32(start)},${view.getUint16(start + 4)})`;
}
