/**
 * How many statements a text holds, and whether PREPARE takes it.
 */

import type { LiteralOptions } from "./literal.ts";
import { matchAt, skipToken } from "./sql_scanner.ts";

const BLANK = /(?:[\s;]|--[^\n\r]*)+/y;
const STATEMENT = /(?:select|insert|update|delete|merge|values|with|table)\b|\(/iy;

/**
 * True for one statement of a kind that has parameters. False when there are several: behind
 * PREPARE only the first would be prepared, and the others would be run.
 */
export function isPreparable(query: string, options: LiteralOptions = {}): boolean {
  const start = skipBlank(query, 0, options);
  return matchAt(STATEMENT, query, start) !== undefined && isOneStatement(query, options);
}

/** True when the server finds one statement in a text: neither several nor none. */
export function isOneStatement(query: string, options: LiteralOptions = {}): boolean {
  const start = skipBlank(query, 0, options);
  if (start === query.length) return false;
  for (let at = start; at < query.length; at = skipToken(query, at, options)) {
    if (query[at] === ";") return skipBlank(query, at, options) === query.length;
  }
  return true;
}

/** True when the server finds several statements in a text. */
export function holdsSeveral(query: string, options: LiteralOptions = {}): boolean {
  if (!query.includes(";") || isOneStatement(query, options)) return false;
  return skipBlank(query, 0, options) < query.length;
}

/** To behind white space, comments and semicolons. */
export function skipBlank(
  query: string,
  start: number,
  options: LiteralOptions = {},
): number {
  let at = start;
  for (;;) {
    const next = query.startsWith("/*", at)
      ? skipToken(query, at, options)
      : at + (matchAt(BLANK, query, at)?.length ?? 0);
    if (next === at) return at;
    at = next;
  }
}
