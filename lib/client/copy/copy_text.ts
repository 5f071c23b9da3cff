/**
 * Which texts are a COPY.
 *
 * @module
 */

import { skipBlank } from "../../value/literal/preparable.ts";

/**
 * The server takes what follows a COPY FROM STDIN for its data, so nothing may be sent behind
 * it. A text that only mentions the two words just has its connection for itself.
 */
export const MENTIONS_COPY_IN: RegExp = /\bcopy\b[^]*\bstdin\b/i;

/** The direction of a text that begins with a COPY to or from the client. */
export function copyDirection(text: string): "in" | "out" | undefined {
  const [, stream] = /^copy\b[^]*\b(stdin|stdout)\b/i.exec(text.slice(skipBlank(text, 0))) ?? [];
  if (stream === undefined) return undefined;
  return stream.toLowerCase() === "stdin" ? "in" : "out";
}
