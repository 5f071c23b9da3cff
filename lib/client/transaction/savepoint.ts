/**
 * A savepoint around a function: released when it resolves, and what was done since it undone
 * when it throws.
 *
 * @module
 */

import { Handle } from "../lending/handle.ts";
import { settleAll } from "./transaction_result.ts";
import type { TransactionResult } from "./transaction_result.ts";
import type { OpenSavepoint, Transaction } from "./transaction.ts";

/** Savepoints that are open, the innermost last: only in that one can another be opened. */
export class Savepoints {
  readonly #transaction: Transaction;
  readonly #open: Handle[] = [];

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /**
   * Runs `fn` in a savepoint within `parent`; gives what it gives.
   *
   * @throws what `fn` throws, or what the release fails with: a query that failed in it
   * @throws {TypeError} when another savepoint is open in `parent`
   */
  async run<T>(
    parent: Handle,
    fn: (handle: Handle) => T | PromiseLike<T>,
    name?: string,
  ): Promise<TransactionResult<T>> {
    parent.check();
    const innermost = this.#open.at(-1) ?? this.#transaction.handle;
    if (innermost !== parent) throw notInnermost();
    const handle = new Handle(parent.held, () => parent.refusal);
    this.#open.push(handle);
    try {
      const savepoint = await this.#transaction.savepoint(name);
      return await this.#runIn(handle, () => fn(handle), savepoint);
    } finally {
      handle.close(ended());
      this.#open.splice(this.#open.indexOf(handle));
    }
  }

  async #runIn<T>(
    handle: Handle,
    fn: () => T | PromiseLike<T>,
    savepoint: OpenSavepoint,
  ): Promise<TransactionResult<T>> {
    try {
      const result = await settleAll(fn());
      handle.close(ended());
      if (this.#transaction.open) await savepoint.release();
      return result;
    } catch (error) {
      handle.close(ended());
      await this.#undo(savepoint);
      throw error;
    }
  }

  /** What failed first counts; a transaction that cannot go back fails at its own end. */
  async #undo(savepoint: OpenSavepoint): Promise<void> {
    if (this.#transaction.open) await savepoint.undo(ended()).catch(() => {});
  }
}

function ended(): TypeError {
  return new TypeError("Cannot run a query: its savepoint has ended");
}

function notInnermost(): TypeError {
  return new TypeError(
    "Cannot open a savepoint: another is open, expected its end or to be opened from its handle",
  );
}
