import fc from "fast-check";
import { BatchIterator } from "../../lib/rows/batch_iterator.ts";
import { ResultQueue } from "../../lib/rows/result_queue.ts";
import { RowIterator } from "../../lib/rows/row_iterator.ts";
import { test } from "../harness.ts";
import { assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { numberDecoder, numberRun, numbers } from "./number_runs.ts";
import { plainRows } from "./row_iterator_twin.ts";

/** Rows of a result, run by run, and how it ends. */
interface Feed {
  readonly runs: readonly number[];
  readonly fails: boolean;
}

function queued(): ResultQueue<number> {
  const queue: ResultQueue<number> = new ResultQueue<number>({
    decoderFor: () => numberDecoder(),
    cancel: () => queue.end(),
  });
  queue.description([]);
  return queue;
}

/** Feeds a queue as a session does: one run a turn, and none while it is asked to wait. */
async function feed(queue: ResultQueue<number>, { runs, fails }: Feed): Promise<void> {
  let first = 0;
  for (const count of runs) {
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    await queue.push(numberRun(first, count, 4096));
    first += count;
  }
  queue.end(fails ? { error: new Error("failed") } : undefined);
}

/** How many rows are asked for at a time, and whether the rest is left. */
interface Reading {
  readonly asks: readonly number[];
  readonly leaves: boolean;
}

async function read(
  rows: AsyncIterator<number, undefined>,
  { asks, leaves }: Reading,
): Promise<unknown[]> {
  const told: unknown[] = [];
  const ask = async (count: number) => {
    const answers = await Promise.allSettled(Array.from({ length: count }, () => rows.next()));
    for (const answer of answers) {
      told.push(answer.status === "fulfilled" ? answer.value : String(answer.reason));
    }
  };
  for (const count of asks) await ask(count);
  if (leaves) told.push(await rows.return!());
  await ask(1);
  return told;
}

const feeds: fc.Arbitrary<Feed> = fc.record({
  runs: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
  fails: fc.boolean(),
});
const readings: fc.Arbitrary<Reading> = fc.record({
  asks: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 30 }),
  leaves: fc.boolean(),
});

test("RowIterator does what its plain twin does", async () => {
  const property = fc.asyncProperty(feeds, readings, async (given, reading) => {
    const told: unknown[][] = [];
    for (
      const iterate of [plainRows<number>, (queue: ResultQueue<number>) => new RowIterator(queue)]
    ) {
      const queue = queued();
      const fed = feed(queue, given);
      told.push(await read(iterate(queue), reading));
      await queue.leave();
      await fed;
    }
    assertEquals(told[1], told[0]);
  });
  await fc.assert(property, { numRuns: 300 });
});

test("RowIterator yields every row of a loop", async () => {
  const queue = queued();
  const fed = feed(queue, { runs: [1, 200, 3], fails: false });
  const rows: number[] = [];
  for await (const row of new RowIterator(queue)) rows.push(row);
  await fed;
  assertEquals(rows, numbers(0, 204));
});

test("RowIterator.next() answers calls that do not wait for each other in turn", async () => {
  const queue = queued();
  const iterator = new RowIterator(queue);
  const answers = Promise.all(Array.from({ length: 6 }, () => iterator.next()));
  await feed(queue, { runs: [2, 2], fails: false });
  assertEquals((await answers).map(({ value }) => value), [0, 1, 2, 3, undefined, undefined]);
});

test("RowIterator.return() ends a next() that waits", async () => {
  const queue = queued();
  const iterator = new RowIterator(queue);
  const next = iterator.next();
  await iterator.return();
  assertEquals(await next, { done: true, value: undefined });
});

test("RowIterator.next() rejects once behind the last row", async () => {
  const queue = queued();
  const error = new Error("failed");
  queue.push(numberRun(0, 1));
  queue.end({ error });
  const iterator = new RowIterator(queue);
  assertEquals(await iterator.next(), { done: false, value: 0 });
  assertStrictEquals(await assertRejects(() => iterator.next()), error);
  assertEquals(await iterator.next(), { done: true, value: undefined });
});

test("RowIterator.next() rejects at once when the query is aborted", async () => {
  const queue = queued();
  queue.push(numberRun(0, 5));
  const iterator = new RowIterator(queue);
  assertEquals(await iterator.next(), { done: false, value: 0 });
  const reason = new Error("enough");
  queue.abort(reason);
  assertStrictEquals(await assertRejects(() => iterator.next()), reason);
  assertEquals(await iterator.next(), { done: true, value: undefined });
});

test("RowIterator[Symbol.asyncDispose]() leaves the result", async () => {
  let cancels = 0;
  const queue: ResultQueue<number> = new ResultQueue<number>({
    decoderFor: () => numberDecoder(),
    cancel: () => (cancels++, queue.end()),
  });
  const iterator = new RowIterator(queue);
  await iterator[Symbol.asyncDispose]();
  assertEquals(cancels, 1);
  assertEquals(await iterator.next(), { done: true, value: undefined });
});

test("BatchIterator yields whole arrays, none of them empty", async () => {
  const queue = queued();
  const fed = feed(queue, { runs: [1, 200, 3], fails: false });
  const batches: number[][] = [];
  for await (const rows of new BatchIterator(queue)) batches.push(rows);
  await fed;
  assertEquals(batches.flat(), numbers(0, 204));
  assertEquals(batches.filter((rows) => rows.length === 0), []);
});

test("BatchIterator.next() answers calls that do not wait for each other in turn", async () => {
  const queue = queued();
  const iterator = new BatchIterator(queue);
  const answers = Promise.all(Array.from({ length: 3 }, () => iterator.next()));
  await feed(queue, { runs: [2, 1], fails: false });
  assertEquals((await answers).map(({ value }) => value), [[0, 1], [2], undefined]);
});

test("BatchIterator.return() ends a next() that waits", async () => {
  const queue = queued();
  const iterator = new BatchIterator(queue);
  const next = iterator.next();
  await Promise.resolve(); // The pull begins a turn later.
  await iterator.return();
  assertEquals(await next, { done: true, value: undefined });
});
