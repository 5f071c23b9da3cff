/**
 * A result that is read as it arrives: one way or another, once.
 *
 * @module
 */

import type { FieldDescription } from "../wire/backend_message.ts";
import { concurrentMap } from "./concurrent_map.ts";
import type { MapFunction, MapOptions } from "./concurrent_map.ts";
import { readableRows } from "./readable_rows.ts";
import { regrouped } from "./regrouped.ts";
import type { ResultFacts, StreamSummary } from "./result_facts.ts";
import type { Batches, ResultIterator } from "./result_iterator.ts";
import type { RowSource } from "./row_source.ts";

/**
 * The rows of one query as they arrive, and what the server says beside them.
 *
 * It is read once, by a loop or by one of its methods; the query is run when the first rows are
 * asked for. Leave it by leaving the loop, or by `await using`.
 */
export class RowStream<Row> implements AsyncIterable<Row, undefined>, AsyncDisposable {
  readonly #source: RowSource<Row>;
  readonly #facts: ResultFacts;
  #reader: ResultIterator<unknown> | undefined;

  /** @internal Made by a query. */
  constructor(source: RowSource<Row>, facts: ResultFacts) {
    this.#source = source;
    this.#facts = facts;
  }

  /**
   * What the server says of each column: the first thing to arrive. Asking for it runs the
   * query; rejects as the query does. Empty for a query without rows.
   */
  get columns(): Promise<readonly FieldDescription[]> {
    this.#source.start();
    return this.#facts.columns;
  }

  /**
   * What the server says at the end; rejects as the query does. Asking for it does not read:
   * it settles when the rows were read, or the stream was left.
   */
  get summary(): Promise<StreamSummary> {
    return this.#facts.summary;
  }

  /**
   * Yields the rows one by one.
   *
   * @throws {TypeError} when the stream is being read already
   */
  [Symbol.asyncIterator](): ResultIterator<Row> {
    return this.#take(this.#source.rows());
  }

  /**
   * Yields whole arrays of rows as they arrive: no promise a row.
   *
   * @throws {TypeError} when the stream is being read already
   */
  batches(): Batches<Row> {
    return this.#take(this.#source.batches());
  }

  /**
   * Yields arrays of `size` rows; the last may be shorter.
   *
   * @throws {RangeError} when `size` is no whole number of at least 1
   * @throws {TypeError} when the stream is being read already
   */
  groups(size: number): Batches<Row> {
    return this.#take(regrouped(this.#source.batches(), size, () => this.#source.isAborted()));
  }

  /**
   * A stream of the Web, for what takes no async iterator. Cancelling it leaves the result.
   *
   * @throws {TypeError} when the stream is being read already
   */
  readable(): ReadableStream<Row> {
    return readableRows(this.batches());
  }

  /**
   * Yields what `fn` makes of the rows, in their order, with at most `concurrency` calls under
   * way. The first failure ends it, once the calls under way have settled.
   *
   * @throws {TypeError} when the stream is being read already
   * @throws {RangeError} when `concurrency` is no whole number of at least 1
   */
  map<T>(fn: MapFunction<Row, T>, options?: MapOptions): ResultIterator<T> {
    return this.#take(concurrentMap(this.#source.rows(), fn, options));
  }

  /** Leaves the result, whoever reads it; resolves when the connection is free again. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#reader ?? this.#source.batches()).return();
    this.#facts.left();
  }

  #take<Reader extends ResultIterator<unknown>>(reader: Reader): Reader {
    if (this.#reader) throw new TypeError("Cannot read a stream twice: it is being read already");
    this.#reader = reader;
    return reader;
  }
}
