/** When a query runs, and how it is stopped. */

import { DatabaseError } from "../../../mod.ts";
import type { RejectionReason, Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";
import { untilRunning } from "./activity.ts";

const nameOf = (error: RejectionReason) => error.name;

testBoth("Query.execute() runs at once, and whoever awaits gets the rows", async (open) => {
  const sql = open({ max: 1 });
  await sql`create temporary table item (id int4)`;
  const query = sql`insert into item values (1) returning id`.execute();
  assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 1 });
  assertEquals([...await query], [{ id: 1 }]);
  assertEquals(await query.execute(), await query);
  assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 1 });
});

testBoth(
  "Query.execute() tells a failure to who awaits later, and to nobody else",
  async (open) => {
    const sql = open({ max: 1 });
    sql`select nobody awaits this`.execute(); // Were it unhandled, the test would fail.
    const query = sql`select nosuch`.execute();
    assertEquals(await sql`select 1 as one`.one(), { one: 1 });
    const error = await query.catch((error) => error);
    assertInstanceOf(error, DatabaseError);
    assertEquals(error.query, "select nosuch");
  },
);

testBoth("Query.cancel() stops a query wherever it is awaited", async (open) => {
  const sql = open({ max: 1 });
  const observer = open({ max: 1 });
  const ways: ((query: ReturnType<Sql["unsafe"]>) => PromiseLike<unknown>)[] = [
    (query) => query,
    (query) => query.execute(),
    (query) => query.one(),
    (query) => query.forEach(() => {}),
    (query) => query.cursor(10, () => {}),
    (query) => query.batches().next(),
    (query) => query.readable().getReader().read(),
  ];
  for (const [i, way] of ways.entries()) {
    const query = sql.unsafe(`select pg_sleep(3600 + ${i})`);
    const outcome = way(query).then(() => "done", nameOf);
    await untilRunning(observer, `3600 + ${i}`);
    query.cancel();
    assertEquals(await outcome, "AbortError");
    assertEquals(await sql`select 1 as one`.one(), { one: 1 });
  }
});

testBoth("Query.cancel() takes a query out of those that wait for a connection", async (open) => {
  const sql = open({ max: 1 });
  await sql`create temporary table item (id int4)`;
  const reserved = await sql.reserve();
  const waiting = sql`insert into item values (1)`;
  const outcome = waiting.then(() => "done", nameOf);
  const next = sql`select count(*)::int4 as n from item`.one();
  waiting.cancel();
  assertEquals(await outcome, "AbortError");
  await reserved.release();
  assertEquals(await next, { n: 0 });
});

testBoth("Query.cancel() of a query that is done does nothing, also to the next", async (open) => {
  const sql = open({ max: 1 });
  const query = sql`select 1 as one`;
  const rows = await query;
  const next = sql`select pg_sleep(0.05), 2 as two`.values();
  const outcome = next.then(([[, two]]) => two);
  query.cancel();
  assertEquals(await outcome, 2);
  assertEquals(await query, rows);
});

testBoth(
  "Query.with({ signal, timeoutMs }) rejects with the reason, and stops the server",
  async (open) => {
    const sql = open({ max: 1 });
    const observer = open({ max: 1 });
    const controller = new AbortController();
    const aborted = sql.unsafe("select pg_sleep(3590)").with({ signal: controller.signal });
    const outcome = assertRejects(() => aborted.then(), Error, "enough");
    await untilRunning(observer, "3590");
    controller.abort(new Error("enough"));
    await outcome;
    const late = sql.unsafe("select pg_sleep(3591)").with({ timeoutMs: 20 });
    assertEquals(await late.catch(nameOf), "TimeoutError");
    assertEquals(await sql`select 1 as one`.one(), { one: 1 });
    const [{ left }] = await observer`select count(*)::int4 as left from pg_stat_activity
    where state = 'active' and query like 'select pg_sleep(359_)'`;
    assertEquals(left, 0);
  },
);

testBoth(
  "Query.with({ signal }) of a signal that was aborted before sends nothing",
  async (open) => {
    const lines: string[] = [];
    const sql = open({ max: 1, trace: (line) => lines.push(line) });
    const signal = AbortSignal.abort(new Error("before"));
    const query = () => sql`select 1`.with({ signal });
    await assertRejects(() => query().then(), Error, "before");
    await assertRejects(() => query().batches().next(), Error, "before");
    await assertRejects(() => query().describe(), Error, "before");
    assertEquals(lines, []);
  },
);
