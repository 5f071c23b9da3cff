/**
 * Types whose JavaScript value is PostgreSQL's own text of it.
 */

import type { Codec, Decode } from "./codec.ts";
import { unfit } from "./codec_error.ts";
import { checkText, readText } from "./text/text.ts";

/**
 * A codec that gives a string, and takes a string alone.
 *
 * The type is asked for in text and sent as text. `decodeBinary`, which binary cursors need,
 * must make just the text that the server would have printed.
 */
export function printedCodec(name: string, decodeBinary?: Decode<string>): Codec<string> {
  return {
    name,
    prefersText: true,
    decodeText: readText,
    ...(decodeBinary && { decodeBinary }),
    encodeText(value: unknown): string {
      if (typeof value === "string") return checkText(name, value);
      throw unfit(name, value, "a string");
    },
  };
}
