/**
 * jsonpath as a string.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";
import { printedCodec } from "../printed_codec.ts";

const VERSION = 1;

/** jsonpath: a string as PostgreSQL prints it, `$."a"[*]`. Takes strings alone. */
export const jsonpathCodec: Codec<string> = /* @__PURE__ */ printedCodec("jsonpath", decodeBinary);

/** A version and the text (jsonpath.c, jsonpath_send). */
function decodeBinary(source: FieldSource, start: number, end: number): string {
  if (start === end || source.bytes[start] !== VERSION) {
    throw malformed("jsonpath", `its version is unknown, expected ${VERSION}`);
  }
  return source.text(start + 1, end);
}
