/**
 * Which queries DECLARE takes.
 *
 * @module
 */

import { isOneStatement } from "../../value/literal/preparable.ts";
import { skipToken } from "../../value/literal/sql_scanner.ts";

/** What stands for a backslash in plain strings matters little here: words are looked for. */
const OPTIONS = { standardConformingStrings: true };
const WRITES: readonly string[] = ["insert", "update", "delete", "merge", "into"];

/** True for one statement that reads and changes nothing, locks aside. */
export function isDeclarable(text: string): boolean {
  const words = wordsOf(text);
  const [first] = words;
  if (!["select", "values", "table", "with"].includes(first)) return false;
  const writes = words.some((word, i) => WRITES.includes(word) && !locksRows(words, i));
  return !writes && isOneStatement(text, OPTIONS);
}

/** `for update`, `for no key update`. */
function locksRows(words: readonly string[], i: number): boolean {
  return words[i] === "update" && (words[i - 1] === "for" || words[i - 1] === "key");
}

/** Names and keywords, in small letters; quoted names and strings are none. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = skipToken(text, at, OPTIONS);
    const token = text.slice(at, end);
    if (/^[a-z_]\w*$/i.test(token)) words.push(token.toLowerCase());
    at = end;
  }
  return words;
}
