/**
 * A transaction around a function: committed when it resolves, rolled back when it throws,
 * and run again when the server gave it up for the sake of another.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import { watchForAbort } from "../query/abort.ts";
import type { Transaction } from "./transaction.ts";
import type { BeginOptions } from "./transaction_options.ts";

/** The first pause before another try is up to so long; each next one up to twice as long. */
const FIRST_PAUSE_MS = 10;
const LAST_PAUSE_MS = 1_000;

/** A transaction that has begun, and what its function gets. */
export interface Begun<Tx> {
  readonly transaction: Transaction;
  readonly tx: Tx;
}

/** What a function of a transaction gives: queries in an array are awaited. */
export type TransactionResult<T> = T extends readonly unknown[]
  ? { -readonly [Key in keyof T]: Awaited<T[Key]> }
  : T;

/**
 * Runs `fn` in a transaction that `open` begins; gives what it gives.
 *
 * @throws what `fn` throws, the signal's reason, or what COMMIT fails with
 */
export async function runTransaction<Tx, T>(
  open: (signal: AbortSignal) => Promise<Begun<Tx>>,
  fn: (tx: Tx) => T | PromiseLike<T>,
  { signal, timeoutMs, retry = 0 }: BeginOptions,
): Promise<TransactionResult<T>> {
  if (!Number.isInteger(retry) || retry < 0) {
    throw new RangeError("Cannot begin: retry does not fit, expected a whole number not below 0");
  }
  signal?.throwIfAborted();
  const controller = new AbortController();
  const unwatch = watchForAbort(
    { signals: [signal], timeoutMs, what: "The transaction" },
    (reason) => controller.abort(reason),
  );
  try {
    for (let tries = 0;; tries++) {
      try {
        return await runOnce(await open(controller.signal), fn, controller.signal);
      } catch (error) {
        if (tries >= retry || controller.signal.aborted || !isPassing(error)) throw error;
        await pause(tries, controller.signal);
      }
    }
  } finally {
    unwatch();
  }
}

async function runOnce<Tx, T>(
  { transaction, tx }: Begun<Tx>,
  fn: (tx: Tx) => T | PromiseLike<T>,
  signal: AbortSignal,
): Promise<TransactionResult<T>> {
  let result: unknown;
  try {
    result = await untilAborted(call(fn, tx), signal);
  } catch (error) {
    await transaction.rollback(signal.aborted ? signal.reason : undefined);
    throw error;
  }
  if (transaction.open) await transaction.commit();
  return result as TransactionResult<T>;
}

/** Queries in an array run in one go, as with postgres.js. */
async function call<Tx, T>(fn: (tx: Tx) => T | PromiseLike<T>, tx: Tx): Promise<unknown> {
  const result = await fn(tx);
  return Array.isArray(result) ? await Promise.all(result) : result;
}

/** The function may wait for something that no signal reaches: nobody waits for it then. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** True when the whole may succeed at another time: nothing was wrong but what others did. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  if (error.code === "40001" || error.code === "40P01") return true;
  // 2.0 has no SQLSTATE: the server's words, where they are English, are all there is.
  if (
    error.code === undefined && /^(?:could not serialize|deadlock detected)/.test(error.message)
  ) {
    return true;
  }
  // A COMMIT that was answered by ROLLBACK, a pipeline: what failed first is the cause.
  return isPassing(error.cause);
}

/** Random, so that two that met do not meet again. */
function pause(tries: number, signal: AbortSignal): Promise<void> {
  const most = Math.min(FIRST_PAUSE_MS * 2 ** tries, LAST_PAUSE_MS);
  return new Promise((resolve, reject) => {
    const abort = () => (clearTimeout(timer), reject(signal.reason));
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, Math.random() * most);
    signal.addEventListener("abort", abort);
  });
}
