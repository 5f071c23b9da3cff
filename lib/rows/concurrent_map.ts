/**
 * What a function makes of each row, several rows at a time.
 *
 * @module
 */

import { DerivedIterator, theEnd } from "./derived_iterator.ts";
import type { ResultIterator } from "./result_iterator.ts";
import { requireCount } from "./require_count.ts";

/** How rows are mapped. */
export interface MapOptions {
  /**
   * Calls that may be under way at a time; at least 1. Default 1: one row after the other, as a
   * loop would do it.
   */
  readonly concurrency?: number;
}

/** What makes a result of a row. */
export type MapFunction<Row, T> = (row: Row) => T | PromiseLike<T>;

/**
 * Yields what `fn` makes of the rows, in their order. Nothing is begun before it is asked for;
 * at most `concurrency` rows are read whose results nobody has taken.
 *
 * When a call fails no other is begun and no row is read, the source is left, and the failure
 * comes in the row's place, once the calls under way have settled. Leaving waits for them, too.
 *
 * @throws {RangeError} when `concurrency` is no whole number of at least 1
 */
export function concurrentMap<Row, T>(
  source: AsyncIterator<Row, unknown>,
  fn: MapFunction<Row, T>,
  { concurrency = 1 }: MapOptions = {},
): ResultIterator<T> {
  requireCount(concurrency, { action: "map rows", name: "concurrency" });
  const window = new CallWindow(source, fn, concurrency);
  return new DerivedIterator({ pull: () => window.pull(), leave: () => window.leave() });
}

/** The calls whose results nobody has taken. */
class CallWindow<Row, T> {
  readonly #source: AsyncIterator<Row, unknown>;
  readonly #fn: MapFunction<Row, T>;
  readonly #size: number;
  /** In the order of the rows. */
  readonly #calls: Promise<IteratorResult<T, undefined>>[] = [];
  /** The read before: a source need not take overlapping calls. */
  #before: Promise<unknown> = Promise.resolve();
  /** The source has ended or failed, and must not be asked or left. */
  #over = false;
  /** A call failed or the reader left: nothing more is begun. */
  #stopped = false;
  #left: Promise<void> | undefined;

  constructor(source: AsyncIterator<Row, unknown>, fn: MapFunction<Row, T>, size: number) {
    this.#source = source;
    this.#fn = fn;
    this.#size = size;
  }

  async pull(): Promise<IteratorResult<T, undefined>> {
    while (this.#calls.length < this.#size) this.#calls.push(this.#begin());
    try {
      return await this.#calls[0];
    } catch (error) {
      await this.leave().catch(() => {}); // The first failure is the one to tell.
      throw error;
    } finally {
      this.#calls.shift();
    }
  }

  /** Resolves when no call is under way and the source is left; rejects as leaving that does. */
  leave(): Promise<void> {
    return this.#left ??= this.#leave();
  }

  #begin(): Promise<IteratorResult<T, undefined>> {
    const row = this.#before.then(() => this.#read());
    this.#before = row.catch(() => {});
    const call = row.then((read) => this.#call(read));
    call.catch(() => {}); // Told when its turn comes; behind another failure it never does.
    return call;
  }

  async #read(): Promise<IteratorResult<Row, unknown>> {
    if (this.#over || this.#stopped) return theEnd();
    let over = true;
    try {
      const read = await this.#source.next();
      over = read.done === true;
      return read;
    } finally {
      this.#over ||= over;
    }
  }

  async #call(read: IteratorResult<Row, unknown>): Promise<IteratorResult<T, undefined>> {
    if (read.done || this.#stopped) return theEnd();
    try {
      return { done: false, value: await this.#fn(read.value) };
    } catch (error) {
      this.#stopped = true;
      throw error;
    }
  }

  async #leave(): Promise<void> {
    this.#stopped = true;
    const [left] = await Promise.allSettled([this.#leaveSource(), ...this.#calls]);
    if (left.status === "rejected") throw left.reason;
  }

  async #leaveSource(): Promise<void> {
    if (!this.#over) await this.#source.return?.();
  }
}
