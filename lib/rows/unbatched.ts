/**
 * Rows one by one out of arrays of them, where these are not the queue's own: that is what
 * RowIterator is for.
 *
 * @module
 */

import { DerivedIterator } from "./derived_iterator.ts";
import type { Batches, ResultIterator } from "./result_iterator.ts";

/** Yields the rows of each array; when it `isAborted`, none of those at hand. */
export function unbatched<Row>(
  batches: Batches<Row>,
  isAborted: () => boolean = () => false,
): ResultIterator<Row> {
  let rows: readonly Row[] = [];
  let taken = 0;
  const pull = async (): Promise<IteratorResult<Row, undefined>> => {
    while (taken === rows.length || isAborted()) {
      const next = await batches.next();
      if (next.done) return next;
      rows = next.value;
      taken = 0;
    }
    return { done: false, value: rows[taken++] };
  };
  return new DerivedIterator({ pull, leave: () => batches.return() });
}
