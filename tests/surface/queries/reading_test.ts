/** The ways to read a result as it arrives, and to leave it. */

import { CLOSE, DatabaseError } from "../../../mod.ts";
import type { Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../std_assert.ts";

const numbers = (sql: Sql, count: number) =>
  sql<{ g: number }>`select g from generate_series(1, ${count}::int4) g`;

async function assertFree(sql: Sql): Promise<void> {
  assertEquals(await sql`select 'free' as it`.one(), { it: "free" });
}

testBoth("Query.cursor(n) yields arrays of n rows, the last may be shorter", async (open) => {
  const sql = open({ max: 1 });
  const sizes: number[] = [];
  const seen: number[] = [];
  for await (const rows of numbers(sql, 2500).cursor(1000)) {
    sizes.push(rows.length);
    seen.push(...rows.map(({ g }) => g));
  }
  assertEquals(sizes, [1000, 1000, 500]);
  assertEquals(seen, Array.from({ length: 2500 }, (_, i) => i + 1));
  for await (const _ of numbers(sql, 0).cursor(10)) throw new Error("a batch without rows");
  for await (const rows of numbers(sql, 3).cursor()) assertEquals(rows.length, 1);
  await assertFree(sql);
});

testBoth("Query.cursor(n) left early gives the connection back", async (open) => {
  const sql = open({ max: 1 });
  for await (const rows of numbers(sql, 1_000_000).cursor(10)) {
    assertEquals(rows.length, 10);
    break;
  }
  await assertFree(sql);
});

testBoth("Query.cursor(n, fn) awaits fn, and tells the summary", async (open) => {
  const sql = open({ max: 1 });
  const sizes: number[] = [];
  let running = 0;
  const summary = await numbers(sql, 25).cursor(10, async (rows) => {
    assertEquals(++running, 1);
    await Promise.resolve();
    sizes.push(rows.length);
    running--;
  });
  assertEquals(sizes, [10, 10, 5]);
  assertEquals([summary.command, summary.count, summary.complete], ["SELECT", 25, true]);
  await assertFree(sql);
});

testBoth("Query.cursor(n, fn) gets no more once fn returns CLOSE", async (open) => {
  const sql = open({ max: 1 });
  assertEquals(sql.CLOSE, CLOSE);
  let calls = 0;
  const summary = await numbers(sql, 1_000_000).cursor(10, () => ++calls === 3 ? sql.CLOSE : null);
  assertEquals([calls, summary.complete], [3, false]);
  await numbers(sql, 100).cursor(10, () => Promise.resolve(++calls && CLOSE));
  assertEquals(calls, 4);
  await assertFree(sql);
});

testBoth("Query.cursor(fn) gives one row at a time", async (open) => {
  const sql = open({ max: 1 });
  const seen: { g: number }[][] = [];
  await numbers(sql, 3).cursor((rows) => void seen.push(rows));
  assertEquals(seen, [[{ g: 1 }], [{ g: 2 }], [{ g: 3 }]]);
});

testBoth("Query.cursor() refuses a size that is none", async (open) => {
  const sql = open({ max: 1 });
  for (const size of [0, -1, 1.5, NaN]) {
    assertThrows(() => numbers(sql, 1).cursor(size), RangeError);
  }
  await assertFree(sql);
});

testBoth("Query.cursor(n, fn) and forEach(fn) end with what fn throws", async (open) => {
  const sql = open({ max: 1 });
  const fail = () => Promise.reject(new Error("no more"));
  await assertRejects(() => numbers(sql, 1_000_000).cursor(10, fail), Error, "no more");
  await assertRejects(() => numbers(sql, 1_000_000).forEach(fail), Error, "no more");
  const refuse = () => {
    throw new Error("at once");
  };
  await assertRejects(() => numbers(sql, 1_000_000).forEach(refuse), Error, "at once");
  await assertFree(sql);
});

for (const name of ["forEach", "stream"] as const) {
  testBoth(`Query.${name}(fn) awaits fn for each row, one after the other`, async (open) => {
    const sql = open({ max: 1 });
    const seen: number[] = [];
    let running = 0;
    const summary = await numbers(sql, 50)[name](async ({ g }) => {
      assertEquals(++running, 1);
      await new Promise((resolve) => setTimeout(resolve));
      seen.push(g);
      running--;
    });
    assertEquals(seen, Array.from({ length: 50 }, (_, i) => i + 1));
    assertEquals([summary.count, summary.columns[0].name], [50, "g"]);
  });
}

testBoth("Query.forEach(fn) goes on whatever fn returns, CLOSE too", async (open) => {
  const sql = open({ max: 1 });
  let calls = 0;
  await numbers(sql, 5).forEach(() => (calls++, CLOSE));
  assertEquals(calls, 5);
});

testBoth("Query.forEach(fn) rejects as the query does, behind the rows before", async (open) => {
  const sql = open({ max: 1 });
  const seen: unknown[] = [];
  const query = sql`select 10 / (3 - g) as v from generate_series(1, 5) g`;
  const error = await query.forEach(({ v }) => void seen.push(v)).catch((error) => error);
  assert(error instanceof DatabaseError && error.message === "division by zero");
  assert(error.stack!.includes("reading_test"), error.stack!);
  assertEquals(seen, [5, 10]);
  await assertFree(sql);
});

testBoth(
  "Query.readable() is a stream of the Web, and cancelling it frees the connection",
  async (open) => {
    const sql = open({ max: 1 });
    const seen: number[] = [];
    await numbers(sql, 1000).readable().pipeTo(
      new WritableStream({ write: ({ g }) => void seen.push(g) }),
    );
    assertEquals(seen.length, 1000);
    const reader = numbers(sql, 1_000_000).readable().getReader();
    assertEquals((await reader.read()).value, { g: 1 });
    await reader.cancel();
    await assertFree(sql);
    const failing = sql`select nosuch`.readable().getReader();
    await assertRejects(() => failing.read(), DatabaseError, "nosuch");
  },
);

testBoth("a query is read once, one way or another", async (open) => {
  const sql = open({ max: 1 });
  const ways: ((query: ReturnType<typeof numbers>) => unknown)[] = [
    (query) => query.stream(),
    (query) => query.batches(),
    (query) => query.readable(),
    (query) => query.cursor(1),
    (query) => query[Symbol.asyncIterator](),
  ];
  for (const first of ways) {
    for (const second of ways) {
      const query = numbers(sql, 1);
      first(query);
      assertThrows(() => second(query), TypeError, "ran already");
      await assertRejects(async () => await query, TypeError, "ran already");
    }
  }
  const stream = numbers(sql, 1).stream();
  stream.batches();
  assertThrows(() => stream[Symbol.asyncIterator](), TypeError, "being read already");
});

testBoth("a query that was derived from is another: both run", async (open) => {
  const sql = open({ max: 1 });
  const query = numbers(sql, 2);
  assertEquals([...await query.values()], [[1], [2]]);
  assertEquals([...await query], [{ g: 1 }, { g: 2 }]);
  assertEquals([...await query.with({ timeoutMs: 60_000 })], [{ g: 1 }, { g: 2 }]);
});
