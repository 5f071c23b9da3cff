/**
 * What every way to read a result one by one gives.
 *
 * @module
 */

/**
 * Yields what comes of one query, in the server's order. Calls of `next()` may overlap and are
 * answered in turn. Leave it by `return()`, by leaving a loop over it, or by `await using`.
 */
export interface ResultIterator<T> extends AsyncIterableIterator<T, undefined>, AsyncDisposable {
  /** The next value; rejects once, behind the values that came before, if the query fails. */
  next(): Promise<IteratorResult<T, undefined>>;
  /** Leaves the result; resolves when the connection is free again. */
  return(): Promise<IteratorResult<T, undefined>>;
}

/** Yields rows in arrays of at least one. */
export type Batches<Row> = ResultIterator<Row[]>;
