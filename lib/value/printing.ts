/**
 * The text that the server would have printed, out of bytes.
 */

import { formatHex } from "./text/bytea.ts";
import type { Codec, Decode } from "./codec.ts";
import { malformed } from "./codec_error.ts";
import { textForm } from "./text_form.ts";

/**
 * Reads bytes as the text of the value that a codec reads out of them; its text form must be
 * the server's own. What the codec cannot read is hex, as of a bytea.
 */
export function printing(codec: Codec): Decode<string> {
  const { decodeBinary } = codec;
  if (decodeBinary === undefined) {
    return ({ bytes }, start, end) => formatHex(bytes.subarray(start, end));
  }
  return (source, start, end) => {
    const value = decodeBinary(source, start, end);
    return typeof value === "string" ? value : print(codec, value);
  };
}

/** A server sends nothing that it has no text for: an error of encoding is one of the bytes. */
function print(codec: Codec, value: unknown): string {
  try {
    return textForm(codec, value);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw malformed(codec.name, "it holds what has no text");
  }
}
