import fc from "fast-check";
import { BatchIterator } from "../../lib/rows/batch_iterator.ts";
import { regrouped } from "../../lib/rows/regrouped.ts";
import { ResultQueue } from "../../lib/rows/result_queue.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "../std_assert.ts";
import { drain, ListedBatches } from "./listed_batches.ts";
import { numberDecoder, numberRun } from "./number_runs.ts";

const arrays = fc.array(fc.array(fc.integer(), { minLength: 1, maxLength: 9 }), { maxLength: 9 });

test("regrouped() gives all rows in order, in arrays of exactly the size but the last", async () => {
  const property = fc.asyncProperty(
    arrays,
    fc.integer({ min: 1, max: 12 }),
    async (given, size) => {
      const { values } = await drain(regrouped(new ListedBatches(given), size));
      const rows = given.flat();
      const expected: number[][] = [];
      for (let i = 0; i < rows.length; i += size) expected.push(rows.slice(i, i + size));
      assertEquals(values, expected);
    },
  );
  await fc.assert(property);
});

test("regrouped() takes no more arrays than a group needs", async () => {
  const batches = new ListedBatches([[0, 1, 2], [3, 4, 5], [6]]);
  const groups = regrouped(batches, 2);
  await groups.next();
  assertEquals(batches.asked, 1);
  await groups.next();
  assertEquals(batches.asked, 2);
});

test("regrouped() gives the rows before a failure, then the failure, then nothing", () =>
  withoutUnhandledRejections(async () => {
    const failure = new Error("failed");
    const groups = regrouped(new ListedBatches([[0, 1, 2]], failure), 2);
    assertEquals(await groups.next(), { done: false, value: [0, 1] });
    assertEquals(await groups.next(), { done: false, value: [2] });
    assertStrictEquals(await assertRejects(() => groups.next()), failure);
    assertEquals(await groups.next(), { done: true, value: undefined });
  }));

test("regrouped() answers calls that do not wait for each other in turn", async () => {
  const groups = regrouped(new ListedBatches([[0, 1, 2], [3]]), 3);
  const answers = await Promise.all([groups.next(), groups.next(), groups.next()]);
  assertEquals(answers.map(({ value }) => value), [[0, 1, 2], [3], undefined]);
});

test("regrouped() leaves the result with its reader", async () => {
  const batches = new ListedBatches([[0, 1], [2, 3]]);
  for await (const group of regrouped(batches, 1)) {
    assertEquals(group, [0]);
    break;
  }
  assertEquals([batches.asked, batches.left], [1, 1]);
});

test("regrouped().return() ends a next() that waits for rows", async () => {
  const queue: ResultQueue<number> = new ResultQueue<number>({
    decoderFor: () => numberDecoder(),
    cancel: () => queue.end(),
  });
  queue.description([]);
  queue.push(numberRun(0, 3));
  const groups = regrouped(new BatchIterator(queue), 10);
  const next = groups.next();
  await groups.return();
  assertEquals(await next, { done: true, value: undefined });
});

for (const size of [0, -1, 1.5, NaN, Infinity]) {
  test(`regrouped() refuses groups of ${size}`, () => {
    assertThrows(
      () => regrouped(new ListedBatches([]), size),
      RangeError,
      `Cannot group rows: the size is ${size}, expected a whole number of at least 1`,
    );
  });
}
