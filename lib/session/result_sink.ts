/**
 * Who takes what a query yields: the session's side of the border to the rows.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type { DataRow, FieldDescription } from "../wire/backend_message.ts";

/**
 * Takes the results of one query, in the server's order: for each statement that
 * yields rows `description`, any number of `rows`, `complete`; for others just
 * `complete`; and at last exactly one of `end` and `fail`.
 */
export interface ResultSink {
  /** A promise keeps the rows back until it settles; only the simple protocol waits for it. */
  description(fields: readonly FieldDescription[]): void | Promise<void>;
  /** A promise asks for no more until it settles. */
  rows(run: DataRow): void | Promise<void>;
  /** The command tag of a statement that is done; empty for an empty query. */
  complete(commandTag: string): void;
  notice(fields: ErrorFields): void;
  /** All that came is to be forgotten: it will come again. Called before `end` and `fail` only. */
  restart?(): void;
  end(): void;
  fail(error: Error): void;
}
