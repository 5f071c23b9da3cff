/**
 * Rows in arrays that are made of others: of another length, or checked.
 *
 * @module
 */

import { DerivedIterator, theEnd } from "./derived_iterator.ts";
import type { Batches } from "./result_iterator.ts";

/** What derived batches are made of. */
export interface DerivedBatchesOptions<Row> {
  /** Puts the next rows into an empty array; none are the end. */
  readonly fill: (rows: Row[]) => Promise<void>;
  /** Leaves what the rows are made of; never rejects. */
  readonly leave: () => Promise<unknown>;
}

/** Yields the arrays that `fill` fills. Where it fails the rows before come first. */
export function derivedBatches<Row>({ fill, leave }: DerivedBatchesOptions<Row>): Batches<Row> {
  let failure: { readonly error: unknown } | undefined;
  const pull = async (): Promise<IteratorResult<Row[], undefined>> => {
    const rows: Row[] = [];
    try {
      if (!failure) await fill(rows);
    } catch (error) {
      failure = { error };
      // Not awaited: whoever aborted a query on a stalled connection is to hear of it at once.
      leave();
    }
    if (rows.length > 0) return { done: false, value: rows };
    if (failure) throw failure.error;
    return theEnd();
  };
  return new DerivedIterator({ pull, leave });
}
