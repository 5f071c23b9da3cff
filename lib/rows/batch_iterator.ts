/**
 * A result as an async iterator over arrays of rows: no promise a row.
 *
 * @module
 */

import type { ResultQueue } from "./result_queue.ts";

/** Yields the rows of one query in arrays of at least one row, as they arrive. */
export class BatchIterator<Row> implements AsyncIterableIterator<Row[], undefined> {
  readonly #queue: ResultQueue<Row>;
  /** The call before: pulls go one at a time. */
  #before: Promise<unknown> = Promise.resolve();

  /** Made by `Query.batches()`. */
  constructor(queue: ResultQueue<Row>) {
    this.#queue = queue;
  }

  /** The next rows. */
  next(): Promise<IteratorResult<Row[], undefined>> {
    const turn = this.#before.then(() => this.#pull());
    this.#before = turn.catch(() => {});
    return turn;
  }

  /** Leaves the result; resolves when the connection is free again. */
  async return(): Promise<IteratorResult<Row[], undefined>> {
    await this.#queue.leave();
    return { done: true, value: undefined };
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Leaves the result, as `return()` does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #pull(): Promise<IteratorResult<Row[], undefined>> {
    const rows = await this.#queue.pull();
    return rows === undefined ? { done: true, value: undefined } : { done: false, value: rows };
  }
}
