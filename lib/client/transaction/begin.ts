/**
 * A transaction around a function: committed when it resolves, rolled back when it throws,
 * and run again when the server gave it up for the sake of another.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import type { AbortWatch } from "../query/abort.ts";
import type { Transaction } from "./transaction.ts";
import type { BeginOptions } from "./transaction_options.ts";
import { settleAll } from "./transaction_result.ts";
import type { TransactionResult } from "./transaction_result.ts";

/** The first pause before another try is up to so long; each next one up to twice as long. */
const FIRST_PAUSE_MS = 10;
const LAST_PAUSE_MS = 1_000;

/** A transaction that has begun, and what its function gets. */
export interface Begun<Tx> {
  readonly transaction: Transaction;
  readonly tx: Tx;
}

/**
 * Runs `fn` in a transaction that `open` begins; gives what it gives.
 *
 * @throws what `fn` throws, the signal's reason, or what COMMIT fails with
 */
export async function runTransaction<Tx, T>(
  open: (signal: AbortSignal) => Promise<Begun<Tx>>,
  fn: (tx: Tx) => T | PromiseLike<T>,
  { aborts, signal, timeoutMs, retry = 0 }: BeginOptions & { readonly aborts: AbortWatch },
): Promise<TransactionResult<T>> {
  if (typeof fn !== "function") throw new TypeError("Cannot begin: expected a function");
  signal?.throwIfAborted();
  const controller = new AbortController();
  const unwatch = aborts.watch(
    { signals: [signal], timeoutMs, what: "The transaction" },
    (reason) => controller.abort(reason),
  );
  try {
    for (let tries = 0;; tries++) {
      try {
        return await runOnce(await untilBegun(open, controller.signal), fn, controller.signal);
      } catch (error) {
        if (tries >= retry || controller.signal.aborted || !isPassing(error)) throw error;
        await pause(tries, controller.signal);
      }
    }
  } finally {
    unwatch();
  }
}

/** Who aborts does not wait for a server that says nothing; what it begins late is undone. */
async function untilBegun<Tx>(
  open: (signal: AbortSignal) => Promise<Begun<Tx>>,
  signal: AbortSignal,
): Promise<Begun<Tx>> {
  const opening = open(signal);
  try {
    return await untilAborted(opening, signal);
  } catch (error) {
    opening.then(({ transaction }) => transaction.rollback(), () => {});
    throw error;
  }
}

async function runOnce<Tx, T>(
  { transaction, tx }: Begun<Tx>,
  fn: (tx: Tx) => T | PromiseLike<T>,
  signal: AbortSignal,
): Promise<TransactionResult<T>> {
  let result: TransactionResult<T>;
  try {
    result = await untilAborted(settleAll(call(fn, tx)), signal);
  } catch (error) {
    const rollingBack = transaction.rollback(signal.aborted ? signal.reason : undefined);
    await untilAborted(rollingBack, signal); // Who aborts waits for nobody.
    throw error;
  }
  await transaction.finish();
  return result;
}

/** What `fn` throws at once is a rejection as well. */
async function call<Tx, T>(fn: (tx: Tx) => T | PromiseLike<T>, tx: Tx): Promise<Awaited<T>> {
  return await fn(tx);
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
