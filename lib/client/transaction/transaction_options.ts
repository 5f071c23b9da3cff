/**
 * How a transaction is begun.
 *
 * @module
 */

import {
  checkCallOptions,
  countKind,
  flagKind,
  millisecondsKind,
  signalKind,
  textKind,
  wordKind,
} from "../options/call_options.ts";
import { quoteLiteral } from "../../value/literal/literal.ts";

/** How far transactions are kept apart. */
export type IsolationLevel =
  | "read uncommitted"
  | "read committed"
  | "repeatable read"
  | "serializable";

/** See {@linkcode Sql.transaction}. */
export interface TransactionOptions {
  /** Default: what the server's `default_transaction_isolation` says. */
  readonly isolation?: IsolationLevel;
  /** True: the server refuses to write; false: it writes, whatever its default is. */
  readonly readOnly?: boolean;
  /** True, for serializable and read only: waits at its start until it cannot fail. */
  readonly deferrable?: boolean;
  /**
   * Sees what another transaction sees: the name that `pg_export_snapshot()` gave there.
   * Needs repeatable read or serializable; repeatable read is the default with it.
   */
  readonly snapshot?: string;
  /**
   * Ends the waiting for a connection and the transaction: its queries are rejected with the
   * signal's reason, the server is told to stop, and all is rolled back.
   */
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole transaction, waiting for a connection included. */
  readonly timeoutMs?: number;
}

/** See {@linkcode Sql.begin}. */
export interface BeginOptions extends TransactionOptions {
  /**
   * How many times the whole is run again, from a new BEGIN, when the server gave it up for
   * the sake of another transaction (40001, 40P01). Between the tries there is a pause that is
   * random and grows. Default 0.
   */
  readonly retry?: number;
}

const KINDS = {
  isolation: wordKind("read uncommitted", "read committed", "repeatable read", "serializable"),
  readOnly: flagKind,
  deferrable: flagKind,
  snapshot: textKind,
  signal: signalKind,
  timeoutMs: millisecondsKind,
  retry: countKind,
} as const;

/**
 * The commands that begin a transaction. A string is what stands behind BEGIN.
 *
 * @throws {TypeError} when an option is not one of those there are
 */
export function beginText(options: BeginOptions | string): string {
  if (typeof options === "string") return beginWords(options);
  checkCallOptions(options, {
    action: "begin",
    kinds: KINDS,
    spellings: { isolationLevel: "isolation", timeout: "timeoutMs", retries: "retry" },
  });
  const { readOnly, deferrable, snapshot } = options;
  const isolation = options.isolation ?? (snapshot === undefined ? undefined : "repeatable read");
  const modes = [
    isolation && `isolation level ${isolation}`,
    readOnly !== undefined && (readOnly ? "read only" : "read write"),
    deferrable !== undefined && (deferrable ? "deferrable" : "not deferrable"),
  ].filter(Boolean);
  const begin = ["begin", modes.join(", ")].join(" ").trim();
  if (snapshot === undefined) return begin;
  return `${begin};\nset transaction snapshot ${quoteLiteral(snapshot)}`;
}

function beginWords(words: string): string {
  if (/^[a-z ,]*$/i.test(words)) return `begin ${words}`.trim();
  throw new TypeError("Cannot begin: expected words such as isolation level serializable");
}
