/**
 * How one query is to be run.
 *
 * @module
 */

import type { RowShape } from "../../rows/row_decoder.ts";
import type { StandardSchema } from "../../rows/standard_schema.ts";
import type { StreamMode } from "../lending/session_lender.ts";
import {
  checkCallOptions,
  flagKind,
  millisecondsKind,
  signalKind,
  textKind,
  wordKind,
} from "../options/call_options.ts";

/** How one query is to be run; see {@linkcode Query.with}. */
export interface QueryOptions {
  /** Rejects the query with the signal's reason, and has the server told to stop. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds after which the query is rejected with a `TimeoutError` and the server told to
   * stop, waiting for a connection included; 0: no limit. Of a stream: for each time that its
   * reader waits. Default: the client's `queryTimeoutMs`.
   */
  readonly timeoutMs?: number;
  /** False: no statement is left prepared, all goes in one unit. Default: the client's `prepare`. */
  readonly prepare?: boolean;
  /**
   * A name that the server shows in front of the text, as a comment: in `pg_stat_activity`, its
   * log, and errors. A statement is prepared for each, so it must not be another for each run.
   */
  readonly tag?: string;
}

/** How a stream gets its rows; see {@linkcode Query.stream}. */
export interface StreamOptions {
  /**
   * `flow`: all of them, as fast as they are read; the connection is busy until the end.
   * `portal`: by fetches, so that other queries can use the connection in between. Default:
   * `portal` in a transaction and on a reserved connection, else `flow`.
   */
  readonly mode?: StreamMode;
}

/** All that a query knows of how it is to be run. */
export interface QuerySettings extends QueryOptions {
  readonly shape: RowShape;
  /** By the simple protocol; `if several`: where the text holds several statements. */
  readonly simple: boolean | "if several";
  readonly schema?: StandardSchema;
}

/**
 * Refuses options that do not exist, or have a value of another kind.
 *
 * @throws {TypeError} naming the option
 */
export function checkQueryOptions(options: QueryOptions): QueryOptions {
  return checkCallOptions(options, {
    action: "run a query",
    kinds: { signal: signalKind, timeoutMs: millisecondsKind, prepare: flagKind, tag: textKind },
    spellings: { timeout: "timeoutMs", queryTimeout: "timeoutMs" },
  });
}

/**
 * The same for the options of a stream.
 *
 * @throws {TypeError} naming the option
 */
export function checkStreamOptions(options: StreamOptions): StreamOptions {
  const kinds = { mode: wordKind("flow", "portal") };
  return checkCallOptions(options, { action: "stream", kinds });
}
