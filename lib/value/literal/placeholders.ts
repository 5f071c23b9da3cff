/**
 * Finds `$1`, `$2`, … in a query as the server would: not in strings, quoted
 * identifiers, dollar quotes and comments, nor inside of names (scan.l).
 */

import type { LiteralOptions } from "./literal.ts";
import { matchAt, skipToken } from "./sql_scanner.ts";

/** A `$n`, and where it stands in the query. */
export interface Placeholder {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The placeholders of a query in order. What is not closed reaches to the end, as the
 * server will say.
 *
 * @throws {TypeError} when a backslash in a plain string could or could not be an escape,
 * and the options do not say
 */
export function findPlaceholders(query: string, options: LiteralOptions = {}): Placeholder[] {
  const found: Placeholder[] = [];
  for (let at = 0; at < query.length;) {
    const placeholder = matchAt(PLACEHOLDER, query, at);
    if (placeholder !== undefined) {
      const end = at + placeholder.length;
      found.push({ index: Number(placeholder.slice(1)), start: at, end });
      at = end;
    } else {
      at = skipToken(query, at, options);
    }
  }
  return found;
}

const PLACEHOLDER = /\$\d+/y;
