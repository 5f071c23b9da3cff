/**
 * Rows in arrays of a length that the reader chooses, whatever lengths they arrive in.
 *
 * @module
 */

import { derivedBatches } from "./derived_batches.ts";
import type { Batches } from "./result_iterator.ts";
import { requireCount } from "./require_count.ts";

/**
 * Yields arrays of exactly `size` rows; the last, and the last before a failure, may be shorter.
 * When it `isAborted`, none of the rows at hand are given.
 *
 * @throws {RangeError} when `size` is no whole number of at least 1
 */
export function regrouped<Row>(
  batches: Batches<Row>,
  size: number,
  isAborted: () => boolean = () => false,
): Batches<Row> {
  requireCount(size, { action: "group rows", name: "the size" });
  let batch: readonly Row[] = [];
  let taken = 0;
  const fill = async (group: Row[]) => {
    while (group.length < size) {
      if (taken === batch.length || isAborted()) {
        const next = await batches.next();
        if (next.done) return;
        batch = next.value;
        taken = 0;
      }
      const end = Math.min(batch.length, taken + size - group.length);
      while (taken < end) group.push(batch[taken++]);
    }
  };
  return derivedBatches({ fill, leave: () => batches.return() });
}
