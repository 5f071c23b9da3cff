/** Arrays of rows from a list, for tests of what reads them. */

import type { Batches } from "../../lib/rows/result_iterator.ts";

/** Gives the arrays, then fails if it is to; counts how often it is asked and left. */
export class ListedBatches<Row> implements Batches<Row> {
  readonly #arrays: Row[][];
  readonly #failure: Error | undefined;
  asked = 0;
  left = 0;

  constructor(arrays: Row[][], failure?: Error) {
    this.#arrays = [...arrays];
    this.#failure = failure;
  }

  next(): Promise<IteratorResult<Row[], undefined>> {
    this.asked++;
    const rows = this.left > 0 ? undefined : this.#arrays.shift();
    if (rows) return Promise.resolve({ done: false, value: rows });
    if (this.#failure && this.left === 0) return Promise.reject(this.#failure);
    return Promise.resolve({ done: true, value: undefined });
  }

  return(): Promise<IteratorResult<Row[], undefined>> {
    this.left++;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** All that an iterator gives, and what it fails with at last. */
export async function drain<T>(
  iterator: AsyncIterable<T>,
): Promise<{ values: T[]; failure?: unknown }> {
  const values: T[] = [];
  try {
    for await (const value of iterator) values.push(value);
    return { values };
  } catch (failure) {
    return { values, failure };
  }
}
