/**
 * How one query is to be run.
 *
 * @module
 */

import type { RowShape } from "../../rows/row_decoder.ts";
import type { StandardSchema } from "../../rows/standard_schema.ts";
import type { StreamMode } from "../lending/session_lender.ts";
import { closestName } from "../options/suggestion.ts";

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
export interface QuerySettings extends QueryOptions, StreamOptions {
  readonly shape: RowShape;
  /** By the simple protocol. */
  readonly simple: boolean;
  readonly schema?: StandardSchema;
}

const NAMES = ["signal", "timeoutMs", "prepare", "tag"] as const;
/** What others call them. */
const SPELLINGS: Readonly<Record<string, (typeof NAMES)[number]>> = {
  timeout: "timeoutMs",
  queryTimeout: "timeoutMs",
  query_timeout: "timeoutMs",
};

/**
 * Refuses options that do not exist, or have a value of another kind.
 *
 * @throws {TypeError} naming the option
 */
export function checkQueryOptions(options: QueryOptions): QueryOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!(NAMES as readonly string[]).includes(name)) throw noSuchOption(name);
    if (value !== undefined && !fits[name as keyof QueryOptions](value)) {
      throw new TypeError(`Cannot use option "${name}" of a query: the given value does not fit`);
    }
  }
  return options;
}

const fits: Readonly<Record<keyof QueryOptions, (value: unknown) => boolean>> = {
  signal: (value) => value instanceof AbortSignal,
  timeoutMs: (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0x7fffffff,
  prepare: (value) => typeof value === "boolean",
  tag: (value) => typeof value === "string",
};

function noSuchOption(name: string): TypeError {
  const closest = closestName(name, [...NAMES, ...Object.keys(SPELLINGS)]);
  const meant = closest === undefined ? undefined : SPELLINGS[closest] ?? closest;
  const unit = meant === "timeoutMs" ? " (milliseconds)" : "";
  const advice = meant === undefined
    ? `expected ${NAMES.join(", ")}`
    : `did you mean "${meant}"${unit}`;
  return new TypeError(`Cannot use option "${name}" of a query: no such option, ${advice}`);
}
