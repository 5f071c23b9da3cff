import fc from "fast-check";
import { concurrentMap } from "../../lib/rows/concurrent_map.ts";
import { unbatched } from "../../lib/rows/unbatched.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "../std_assert.ts";
import { HeldCalls, HeldRows } from "./held_calls.ts";
import { drain, ListedBatches } from "./listed_batches.ts";
import { numbers } from "./number_runs.ts";
import { settlesNow, turn } from "./turns.ts";

function source(count: number, failure?: Error) {
  const batches = new ListedBatches([numbers(0, count)], failure);
  return { batches, rows: unbatched(batches) };
}

/** A row's call: turns of the microtask queue that it takes, and whether it fails. */
interface Call {
  readonly turns: number;
  readonly fails: boolean;
}

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({ turns: fc.nat(12), fails: fc.boolean() }),
  { maxLength: 20 },
);
const counts = fc.integer({ min: 1, max: 6 });

/** Makes the calls, and notes how many are under way at a time. */
class CountedCalls {
  readonly #calls: readonly Call[];
  underWay = 0;
  most = 0;

  constructor(calls: readonly Call[]) {
    this.#calls = calls;
  }

  readonly fn = async (row: number): Promise<string> => {
    this.most = Math.max(this.most, ++this.underWay);
    for (let turns = this.#calls[row].turns; turns > 0; turns--) await undefined;
    this.underWay--;
    if (this.#calls[row].fails) throw row;
    return `row ${row}`;
  };
}

/** What a plain loop over the rows would tell. */
function plainly(calls: readonly Call[]): unknown[] {
  const failing = calls.findIndex(({ fails }) => fails);
  const results = numbers(0, failing < 0 ? calls.length : failing).map((row) => `row ${row}`);
  return failing < 0 ? results : [...results, failing];
}

test("concurrentMap() tells what a plain loop would, with no more calls than allowed", async () => {
  const property = fc.asyncProperty(calls, counts, counts, async (given, concurrency, asks) => {
    const counted = new CountedCalls(given);
    const { rows } = source(given.length);
    const told = await readAll(concurrentMap(rows, counted.fn, { concurrency }), asks);
    assertEquals(told, plainly(given));
    assertEquals(counted.underWay, 0);
    assert(counted.most <= concurrency, "calls under way");
  });
  await withoutUnhandledRejections(() => fc.assert(property, { numRuns: 300 }));
});

/** All results and the failure, asking for several at a time. */
async function readAll(results: AsyncIterator<string>, asks: number): Promise<unknown[]> {
  const told: unknown[] = [];
  for (;;) {
    const answers = await Promise.allSettled(Array.from({ length: asks }, () => results.next()));
    for (const answer of answers) {
      if (answer.status === "rejected") told.push(answer.reason);
      else if (!answer.value.done) told.push(answer.value.value);
      else return told;
    }
  }
}

test("concurrentMap() maps one row after the other unless it is told otherwise", async () => {
  const held = new HeldCalls();
  const results = concurrentMap(source(3).rows, held.fn);
  const first = results.next();
  const second = results.next();
  await turn();
  assertEquals(held.begun, [0]);
  await held.resolve(0);
  assertEquals(held.begun, [0, 1]);
  await held.resolve(1);
  assertEquals([(await first).value, (await second).value], ["row 0", "row 1"]);
  assertEquals(held.begun, [0, 1]);
});

test("concurrentMap() begins nothing before it is asked", async () => {
  const held = new HeldCalls();
  const { batches, rows } = source(3);
  concurrentMap(rows, held.fn, { concurrency: 2 });
  await turn();
  assertEquals([batches.asked, held.begun.length], [0, 0]);
});

test("concurrentMap() reads no further ahead than calls are allowed", async () => {
  const held = new HeldCalls();
  const results = concurrentMap(source(9).rows, held.fn, { concurrency: 3 });
  const first = results.next();
  await turn();
  assertEquals(held.begun, [0, 1, 2]);
  await held.resolve(1);
  await held.resolve(2);
  assertEquals(held.begun, [0, 1, 2]);
  await held.resolve(0);
  assertEquals(await first, { done: false, value: "row 0" });
  assertEquals(held.begun, [0, 1, 2]);
  assertEquals(await results.next(), { done: false, value: "row 1" });
  await turn();
  assertEquals(held.begun, [0, 1, 2, 3]);
});

test("concurrentMap() takes a function that is not async, and results that are undefined", async () => {
  assertEquals(await drain(concurrentMap(source(3).rows, (row) => row === 1 ? undefined : row)), {
    values: [0, undefined, 2],
  });
});

test("concurrentMap() tells a failed call in its place, when all others have settled", () =>
  withoutUnhandledRejections(async () => {
    const held = new HeldCalls();
    const { batches, rows } = source(9);
    const results = concurrentMap(rows, held.fn, { concurrency: 3 });
    const first = results.next();
    await turn();
    const failure = new Error("first");
    await held.reject(1, failure);
    await held.resolve(0);
    assertEquals(await first, { done: false, value: "row 0" });
    const second = results.next();
    assert(!await settlesNow(second), "row 2 is under way");
    assertEquals(batches.left, 1);
    await held.reject(2, new Error("second"));
    assertStrictEquals(await assertRejects(() => second), failure);
    assertEquals(await results.next(), { done: true, value: undefined });
    assertEquals(held.begun, [0, 1, 2]);
  }));

test("concurrentMap() tells what a function throws that is not async", () =>
  withoutUnhandledRejections(async () => {
    const failure = new Error("thrown");
    const { batches, rows } = source(3);
    const told = await drain(concurrentMap(rows, () => {
      throw failure;
    }));
    assertEquals(told.values, []);
    assertStrictEquals(told.failure, failure);
    assertEquals(batches.left, 1);
  }));

test("concurrentMap() tells the failed call, not what leaving fails with", () =>
  withoutUnhandledRejections(async () => {
    const failure = new Error("first");
    const rows: AsyncIterator<number> = {
      next: () => Promise.resolve({ done: false, value: 0 }),
      return: () => Promise.reject(new Error("second")),
    };
    const results = concurrentMap(rows, () => Promise.reject(failure), { concurrency: 2 });
    assertStrictEquals(await assertRejects(() => results.next()), failure);
  }));

test("concurrentMap() tells the source's failure behind the results", () =>
  withoutUnhandledRejections(async () => {
    const failure = new Error("lost");
    const { batches, rows } = source(3, failure);
    const told = await drain(concurrentMap(rows, (row) => row, { concurrency: 9 }));
    assertEquals(told.values, [0, 1, 2]);
    assertStrictEquals(told.failure, failure);
    assertLess(batches.asked, 4, "a source that failed is not asked again");
  }));

test("concurrentMap().return() begins no call, and waits for those under way", () =>
  withoutUnhandledRejections(async () => {
    const held = new HeldCalls();
    const { batches, rows } = source(9);
    const results = concurrentMap(rows, held.fn, { concurrency: 2 });
    const next = results.next();
    await turn();
    const left = results.return();
    assert(!await settlesNow(left), "two calls are under way");
    assertEquals(batches.left, 1);
    await held.reject(0, new Error("nobody wants to hear of it"));
    await held.resolve(1);
    assertEquals(await left, { done: true, value: undefined });
    assertEquals(await next, { done: true, value: undefined });
    assertEquals(held.begun, [0, 1]);
  }));

test("concurrentMap().return() ends a next() that waits for a row", async () => {
  const rows = new HeldRows();
  const results = concurrentMap(rows, (row) => row, { concurrency: 2 });
  const next = results.next();
  await turn();
  await results.return();
  assertEquals(await next, { done: true, value: undefined });
});

test("concurrentMap() maps no row that arrives when the reader has left", async () => {
  const held = new HeldCalls();
  const rows = new HeldRows();
  const results = concurrentMap({ next: () => rows.next() }, held.fn);
  const next = results.next();
  await turn();
  const left = results.return();
  await rows.give(0);
  assertEquals(await Promise.all([next, left]), Array(2).fill({ done: true, value: undefined }));
  assertEquals(held.begun, []);
});

test("concurrentMap() reads no row and begins no call behind one that failed", () =>
  withoutUnhandledRejections(async () => {
    const held = new HeldCalls();
    const rows = new HeldRows();
    const results = concurrentMap(rows, held.fn, { concurrency: 4 });
    const first = results.next();
    await rows.give(0);
    await rows.give(1);
    const failure = new Error("failed");
    await held.reject(1, failure);
    await rows.give(2);
    await held.resolve(0);
    assertEquals(await first, { done: false, value: "row 0" });
    assertStrictEquals(await assertRejects(() => results.next()), failure);
    assertEquals([held.begun, rows.asked, rows.left], [[0, 1], 3, 1]);
  }));

test("concurrentMap() asks a source that has ended no more, and does not leave it", async () => {
  const rows = new HeldRows();
  const results = concurrentMap(rows, (row) => row, { concurrency: 4 });
  const next = results.next();
  await rows.end();
  assertEquals(await next, { done: true, value: undefined });
  await results.return();
  assertEquals([rows.asked, rows.left], [1, 0]);
});

test("concurrentMap() leaves the source once", async () => {
  const rows = new HeldRows();
  const results = concurrentMap(rows, (row) => row);
  await Promise.all([results.return(), results.return()]);
  assertEquals(rows.left, 1);
});

test("concurrentMap() leaves the source with a loop that is left", async () => {
  const { batches, rows } = source(9);
  for await (const result of concurrentMap(rows, (row) => row)) {
    if (result === 2) break;
  }
  assertEquals(batches.left, 1);
});

for (const concurrency of [0, -1, 1.5, NaN, Infinity]) {
  test(`concurrentMap() refuses ${concurrency} calls at a time`, () => {
    assertThrows(
      () => concurrentMap(source(1).rows, (row) => row, { concurrency }),
      RangeError,
      `Cannot map rows: concurrency is ${concurrency}, expected a whole number of at least 1`,
    );
  });
}
