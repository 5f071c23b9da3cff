/** What `pooler: "pgbouncer-transaction"` makes of queries, before the real pgbouncer. */

import { setTimeout as delay } from "node:timers/promises";
import { connect, DatabaseError } from "../../mod.ts";
import type { ClientOptions, Sql } from "../../mod.ts";
import type { Pgbouncer } from "../../tools/pgbouncer.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { server } from "../servers.ts";
import { assert, assertEquals, assertRejects } from "../std_assert.ts";
import { testPooled } from "./pooled.ts";

const pooler = "pgbouncer-transaction" as const;

/** Registers a test with clients of a pgbouncer that has two connections to the server. */
function testClients(
  name: string,
  body: (open: (options?: ClientOptions) => Sql, pgbouncer: Pgbouncer) => Promise<void>,
): void {
  testPooled(name, { default_pool_size: 2 }, (pgbouncer) =>
    withoutUnhandledRejections(async () => {
      const opened: Sql[] = [];
      const open = (options: ClientOptions = {}) => {
        const sql = connect(pgbouncer.url(), { pooler, max: 4, ...options });
        opened.push(sql);
        return sql;
      };
      try {
        await body(open, pgbouncer);
      } finally {
        await Promise.all(opened.map((sql) => sql.close()));
      }
    }));
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

testClients(
  "pooler: many clients' queries with parameters mix on two connections",
  async (open) => {
    const clients = [open(), open(), open()];
    const ask = (sql: Sql, n: number) =>
      sql`select ${n}::int4 as n, ${n / 4}::float8 as q, ${`{"n":${n}}`}::text as t,
      ${[n, null]}::int4[] as list, ${{ n }}::jsonb as doc`.one();
    const rows = await Promise.all(numbers(150).map((n) => ask(clients[n % 3], n)));
    assertEquals(
      rows,
      numbers(150).map((n) => (
        { n, q: n / 4, t: `{"n":${n}}`, list: [n, null], doc: { n } }
      )),
    );
  },
);

testClients(
  "pooler: both server connections are used, and none keeps a statement",
  async (open) => {
    const sql = open();
    const where = () =>
      sql<{ pid: number }>`select pg_backend_pid() as pid, ${1.5}::float8, pg_sleep(0.01)`;
    const pids = new Set<number>();
    while (pids.size < 2) {
      for (const { pid } of await Promise.all(numbers(8).map(() => where().one()))) pids.add(pid);
    }
    assertEquals(pids.size, 2);
    const left = await Promise.all(
      numbers(8).map(() =>
        sql`select count(*)::int4 as n, pg_sleep(0.01)::text from pg_prepared_statements`.one()
      ),
    );
    for (const { n } of left) assertEquals(n, 0);
  },
);

testClients("pooler: errors stay with their query, and guesses heal", async (open) => {
  const sql = open({ max: 2 });
  const outcomes = await Promise.all(
    numbers(60).map((n) => {
      if (n % 3 === 0) return sql`select 1 / ${0}::int4`.then(() => "done", ({ code }) => code);
      if (n % 3 === 1) return sql`select ${true}::int4`.then(() => "done", ({ name }) => name);
      return sql`select ${n}::int4 as n`.one().then(({ n }) => n);
    }),
  );
  assertEquals(outcomes, numbers(60).map((n) => ["22012", "TypeError", n][n % 3]));
});

testClients("pooler: transactions stay on one server connection", async (open) => {
  const sql = open();
  await sql`create table pooled_account (id int4 primary key, total int4)`;
  try {
    await sql`insert into pooled_account ${sql(numbers(4).map((id) => ({ id, total: 100 })))}`;
    const move = (from: number, to: number) =>
      sql.begin(async (tx) => {
        const pid = () => tx`select pg_backend_pid() as pid`.one();
        const before = await pid();
        await tx`update pooled_account set total = total - ${1} where id = ${Math.min(from, to)}`;
        await tx`update pooled_account set total = total + ${1} where id = ${Math.max(from, to)}`;
        const undone = tx.savepoint(async (deeper) => {
          await deeper`update pooled_account set total = 0 where id = ${from}`;
          throw new Error("undo");
        });
        await assertRejects(() => undone, Error, "undo");
        assertEquals(await pid(), before);
        if (from === 3) throw new Error("undo all");
      });
    await Promise.all(numbers(40).map((n) => move(n % 4, (n + 1) % 4).catch(() => {})));
    const totals = await sql`select total from pooled_account order by id`.values();
    assertEquals(totals.flat(), [90, 100, 100, 110]);
  } finally {
    await sql`drop table pooled_account`;
  }
});

testClients("pooler: streams in a transaction go by portals beside other queries", async (open) => {
  const [one, other] = [open({ max: 1 }), open({ max: 1 })];
  const run = (sql: Sql) =>
    sql.begin(async (tx) => {
      let sum = 0;
      const loop = tx<{ g: number }>`select g from generate_series(1, ${300}::int4) g`;
      for await (const { g } of loop) {
        for await (const { h } of tx<{ h: number }>`select h from generate_series(1, 2) h`) {
          sum += (await tx<{ v: number }>`select ${g}::int4 * ${h}::int4 as v`.one()).v;
        }
      }
      return sum;
    });
  assertEquals(await Promise.all([run(one), run(other)]), [135450, 135450]);
});

testClients("pooler: streams outside of a transaction flow, and can be left", async (open) => {
  const sql = open({ max: 2 });
  for await (const { g } of sql`select g from generate_series(1, ${1_000_000}::int4) g`) {
    if (g === 3) break;
  }
  let count = 0;
  for await (const rows of sql`select g, ${"x"}::text from generate_series(1, 5000) g`.batches()) {
    count += rows.length;
  }
  assertEquals(count, 5000);
});

testClients("pooler: a pipeline gives each query its own, in order", async (open) => {
  const sql = open({ max: 1 });
  const [[a], [b], c] = await sql.pipeline([
    sql`select ${1.5}::float8 as n`,
    sql`select ${"{}"}::text as t`,
    sql`select g from generate_series(1, 3) g`,
  ]);
  assertEquals([a, b, c.length], [{ n: 1.5 }, { t: "{}" }, 3]);
  const failing = sql.pipeline([sql`select 1`, sql`select 1 / ${0}::int4`], { sync: "one" });
  await assertRejects(() => failing, DatabaseError, "division by zero");
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testClients("pooler: types that users define are met on any server connection", async (open) => {
  const sql = open();
  await sql`create type pooled_mood as enum ('sad', 'ok')`;
  await sql`create type pooled_pair as (x int4, mood pooled_mood)`;
  try {
    const ask = () =>
      sql`select ${"ok"}::pooled_mood as mood,
      ${["sad", null]}::pooled_mood[] as moods, row(1, 'ok')::pooled_pair as pair`.one();
    const expected = { mood: "ok", moods: ["sad", null], pair: { x: 1, mood: "ok" } };
    for (const row of await Promise.all(numbers(12).map(ask))) assertEquals(row, expected);
  } finally {
    await sql`drop type pooled_pair`;
    await sql`drop type pooled_mood`;
  }
});

testClients("pooler: cancel() and timeoutMs reach the query, and none beside it", async (open) => {
  const sql = open({ max: 2 });
  await using observer = connect((await server("pg18")).url(), { max: 1 });
  const running = () =>
    observer`select from pg_stat_activity where query like '%pg_sleep(3577)%'
    and state = 'active' and pid <> pg_backend_pid()`;
  const query = sql`select pg_sleep(3577)`;
  const outcome = query.then(() => "done", ({ name }) => name);
  while ((await running()).length === 0) await delay(5);
  const beside = sql`select pg_sleep(0.2), 1 as one`.one();
  query.cancel();
  assertEquals(await outcome, "AbortError");
  assertEquals((await beside).one, 1);
  const late = sql`select pg_sleep(3577)`.with({ timeoutMs: 30 });
  assertEquals(await late.catch(({ name }) => name), "TimeoutError");
  while ((await running()).length > 0) await delay(5); // It is told behind the rejection.
  assertEquals(await sql`select 2 as two`.one(), { two: 2 });
});

testClients("pooler: a query that waits for a server connection can be given up", async (open) => {
  const sql = open({ max: 3 });
  const held = [await sql.transaction(), await sql.transaction()];
  await Promise.all(held.map((tx) => tx`select 1`));
  const waiting = sql`select 'never' as it`.with({ timeoutMs: 30 });
  assertEquals(await waiting.catch(({ name }) => name), "TimeoutError");
  await Promise.all(held.map((tx) => tx.rollback()));
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testClients("pooler: what belongs to a session is refused, and SET LOCAL works", async (open) => {
  const sql = open();
  const why = "pgbouncer gives each transaction another server connection";
  for (const text of ["listen jobs", "set geqo to off", "prepare a as select 1"]) {
    const { message } = await assertRejects(() => sql.unsafe(text).then(), TypeError);
    assert(message.includes(why), message);
  }
  await assertRejects(() => sql.reserve(), TypeError, why);
  await sql.begin(async (tx) => {
    await tx`set local geqo to off`;
    assertEquals(await tx`show geqo`.values().one(), ["off"]);
  });
  assertEquals(await sql`show geqo`.values().one(), ["on"]);
});

testClients("pooler: columns that change between runs are seen", async (open) => {
  const sql = open();
  await sql`create table pooled_item as select 1 as a`;
  try {
    const ask = () => sql`select * from pooled_item where ${true}::bool`.one();
    for (let i = 0; i < 3; i++) assertEquals(await ask(), { a: 1 });
    await sql`alter table pooled_item add column b text default 'x'`;
    for (const row of await Promise.all(numbers(6).map(ask))) assertEquals(row, { a: 1, b: "x" });
    await sql`alter table pooled_item drop column a`;
    for (const row of await Promise.all(numbers(6).map(ask))) assertEquals(row, { b: "x" });
  } finally {
    await sql`drop table pooled_item`;
  }
});
