/**
 * What does it cost to hand out a row that is decoded already?
 *
 * The iterators of a query over a queue in memory whose rows cost nothing to decode, beside
 * the async generator that `RowIterator` is written by hand in place of.
 */

import { BatchIterator } from "../lib/rows/batch_iterator.ts";
import { ResultQueue } from "../lib/rows/result_queue.ts";
import { RowIterator } from "../lib/rows/row_iterator.ts";
import { numberDecoder, numberRun } from "../tests/rows/number_runs.ts";
import { plainRows } from "../tests/rows/row_iterator_twin.ts";
import { heading, interleave, quick, report } from "./measure.ts";
import type { Contender } from "./measure.ts";

const ROWS = quick ? 9_000 : 900_000;
const RUNS = quick ? 1 : 9;
/** As many rows of 92 bytes as an 8 kB chunk holds. */
const ROWS_PER_RUN = 90;
const BYTES_PER_ROW = 92;

/** A queue that is fed as fast as it is read, as a session feeds it. */
function filledQueue(): ResultQueue<number> {
  const queue = new ResultQueue<number>({ decoderFor: () => numberDecoder(), cancel: () => {} });
  queue.description([]);
  feed(queue);
  return queue;
}

async function feed(queue: ResultQueue<number>): Promise<void> {
  for (let first = 0; first < ROWS; first += ROWS_PER_RUN) {
    await queue.push(numberRun(first, ROWS_PER_RUN, BYTES_PER_ROW));
  }
  queue.end();
}

async function countRows(rows: AsyncIterable<number>): Promise<number> {
  let count = 0;
  for await (const row of rows) if (row === count) count++;
  return count;
}

async function countBatches(batches: AsyncIterable<number[]>): Promise<number> {
  let count = 0;
  for await (const batch of batches) {
    for (const row of batch) if (row === count) count++;
  }
  return count;
}

function contender(name: string, count: () => Promise<number>): Contender {
  const run = async () => {
    const rows = await count();
    if (rows !== ROWS) throw new Error(`${rows} rows came in order, expected ${ROWS}`);
    return { rows, bytes: 0 };
  };
  return { name, run };
}

const twin = "async generator";
heading("What does it cost to hand out a row that is decoded already?");
const measured = await interleave([
  contender(twin, () => countRows(plainRows(filledQueue()))),
  contender("RowIterator", () => countRows(new RowIterator(filledQueue()))),
  contender("BatchIterator", () => countBatches(new BatchIterator(filledQueue()))),
], RUNS);
report(measured, twin);
