/**
 * A result as a stream of the Web.
 *
 * @module
 */

import type { Batches } from "./result_iterator.ts";

/**
 * A stream of the rows. Nothing is read before somebody asks; a pull takes one array, so at
 * most that much waits in the stream. Cancelling it leaves the result.
 */
export function readableRows<Row>(batches: Batches<Row>): ReadableStream<Row> {
  return new ReadableStream<Row>({
    async pull(controller): Promise<void> {
      const { done, value: rows } = await batches.next();
      // Cancelled meanwhile, the stream refuses what follows, and ignores that it did.
      if (done) return controller.close();
      for (const row of rows) controller.enqueue(row);
    },
    async cancel(): Promise<void> {
      await batches.return();
    },
  }, { highWaterMark: 0 });
}
