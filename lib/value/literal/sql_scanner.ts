/**
 * Walks over the tokens of a query as the server's scanner would (scan.l): strings, quoted
 * identifiers, dollar quotes, comments, names and numbers.
 */

import type { LiteralOptions } from "./literal.ts";

const NAME = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?/iy;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const LINE_COMMENT = /--[^\n\r]*/y;
// A string goes on behind white space that has a line end in it; comments count as space.
const CONTINUATION =
  /(?:[ \t\f\v]|--[^\n\r]*(?=[\n\r]))*[\n\r](?:[ \t\f\v\n\r]|--[^\n\r]*[\n\r])*'/y;

/**
 * Where the token that begins here ends. What is not closed reaches to the query's end.
 *
 * @throws {TypeError} when a backslash in a plain string could or could not be an escape,
 * and the options do not say
 */
export function skipToken(query: string, at: number, options: LiteralOptions): number {
  switch (query[at]) {
    case "'":
      return skipPlainString(query, at, options);
    case '"':
      return skipQuoted(query, at);
    case "/":
      return query[at + 1] === "*" ? skipBlockComment(query, at) : at + 1;
    case "-":
      return at + (matchAt(LINE_COMMENT, query, at) ?? "-").length;
    case "$":
      return skipDollarQuote(query, at);
  }
  const name = matchAt(NAME, query, at);
  if (name !== undefined) return skipName(query, at, name);
  return at + (matchAt(NUMBER, query, at) ?? query[at]).length;
}

/** A name, together with the string or identifier it is the prefix of. */
function skipName(query: string, at: number, name: string): number {
  const end = at + name.length;
  if (/^e$/i.test(name) && query[end] === "'") return skipEscapeString(query, end);
  // U&'…' has escapes, but none of a quote.
  if (/^u$/i.test(name) && query[end] === "&" && /['"]/.test(query[end + 1] ?? "")) {
    return skipQuoted(query, end + 1);
  }
  return end;
}

/** To behind the closing quote; a doubled one is none. */
function skipQuoted(query: string, at: number): number {
  const quote = query[at];
  for (let end = at + 1;; end += 2) {
    end = query.indexOf(quote, end);
    if (end < 0) return query.length;
    if (query[end + 1] !== quote) return end + 1;
  }
}

function skipPlainString(query: string, at: number, options: LiteralOptions): number {
  if (options.standardConformingStrings === false) return skipEscapeString(query, at);
  const end = skipQuoted(query, at);
  if (options.standardConformingStrings) return end;
  if (!query.slice(at, end).includes("\\")) return end;
  throw new TypeError(
    "Cannot place parameters: the query has a backslash in '…', which is an escape or not " +
      "by standard_conforming_strings, expected E'…'",
  );
}

/** A string in which a backslash escapes, with all its continuations. */
function skipEscapeString(query: string, at: number): number {
  for (let end = at + 1;; end += 1) {
    if (end >= query.length) return query.length;
    if (query[end] === "\\") end += 1;
    else if (query[end] === "'" && query[end + 1] === "'") end += 1;
    else if (query[end] === "'") {
      const continuation = matchAt(CONTINUATION, query, end + 1);
      if (continuation === undefined) return end + 1;
      end += continuation.length;
    }
  }
}

function skipBlockComment(query: string, at: number): number {
  let depth = 0;
  for (let end = at; end < query.length; end += 2) {
    if (query.startsWith("/*", end)) depth += 1;
    else if (query.startsWith("*/", end)) depth -= 1;
    else end -= 1;
    if (depth === 0) return end + 2;
  }
  return query.length;
}

function skipDollarQuote(query: string, at: number): number {
  const tag = matchAt(DOLLAR_QUOTE, query, at);
  if (tag === undefined) return at + 1;
  const end = query.indexOf(tag, at + tag.length);
  return end < 0 ? query.length : end + tag.length;
}

/** What a sticky pattern matches at an offset. */
export function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
