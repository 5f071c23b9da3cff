/**
 * A result read by way of another iterator: grouped, checked, mapped.
 *
 * @module
 */

import type { ResultIterator } from "./result_iterator.ts";

/** What a derived iterator is made of. */
export interface DerivedIteratorOptions<T> {
  /** The next value. One call at a time, and none behind the end, a failure or `leave()`. */
  readonly pull: () => Promise<IteratorResult<T, undefined>>;
  /** Leaves what the values are made of; a pull that waits for it must settle. */
  readonly leave: () => Promise<unknown>;
}

/**
 * Yields what `pull` gives, one after the other. An async generator would let nobody leave
 * before a pull that waits has settled.
 */
export class DerivedIterator<T> implements ResultIterator<T> {
  readonly #options: DerivedIteratorOptions<T>;
  #done = false;
  /** The call before: pulls go one at a time. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(options: DerivedIteratorOptions<T>) {
    this.#options = options;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const turn = this.#before.then(() => this.#pull());
    this.#before = turn.catch(() => {});
    return turn;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#done = true;
    await this.#options.leave();
    return theEnd();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #pull(): Promise<IteratorResult<T, undefined>> {
    if (this.#done) return theEnd();
    try {
      const result = await this.#options.pull();
      if (this.#done) return theEnd(); // Left meanwhile.
      this.#done = result.done === true;
      return result;
    } catch (error) {
      if (this.#done) return theEnd(); // Who has left wants to hear no more.
      this.#done = true;
      throw error;
    }
  }
}

/** What an iterator gives behind the last value. */
export function theEnd(): IteratorReturnResult<undefined> {
  return { done: true, value: undefined };
}
