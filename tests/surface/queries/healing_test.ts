/** Statements that are gone, or whose columns have changed, are prepared anew unseen. */

import { connect, DatabaseError } from "../../../mod.ts";
import type { Query, RejectionReason, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { ScriptedServer } from "../../faults/scripted_server.ts";
import type { Reply } from "../../faults/scripted_server.ts";
import { test } from "../../harness.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";
import { count, sent, testWire } from "./wire.ts";

/** Every way to run a query; each gives its rows. */
const ways: Readonly<Record<string, (query: Query<unknown>) => PromiseLike<unknown[]>>> = {
  await: async (query) => [...await query],
  execute: async (query) => [...await query.execute()],
  one: async (query) => [await query.one()],
  async loop(query) {
    const rows: unknown[] = [];
    for await (const row of query) rows.push(row);
    return rows;
  },
  async forEach(query) {
    const rows: unknown[] = [];
    await query.forEach((row) => void rows.push(row));
    return rows;
  },
  async cursor(query) {
    const rows: unknown[] = [];
    for await (const batch of query.cursor(10)) rows.push(...batch);
    return rows;
  },
};

/** What may make a statement useless, done between its runs. */
const faults: Readonly<Record<string, readonly string[]>> = {
  "a column that is added": ["alter table item add column b int4 default 7"],
  "a column of another type": ["alter table item alter column a type text"],
  "a column that is gone": [
    "alter table item add column b text default 'x'",
    "alter table item drop column a",
  ],
  "another table": [
    "drop table item",
    "create temporary table item as select 'x'::text as z, 1 as a",
  ],
  "DEALLOCATE ALL": ["deallocate all"],
  "DISCARD PLANS": ["discard plans"],
};

for (const [fault, texts] of Object.entries(faults)) {
  testBoth(`a query heals unseen from ${fault}`, async (open) => {
    for (const prepare of [true, false]) {
      const sql = open({ max: 1, prepare });
      for (const [name, run] of Object.entries(ways)) {
        await sql`create temporary table item as select 1 as a`;
        const ask = () => sql`select * from item where ${true}::bool`;
        assertEquals(await run(ask()), [{ a: 1 }], name);
        assertEquals(await run(ask()), [{ a: 1 }], name);
        for (const text of texts) await sql.unsafe(text);
        const [expected] = await sql`select to_json(item) as row from item`.values().one();
        for (let i = 0; i < 3; i++) assertEquals(await run(ask()), [expected], name);
        await sql`drop table item`;
      }
    }
  });
}

testBoth("queries heal from DISCARD ALL, also those that are on their way", async (open) => {
  const sql = open({ max: 1 });
  const ask = (n: number) => sql`select ${n}::int4 as n, ${n / 2}::float8 as h`.one();
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const expected = numbers.map((n) => ({ n, h: n / 2 }));
  assertEquals(await Promise.all(numbers.map(ask)), expected);
  const discarded = sql`discard all`.execute();
  assertEquals(await Promise.all(numbers.map(ask)), expected);
  await discarded;
  assertEquals(await Promise.all(numbers.map(ask)), expected);
});

testWire("a query heals from DEALLOCATE of its statement alone", async (open) => {
  const { sql, during } = open();
  const ask = () => sql`select ${5}::int4 as n`;
  await ask();
  const [{ name }] = await sql`select name from pg_prepared_statements
    where statement = 'select $1::int4 as n'`;
  await sql.unsafe(`deallocate "${name}"`);
  const lines = await during(async () => assertEquals(await ask().one(), { n: 5 }));
  assertEquals([count(lines, "ErrorResponse"), count(lines, "Parse")], [1, 1]);
  assertEquals(sent(await during(ask)), ["Bind", "Execute", "Sync"]);
});

testWire("a query heals when another has used the name of its statement", async (open) => {
  const { sql } = open();
  await sql.unsafe("prepare rill_1 as select 'not rill''s' as whose").simple();
  await sql.unsafe("prepare rill_2 as select 'not rill''s' as whose").simple();
  for (let i = 0; i < 3; i++) assertEquals(await sql`select ${5}::int4 as n`.one(), { n: 5 });
});

testBoth("a healed INSERT inserts once", async (open) => {
  const sql = open({ max: 1 });
  await sql`create temporary table item (id serial, name text)`;
  const insert = (name: string) => sql`insert into item (name) values (${name}) returning *`;
  assertEquals(await insert("a").one(), { id: 1, name: "a" });
  await sql`alter table item add column at text default 'now'`;
  assertEquals(await insert("b").one(), { id: 2, name: "b", at: "now" });
  await sql`deallocate all`;
  assertEquals(await insert("c").one(), { id: 3, name: "c", at: "now" });
  for await (const { id } of insert("d")) assertEquals(id, 4);
  assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 4 });
});

