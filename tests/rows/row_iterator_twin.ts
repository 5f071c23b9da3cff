/** What RowIterator means, as the async generator that it is written by hand in place of. */

import type { ResultQueue } from "../../lib/rows/result_queue.ts";

/** Yields the rows of a queue; leaves it whichever way the loop ends. */
export async function* plainRows<Row>(
  queue: ResultQueue<Row>,
): AsyncGenerator<Row, undefined, undefined> {
  try {
    for (let rows = await queue.pull(); rows; rows = await queue.pull()) yield* rows;
  } finally {
    await queue.leave();
  }
}
