/** The first `sql`, on both protocols and a real server each. */

import { connect, ConnectionError, DatabaseError } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import type { Connector } from "../../lib/transport/transport.ts";
import { protocolsUnderTest, testBoth } from "../both_protocols.ts";
import { test } from "../harness.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "../std_assert.ts";

/** A connector that counts what is written and what is opened. */
function countingConnector(): { connect: Connector; writes: number[]; opened: () => number } {
  const writes: number[] = [];
  let opened = 0;
  const connect: Connector = async (address, options) => {
    opened++;
    const transport = await detectRuntime().connect(address, options);
    const writer = transport.writable.getWriter();
    const writable = new WritableStream<Uint8Array>({
      write(chunk) {
        writes.push(chunk.length);
        return writer.write(chunk);
      },
    });
    return Object.assign(Object.create(transport), {
      readable: transport.readable,
      writable,
      info: transport.info,
      close: () => (writer.releaseLock(), transport.close()),
      abort: (reason: unknown) => transport.abort(reason),
    });
  };
  return { connect, writes, opened: () => opened };
}

testBoth("sql gives an array that knows count, command, columns and notices", async (open) => {
  const sql = open();
  const rows = await sql`select g, g::text as t from generate_series(1, 3) g`;
  assertEquals([...rows], [{ g: 1, t: "1" }, { g: 2, t: "2" }, { g: 3, t: "3" }]);
  assertEquals(rows.count, 3);
  assertEquals(rows.command, "SELECT");
  assertEquals(rows.columns.map(({ name, typeOid }) => [name, typeOid]), [["g", 23], ["t", 25]]);
  assertEquals(Object.keys(rows), ["0", "1", "2"]);

  const noticed = await sql`do $$ begin raise notice 'well, well'; end $$`;
  assertEquals(noticed.notices.map(({ message }) => message), ["well, well"]);
  assertEquals((await sql``).command, "");
});

testBoth("sql keeps a thousand notices of a query, and onNotice gets all", async (open) => {
  let heard = 0;
  const sql = open({ max: 1, onNotice: () => heard++ });
  const { notices } = await sql`
    do $$ begin for i in 1..1500 loop raise notice '%', i; end loop; end $$`;
  assertEquals(notices.length, 1000);
  assertEquals(notices[999].message, "1000");
  assertEquals(heard, 1500);
});

testBoth("sql sends values as parameters, whatever they hold", async (open) => {
  const sql = open({ max: 1 });
  const values = [
    "it's",
    'a "b"',
    "\\",
    "\\'; drop table x; --",
    "$1",
    "é😀",
    "",
    " ",
    "{}",
    "NULL",
  ];
  for (const value of values) {
    const [row] = await sql`select ${value}::text as v, ${value.length}::int4 as n`;
    assertEquals(row, { v: value, n: value.length });
  }
  const [row] = await sql`select ${[
    1,
    null,
    3,
  ]}::int4[] as a, ${null}::text as b, ${true}::bool as c,
    ${12345678901234567890n}::numeric as d, ${new Uint8Array([0, 255, 39, 92])}::bytea as e`;
  assertEquals(row, {
    a: [1, null, 3],
    b: null,
    c: true,
    d: "12345678901234567890",
    e: new Uint8Array([0, 255, 39, 92]),
  });
});

testBoth("sql rejects a value that does not fit before anything is sent", async (open) => {
  const sql = open({ max: 1 });
  await assertRejects(() => sql`select ${undefined}::int4`.then(), TypeError, "$1");
  await assertRejects(() => sql`select ${"a\0b"}::text`.then(), TypeError);
  assertEquals([...await sql`select 1 as one`], [{ one: 1 }]);
});

testBoth("sql joins fragments and quotes names", async (open) => {
  const sql = open({ max: 1 });
  const filter = sql`where g > ${7} and g < ${10}`;
  const rows = await sql`select g as ${
    sql('odd "name"')
  } from generate_series(1, ${20}::int4) g ${filter}`;
  assertEquals([...rows], [{ 'odd "name"': 8 }, { 'odd "name"': 9 }]);
  const [row] = await sql`select relname::text from ${sql("pg_catalog", "pg_class")} limit 1`;
  assertEquals(typeof row.relname, "string");
});

