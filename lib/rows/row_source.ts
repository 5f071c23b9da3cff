/**
 * Where a stream has its rows from: the queue itself, or a schema behind it.
 *
 * @module
 */

import { BatchIterator } from "./batch_iterator.ts";
import { checkedBatches } from "./checked_batches.ts";
import type { Batches, ResultIterator } from "./result_iterator.ts";
import type { ResultQueue } from "./result_queue.ts";
import { RowIterator } from "./row_iterator.ts";
import type { InferOutput, StandardSchema } from "./standard_schema.ts";
import { unbatched } from "./unbatched.ts";

/** The rows of a query that nobody has read yet. Making an iterator does not run the query. */
export interface RowSource<Row> {
  rows(): ResultIterator<Row>;
  batches(): Batches<Row>;
  /** Runs the query, if nobody did. */
  start(): void;
  /** True when nothing more is to be given, also of what was read. */
  isAborted(): boolean;
}

/** The rows as the queue decodes them. */
export function queueSource<Row>(queue: ResultQueue<Row>): RowSource<Row> {
  return {
    rows: () => new RowIterator(queue),
    batches: () => new BatchIterator(queue),
    start: () => queue.start(),
    isAborted: () => queue.aborted,
  };
}

/** What a schema makes of the rows. */
export function checkedSource<Row, Schema extends StandardSchema>(
  queue: ResultQueue<Row>,
  schema: Schema,
): RowSource<InferOutput<Schema>> {
  const batches = () => checkedBatches(new BatchIterator(queue), schema);
  const isAborted = () => queue.aborted;
  return {
    rows: () => unbatched(batches(), isAborted),
    batches,
    start: () => queue.start(),
    isAborted,
  };
}
