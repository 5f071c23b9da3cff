/** What an awaited query gives: rows in several shapes, one of them, or only what it is like. */

import { DatabaseError } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";
import { testWire } from "./wire.ts";

const texts = (rows: readonly (Uint8Array | null)[][]) =>
  rows.map((row) => row.map((bytes) => bytes && new TextDecoder().decode(bytes)));

testBoth("Query.values() gives arrays in the order of the columns", async (open) => {
  const sql = open({ max: 1 });
  const rows = await sql`select 1 as a, 2 as a, null as b, array[3] as c`.values();
  assertEquals([...rows], [[1, 2, null, [3]]]);
  assertEquals(rows.columns.map(({ name }) => name), ["a", "a", "b", "c"]);
  assertEquals([...await sql`select where ${true}::bool`.values()], [[]]);
});

testBoth("Query.raw() gives the same bytes on every run: the server's texts", async (open) => {
  const sql = open({ max: 1 });
  const ask = () => sql`select ${5}::int4 as n, null as nothing, true as b, 'é' as t`.raw();
  const expected = [["5", null, "t", "é"]];
  assertEquals(texts(await ask()), expected);
  assertEquals(texts(await ask()), expected);
  assertEquals(texts(await ask().with({ prepare: false })), expected);
  for await (const row of ask()) assertEquals(texts([row]), expected);
  const [piped] = await sql.pipeline([ask()]);
  assertEquals(texts(piped), expected);
  await sql.begin(async (tx) => {
    const portal = tx`select ${5}::int4 as n, null as nothing, true as b, 'é' as t`.raw();
    for await (const row of portal) assertEquals(texts([row]), expected);
  });
});

testBoth("Query.one() gives the one row, and refuses none and several", async (open) => {
  const sql = open({ max: 1 });
  const first = (rows: number) => sql`select g from generate_series(1, ${rows}::int4) g`;
  assertEquals(await first(1).one(), { g: 1 });
  assertEquals(await first(1).values().one(), [1]);
  await assertRejects(() => first(0).one(), RangeError, "the query yields 0");
  await assertRejects(() => first(2).one(), RangeError, "the query yields 2");
  await assertRejects(() => sql`select nosuch`.one(), DatabaseError, "nosuch");
});

testBoth("Query.maybeOne() gives one row or undefined, and refuses several", async (open) => {
  const sql = open({ max: 1 });
  const first = (rows: number) => sql`select g from generate_series(1, ${rows}::int4) g`;
  assertEquals(await first(1).maybeOne(), { g: 1 });
  assertEquals(await first(0).maybeOne(), undefined);
  await assertRejects(() => first(2).maybeOne(), RangeError, "the query yields 2");
});

testBoth(
  "Query.describe() tells text, types and columns without running it",
  async (open, { protocolVersion }) => {
    const sql = open({ max: 1 });
    await sql`create temporary table item (id int8, name text)`;
    const query = () =>
      sql`insert into item ${sql({ id: 1n, name: "x" })} returning name, ${5}::int4 + 1 as six`;
    for (let i = 0; i < 2; i++) {
      const { text, types, columns } = await query().describe();
      assert(text.includes('("id","name") values ($1,$2) returning name, $3::int4'), text);
      assertEquals(types, [20, 25, 23]);
      const described = columns?.map(({ name, typeOid }) => [name, typeOid]);
      assertEquals(described, protocolVersion === "3.2" ? [["name", 25], ["six", 23]] : undefined);
    }
    assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 0 });
    assertEquals([...await query()], [{ name: "x", six: 6 }]);
  },
);

testBoth(
  "Query.describe() knows no columns of what yields no rows",
  async (open, { protocolVersion }) => {
    const sql = open({ max: 1 });
    await sql`create temporary table item (id int4)`;
    const { types, columns } = await sql`delete from item where id = ${1}`.describe();
    assertEquals(types, [23]);
    assertEquals(columns, protocolVersion === "3.2" ? [] : undefined);
  },
);

testBoth(
  "Query.describe() says what the server does not take, and takes the query",
  async (open) => {
    const sql = open({ max: 1 });
    const error = await sql`select ${1}::int4 + nosuch`.describe().catch((error) => error);
    assertInstanceOf(error, DatabaseError);
    assertEquals(error.query, "select $1::int4 + nosuch");
    assert(error.stack!.includes("rows_test"), error.stack!);
    const query = sql`select 1`;
    await query.describe();
    await assertRejects(async () => await query, TypeError, "ran already");
  },
);

testBoth(
  "Query.describe() knows the types that are said, with prepare or without",
  async (open) => {
    const sql = open({ max: 1 });
    for (const prepare of [true, false]) {
      const query = sql`select ${sql.typed(1, "int2")} as a, ${sql.array([], "date")} as b`;
      assertEquals((await query.with({ prepare }).describe()).types, [21, 1182]);
    }
  },
);

testBoth("Query.describe() gives up with its signal, its time and cancel()", async (open) => {
  const sql = open({ max: 1 });
  await using _busy = await sql.reserve();
  const controller = new AbortController();
  const aborted = sql`select 1`.with({ signal: controller.signal }).describe();
  const query = sql`select 1`;
  const cancelled = query.describe();
  const late = sql`select 1`.with({ timeoutMs: 5 }).describe();
  controller.abort(new Error("enough"));
  query.cancel();
  await assertRejects(() => aborted, Error, "enough");
  assertEquals(await cancelled.catch(({ name }) => name), "AbortError");
  assertEquals(await late.catch(({ name }) => name), "TimeoutError");
});

testBoth("Query.describe() runs nothing of a text of several statements", async (open) => {
  const sql = open({ max: 1 });
  await sql`create temporary table item (id int4)`;
  const query = () => sql.unsafe("select 1; insert into item values (1)");
  await assertRejects(() => query().describe(), Error);
  await assertRejects(() => query().with({ prepare: false }).describe(), Error);
  assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 0 });
});

testBoth("Query.describe() takes commands that are no queries", async (open) => {
  const sql = open({ max: 1 });
  for (const text of ["create temporary table item (id int4)", "set geqo to off", ""]) {
    assertEquals((await sql.unsafe(text).describe()).types, [], text);
  }
  await sql`create temporary table item (id int4)`;
});

testWire("Query.describe() tells the columns as they are now", async (open) => {
  for (const prepare of [true, false]) {
    const { sql } = open({ prepare });
    await sql`create temporary table item as select 1 as a`;
    const ask = () => sql`select * from item`;
    await ask();
    await sql`alter table item add column b int4`;
    const { columns } = await ask().describe();
    assertEquals(columns?.map(({ name }) => name), ["a", "b"]);
    assertEquals(await ask().one(), { a: 1, b: null });
  }
});

testBoth("RowList of a command without rows is empty, and knows the command", async (open) => {
  const sql = open({ max: 1 });
  const created = await sql`create temporary table item (id int4)`;
  assertEquals([created.length, created.command, created.columns], [0, "CREATE TABLE", []]);
  const inserted = await sql`insert into item values (1), (2)`;
  assertEquals([inserted.length, inserted.command, inserted.count], [0, "INSERT", 2]);
  const selected = await sql`select * from item`;
  assertEquals([selected.length, selected.count], [2, 2]);
});
