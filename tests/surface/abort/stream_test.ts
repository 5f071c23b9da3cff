/** Streams that are aborted in the midst of their rows, wherever those are at the moment. */

import type { Query, Sql, SqlTag } from "../../../mod.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertStrictEquals } from "../../std_assert.ts";
import { anything, exhaust, sleep } from "./calls.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";

const reason = new Error("enough");

interface Numbered {
  readonly i: number;
}

/** Rows 1 to `count`, of 200 bytes each. */
function numbered(sql: SqlTag, count: number): Query<Numbered> {
  // Not in FROM, where the server would make all of them before it sends the first.
  return sql.unsafe<Numbered>(`select generate_series(1, ${count}) as i, repeat('x', 200)`);
}

/** More than any test would wait for. */
const ENDLESS = 100_000_000;

const ways: readonly [name: string, read: (query: Query<Numbered>) => AsyncIterable<unknown>][] = [
  ["flow", (query) => query.stream({ mode: "flow" })],
  ["portal", (query) => query.stream({ mode: "portal" })],
  ["as()", (query) => query.as(anything)],
  ["cursor()", (query) => query.cursor(1)],
];

for (const count of [2, 50, 3_000, ENDLESS]) {
  testTargets(`RowStream aborted in the first of ${count} rows gives no other`, async (stage) => {
    const sql = stage.open();
    const pid = await pidOf(sql);
    for (const [name, read] of ways) {
      const controller = new AbortController();
      let seen = 0;
      const told = await rejection((async () => {
        for await (const _ of read(numbered(sql, count).with({ signal: controller.signal }))) {
          seen++;
          controller.abort(reason);
        }
      })());
      assertStrictEquals(told, reason, name);
      assertEquals(seen, 1, name);
      assertEquals(await pidOf(sql), pid);
    }
    await stage.untilIdle();
  });
}

testTargets("Query.cancel() in the first row ends the loop", async (stage) => {
  const sql = stage.open();
  for (const count of [50, ENDLESS]) {
    const query = numbered(sql, count);
    const rows: number[] = [];
    const told = await rejection((async () => {
      for await (const { i } of query) {
        rows.push(i);
        query.cancel();
      }
    })());
    assert(told instanceof DOMException && told.name === "AbortError");
    assertEquals(rows, [1]);
  }
});

testTargets("RowStream is aborted while its reader is slow and the server waits", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  for (const mode of ["flow", "portal"] as const) {
    const controller = new AbortController();
    const stream = numbered(sql, ENDLESS).with({ signal: controller.signal }).stream({ mode });
    const rows = stream[Symbol.asyncIterator]();
    await rows.next();
    if (mode === "flow") await stage.untilPaused();
    controller.abort(reason);
    await stage.untilIdle(); // Although nobody reads.
    assertStrictEquals(await rejection(rows.next()), reason);
    assertStrictEquals(await rejection(stream.summary), reason);
    assertEquals(await rows.next(), { done: true, value: undefined });
    assertEquals(await pidOf(sql), pid);
  }
});

testTargets("RowStream.columns and summary reject with the signal's reason", async (stage) => {
  const sql = stage.open();
  const reserved = await sql.reserve();
  const controller = new AbortController();
  const stream = sleep(sql).with({ signal: controller.signal }).stream();
  const told = [rejection(stream.columns), rejection(stream.summary)];
  await turn();
  controller.abort(reason);
  for (const one of told) assertStrictEquals(await one, reason);
  await reserved.release();
  await pidOf(sql);
});

const callbacks: readonly [
  name: string,
  run: (rows: Query<Numbered>, fn: Fn) => Promise<unknown>,
][] = [
  ["Query.forEach()", (rows, fn) => rows.forEach(fn)],
  ["Query.cursor(1, fn)", (rows, fn) => rows.cursor(1, fn)],
  ["RowStream.map()", (rows, fn) => exhaust(rows.stream().map(fn))],
];

type Fn = () => Promise<void>;

for (const [name, run] of callbacks) {
  testTargets(`${name} aborted while its function is busy calls it no more`, async (stage) => {
    const sql = stage.open();
    const controller = new AbortController();
    const rows = numbered(sql, ENDLESS).with({ signal: controller.signal });
    let calls = 0;
    const told = await rejection(run(rows, async () => {
      calls++;
      controller.abort(reason);
      await stage.untilIdle();
    }));
    assertStrictEquals(told, reason);
    assertEquals(calls, 1);
    await pidOf(sql);
  });
}

testTargets("RowStream.map() with several calls under way is aborted as a whole", async (stage) => {
  const sql = stage.open();
  const controller = new AbortController();
  const rows = numbered(sql, ENDLESS).with({ signal: controller.signal });
  let calls = 0;
  const results = rows.stream().map(async ({ i }) => {
    if (++calls === 40) controller.abort(reason);
    await turn();
    return i;
  }, { concurrency: 8 });
  assertStrictEquals(await rejection(exhaust(results)), reason);
  assert(calls >= 40 && calls < 48);
  await stage.untilIdle();
  await pidOf(sql);
});

testTargets("RowStream aborted between two fetches leaves its transaction alone", async (stage) => {
  const sql = stage.open();
  const sum = await sql.begin(async (tx) => {
    const controller = new AbortController();
    const other = numbered(tx, 500)[Symbol.asyncIterator]();
    await other.next();
    const aborted = rejection((async () => {
      for await (const _ of numbered(tx, ENDLESS).with({ signal: controller.signal })) {
        const pid = await pidOf(tx); // Behind this answer nothing is on its way.
        assert(pid > 0);
        controller.abort(reason);
      }
    })());
    assertStrictEquals(await aborted, reason);
    let sum = 1;
    for await (const { i } of other) sum += i;
    return sum + await first(tx);
  });
  assertEquals(sum, 500 * 501 / 2 + 1);
});

testTargets("RowStream left before its first row leaves its transaction alone", async (stage) => {
  const sql = stage.open();
  for (const leave of ["return", "abort"] as const) {
    const one = await sql.begin(async (tx) => {
      const controller = new AbortController();
      const query = tx<Numbered>`select ${7}::int4 as i`.with({ signal: controller.signal });
      const rows = query[Symbol.asyncIterator]();
      const asked = rows.next().catch((error) => error);
      if (leave === "abort") controller.abort(reason);
      else await rows.return();
      await asked;
      return await first(tx);
    });
    assertEquals(one, 1, leave);
  }
});

async function first(sql: SqlTag | Sql): Promise<number> {
  return (await sql<Numbered>`select 1 as i`.one()).i;
}