testBoth("Query.values(), raw() and batches() give the same rows in other shapes", async (open) => {
  const sql = open({ max: 1 });
  const query = () => sql`select g, null as n from generate_series(1, 4000) g`;
  assertEquals((await query().values()).slice(0, 2), [[1, null], [2, null]]);
  const [[bytes, nothing]] = await query().raw();
  assertInstanceOf(bytes, Uint8Array);
  assertEquals(nothing, null);
  const collected: unknown[] = [];
  for await (const batch of query().values().batches()) {
    assert(batch.length > 0);
    collected.push(...batch.map(([g]) => g));
  }
  assertEquals(collected, Array.from({ length: 4000 }, (_, i) => i + 1));
});

testBoth("Query.simple() runs several statements and gives each result", async (open) => {
  const sql = open({ max: 1 });
  const last = await sql`select 1 as a; select 2 as b, 3 as c`.simple();
  assertEquals([...last], [{ b: 2, c: 3 }]);
  assertEquals(last.statements.map((rows) => [...rows]), [[{ a: 1 }], [{ b: 2, c: 3 }]]);
});

testBoth("Query is lazy, runs once, and gives the same promise's rows again", async (open) => {
  const counting = countingConnector();
  const sql = open({ max: 1, sslMode: "disable", connect: counting.connect });
  const query = sql`select 1 as one`;
  await Promise.resolve();
  assertEquals(counting.opened(), 0);
  assertEquals(await query, await query);
  assertThrows(() => query[Symbol.asyncIterator](), TypeError, "ran already");
  assertEquals(counting.opened(), 1);
});

testBoth(
  "Query runs when its first row is asked for, and not when it was left before",
  async (open) => {
    const counting = countingConnector();
    const sql = open({ max: 1, sslMode: "disable", connect: counting.connect });
    const untouched = sql`select 1`.batches();
    const left = sql`select 2`[Symbol.asyncIterator]();
    assertEquals(await left.return(), { done: true, value: undefined });
    assertEquals(await left.next(), { done: true, value: undefined });
    await new Promise((resolve) => setTimeout(resolve, 5));
    assertEquals(counting.opened(), 0);
    assertEquals(await untouched.next(), { done: false, value: [{ "?column?": 1 }] });
    assertEquals(await untouched.next(), { done: true, value: undefined });
    assertEquals([...await sql`select 3 as three`], [{ three: 3 }]);
  },
);

testBoth("sql refuses a text with its own $1 as a fragment", async (open) => {
  const sql = open({ max: 1 });
  const text = () => sql.unsafe("where g = $1", [2]);
  const whole = () => sql`select g from generate_series(1, ${3}::int4) g ${text()}`;
  await assertRejects(() => whole().then(), TypeError, "its numbers would clash");
  await assertRejects(() => whole().batches().next(), TypeError, "its numbers would clash");
  const { length } = await sql.unsafe("select g from generate_series(1, 3) g where g > $1::int4", [
    1,
  ]);
  assertEquals(length, 2);
});

testBoth("Query.cancel() before the query is run has it reject, unsent", async (open) => {
  const counting = countingConnector();
  const sql = open({ max: 1, sslMode: "disable", connect: counting.connect });
  for (const stream of [false, true]) {
    const query = sql`select 1`;
    query.cancel();
    const outcome = await (stream ? query.batches().next() : query).then(
      () => "done",
      (e) => e.name,
    );
    assertEquals(outcome, "AbortError");
  }
  assertEquals(counting.opened(), 0);
});

testBoth("Query.cancel() rejects a running query and frees its connection", async (open) => {
  const sql = open({ max: 1 });
  await sql`select 1`;
  const query = sql`select pg_sleep(60)`;
  const outcome = query.then(() => "done", (error) => error.name);
  await new Promise((resolve) => setTimeout(resolve, 50));
  query.cancel();
  assertEquals(await outcome, "AbortError");
  assertEquals([...await sql`select 2 as two`], [{ two: 2 }]);
});

