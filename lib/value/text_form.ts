/**
 * Whether a value goes as text or as binary, and its text: the one place that knows what
 * a string stands for.
 */

import type { Codec } from "./codec.ts";
import { checkText } from "./text/text.ts";

/** True when the codec has a binary form for the value. */
export function fitsBinary(codec: Codec, value: unknown): boolean {
  if (codec.encodeBinary === undefined) return false;
  if (typeof value === "string") return codec.takesStrings === true;
  return codec.fitsBinary?.(value) ?? true;
}

/**
 * The text form of a value; a string is that form already, unless the type takes strings.
 *
 * @throws {TypeError | RangeError} when the value is not one of the type
 */
export function textForm(codec: Codec, value: unknown): string {
  if (typeof value === "string" && !codec.takesStrings) return checkText(codec.name, value);
  return codec.encodeText(value);
}
