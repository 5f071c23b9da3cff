/**
 * Values and names as SQL text, for protocol 2.0, which has no parameters, and
 * for commands that take none.
 *
 * Safe where the session's `client_encoding` is UTF8, as rill's always is: in
 * some others a quote can be the second byte of a character.
 *
 * @module
 */

import { checkText } from "../text/text.ts";

/** What is known of the server. */
export interface LiteralOptions {
  /**
   * The server's `standard_conforming_strings`. When true a backslash in `'…'` is
   * just that; otherwise texts with backslashes are written as `E'…'`, which means
   * the same under either setting (servers from 8.1 on).
   */
  readonly standardConformingStrings?: boolean;
}

/** A text as a literal, quotes included. */
export function quoteLiteral(text: string, options: LiteralOptions = {}): string {
  const quoted = `'${checkText("a literal", text).replaceAll("'", "''")}'`;
  if (options.standardConformingStrings || !text.includes("\\")) return quoted;
  return `E${quoted.replaceAll("\\", "\\\\")}`;
}

/** The text form of a value as a literal of unknown type; null is `NULL`. */
export function literalOfText(text: string | null, options: LiteralOptions = {}): string {
  return text === null ? "NULL" : quoteLiteral(text, options);
}

/** A name as a quoted identifier: it means just that name, case included. */
export function quoteIdentifier(name: string): string {
  if (name === "") throw new TypeError("Cannot quote an identifier: it is empty");
  return `"${checkText("an identifier", name).replaceAll('"', '""')}"`;
}