testWire(
  "a stale statement in a transaction is the server's error, and heals behind it",
  async (open) => {
    const { sql } = open();
    await sql`create temporary table item as select 1 as a`;
    const read = async (tag: SqlTag) => {
      for await (const row of tag`select * from item`.with({ tag: "loop" })) return row;
    };
    const ask = (tag: SqlTag) => tag`select * from item`.one();
    for (const run of [ask, read]) {
      await run(sql);
      await sql`alter table item add column b int4`;
      const error: RejectionReason = await sql.begin(run).catch((error) => error);
      assertInstanceOf(error, DatabaseError);
      assertEquals([error.code, error.message], [
        "0A000",
        "cached plan must not change result type",
      ]);
      assertEquals(await sql.begin(run), { a: 1, b: null });
      await sql`alter table item drop column b`;
      assertEquals(await run(sql), { a: 1 });
    }
  },
);

testWire("a query that raises what a stale statement does is not run again", async (open) => {
  const { sql } = open();
  await sql`create temporary sequence counter`;
  for (const code of ["26000", "0A000"]) {
    await sql.unsafe(`create or replace function pg_temp.fail(bigint) returns int language plpgsql
      as $$ begin raise exception 'mine' using errcode = '${code}'; end $$`);
    const ask = () => sql`select pg_temp.fail(nextval('counter'))`.then();
    for (let i = 0; i < 2; i++) await assertRejects(ask, DatabaseError, "mine");
  }
  assertEquals(await sql`select nextval('counter')::int4 as n`.one(), { n: 5 });
});

testBoth("RowStream.columns are those of the statement that was healed", async (open) => {
  const sql = open({ max: 1 });
  await sql`create temporary table item as select 1 as a`;
  const ask = () => sql`select * from item`;
  for await (const row of ask()) assertEquals(row, { a: 1 });
  await sql`alter table item add column b int4 default 7`;
  const stream = ask().stream();
  assertEquals((await stream.columns).map(({ name }) => name), ["a", "b"]);
  for await (const row of stream) assertEquals(row, { a: 1, b: 7 });
  assertEquals((await stream.summary).columns.map(({ name }) => name), ["a", "b"]);
});

testBoth("a column of a type that is met the first time heals as well", async (open) => {
  for (const prepare of [true, false]) {
    const sql = open({ max: 1, prepare });
    await sql`create type pg_temp.pair as (x int4, y text)`;
    await sql`create temporary table item as select 1 as a`;
    const ask = () => sql`select a from item where ${true}::bool`;
    for (let i = 0; i < 2; i++) assertEquals(await ask().one(), { a: 1 });
    await sql`alter table item alter column a type pg_temp.pair using row(a, 'b')::pg_temp.pair`;
    for (let i = 0; i < 2; i++) assertEquals(await ask().one(), { a: { x: 1, y: "b" } });
    for await (const row of ask()) assertEquals(row, { a: { x: 1, y: "b" } });
  }
});

const gone: Reply = {
  kind: "ErrorResponse",
  fields: { severity: "ERROR", code: "26000", message: "prepared statement does not exist" },
};

test("a query is healed once, not for ever", async () => {
  let binds = 0;
  let failed = false; // Then all is skipped up to the next Sync.
  const server = new ScriptedServer(({ kind }) => {
    if (kind === "Sync") failed = false;
    if (failed) return [];
    failed = kind === "Bind" && ++binds > 1;
    return failed ? [gone] : undefined;
  });
  const sql = connect({
    user: "app",
    sslMode: "disable",
    host: "x",
    connect: server.connect,
    max: 1,
  });
  try {
    assertEquals([...await sql`select 1`.values()], [["right"]]);
    const error: RejectionReason = await sql`select 1`.catch((error) => error);
    assert(error instanceof DatabaseError && error.code === "26000");
    assertEquals(binds, 3);
  } finally {
    await sql.close();
  }
});