testBoth("DatabaseError points at the line that asked, and into the query", async (open) => {
  const sql = open({ max: 1 });
  const error = await sql`select nosuch from pg_class`.then(() => undefined, (error) => error);
  assertInstanceOf(error, DatabaseError);
  const [title, first] = error.stack!.split("\n");
  assertEquals(title, 'DatabaseError: column "nosuch" does not exist');
  assert(first.includes("sql_test"), error.stack!);
  assertEquals(error.query, "select nosuch from pg_class");
  assertEquals(error.position, 8);
  assertEquals(error.excerpt, "select nosuch from pg_class\n       ^");
});

test("DatabaseError has every field of the server on 3.2, and what the text gives on 2.0", async () => {
  const [today, old] = protocolsUnderTest.map(({ protocolVersion, url }) =>
    connect(url, { protocolVersion, max: 1 })
  );
  try {
    const fail = (sql: Sql) => sql`select 1/0`.then(() => undefined, (error) => error);
    const onToday = await fail(today);
    assertEquals([onToday.severity, onToday.code, onToday.condition], [
      "ERROR",
      "22012",
      "division_by_zero",
    ]);
    assertEquals([onToday.file, onToday.routine], ["int.c", "int4div"]);
    const onOld = await fail(old);
    assertEquals([onOld.severity, onOld.message, onOld.code], [
      "ERROR",
      "division by zero",
      undefined,
    ]);
  } finally {
    await Promise.all([today.close(), old.close()]);
  }
});

test("sql sends the queries of one tick in one write (3.2)", async () => {
  const counting = countingConnector();
  const sql = connect(protocolsUnderTest[0].url, {
    max: 1,
    sslMode: "disable",
    connect: counting.connect,
  });
  try {
    const ask = (n: number) => sql`select ${n}::int4 as n`;
    await ask(0);
    counting.writes.length = 0;
    const rows = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n)));
    assertEquals(rows.map(([row]) => row.n), Array.from({ length: 50 }, (_, n) => n));
    assertEquals(counting.writes.length, 1);
  } finally {
    await sql.close();
  }
});

testBoth("sql opens one connection for queries that follow one another", async (open) => {
  const counting = countingConnector();
  const sql = open({ max: 5, sslMode: "disable", connect: counting.connect });
  for (let i = 0; i < 20; i++) {
    await sql`select ${i}::int4`;
    await sql`select ${i}::int4`.then(() => {});
    for await (const _ of sql`select ${i}::int4`) { /* one row */ }
    await sql`select nosuch`.catch(() => {});
  }
  assertEquals(counting.opened(), 1);
});

testBoth("connect() with idleTimeoutMs closes what is not used and opens anew", async (open) => {
  const sql = open({ max: 1, idleTimeoutMs: 20 });
  const backend = () => sql<{ pid: number }>`select pg_backend_pid() as pid`;
  const [{ pid: first }] = await backend();
  let [{ pid }] = await backend();
  for (let tries = 0; pid === first && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    [{ pid }] = await backend();
  }
  assert(pid !== first);
});

testBoth(
  "connect() with maxLifetimeMs replaces a connection once it is not in use",
  async (open) => {
    const sql = open({ max: 1, maxLifetimeMs: 1 });
    const backend = () => sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.01)`;
    const [[one], [other]] = [await backend(), await backend()];
    assert(one.pid !== other.pid);
  },
);

testBoth("Sql.close() answers what came before, and refuses what comes after", async (open) => {
  const sql = open({ max: 2 });
  const before = sql`select pg_sleep(0.05), 1 as one`.then(([row]) => row.one);
  const closed = sql.close();
  await assertRejects(() => sql`select 2`.then(), ConnectionError, "the pool is closed");
  assertEquals(await before, 1);
  await closed;
});

testBoth("Sql.close() with timeoutMs rejects what is not answered by then", async (open) => {
  const sql = open({ max: 1 });
  await sql`select 1`;
  const outcome = sql`select pg_sleep(60)`.then(() => undefined, (error) => error);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await sql.close({ timeoutMs: 20 });
  assertInstanceOf(await outcome, ConnectionError);
});
