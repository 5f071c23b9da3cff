/**
 * Marks a text with where it comes from, for whoever reads it in the server's log.
 */

/** What would end the comment, begin one in it, or break a line of the log. */
const UNSAFE = /\*\/|\/\*|[\p{Cc}\u2028\u2029]/gu;

/**
 * Puts a tag in front of a text, as a block comment.
 *
 * The tag can be any text. What could end the comment, and control characters, become spaces:
 * a query should not fail for what is only said about it. An empty tag adds nothing.
 */
export function tagged(text: string, tag: string): string {
  // A space keeps a `*` and a `/` that remain apart from each other, and from the comment's own.
  const safe = tag.replaceAll(UNSAFE, " ").trim();
  return safe === "" ? text : `/* ${safe} */ ${text}`;
}
