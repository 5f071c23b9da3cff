/** Queries from texts: `unsafe`, and pg's `query`. */

import { DatabaseError } from "../../../mod.ts";
import type { RejectionReason } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import { count, sent, testWire } from "./wire.ts";

testBoth(
  "sql.unsafe() without values runs several statements, and gives the last",
  async (open) => {
    const sql = open({ max: 1 });
    const last = await sql.unsafe(`
    create temporary table item (id int4); -- one
    insert into item values (1), (2);
    select ';' as semicolon, count(*)::int4 as n from item`);
    assertEquals([...last], [{ semicolon: ";", n: 2 }]);
    assertEquals(last.statements.map(({ command, count }) => [command, count]), [
      ["CREATE TABLE", 0],
      ["INSERT", 2],
      ["SELECT", 1],
    ]);
    assertEquals((await sql.unsafe(" ; ")).command, "");
    assertEquals((await sql.unsafe("")).length, 0);
  },
);

testBoth(
  "sql.unsafe() of several statements does all or nothing, and points at the culprit",
  async (open) => {
    const sql = open({ max: 1 });
    await sql`create temporary table item (id int4)`;
    const text = "insert into item values (1); insert into item values (nosuch)";
    const error: RejectionReason = await sql.unsafe(text).catch((error) => error);
    assertEquals([error.query, error.position], [text, text.indexOf("nosuch") + 1]);
    assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 0 });
  },
);

testBoth(
  "sql.unsafe() takes values for $1, $2, …, in any order and more than once",
  async (open) => {
    const sql = open({ max: 1 });
    const ask = () =>
      sql.unsafe("select $2::text || $1 || $2 as t, $3::float8 as n", ["-", "x", 1.5]);
    for (let i = 0; i < 2; i++) assertEquals(await ask().one(), { t: "x-x", n: 1.5 });
    assertEquals(await sql.unsafe("select '$1' as t").one(), { t: "$1" });
  },
);

testWire("sql.unsafe() with values refuses several statements", async (open) => {
  const { sql } = open();
  await sql`create temporary table item (id int4)`;
  const text = "insert into item values ($1); insert into item values ($1)";
  await assertRejects(() => sql.unsafe(text, [1]).then(), DatabaseError, "multiple commands");
  assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 0 });
});

testBoth("sql.unsafe() refuses fewer or more values than the text has places", async (open) => {
  const sql = open({ max: 1 });
  for (let i = 0; i < 2; i++) {
    const few = () => sql.unsafe("select $1::int4 + $2::int4 as n", [1]).then();
    await assertRejects(few, TypeError, "Cannot bind 1 values: the statement has 2 parameters");
    const many = () => sql.unsafe("select $1::int4 as n", [1, 2]).then();
    await assertRejects(many, Error);
  }
  assertEquals(await sql.unsafe("select $1::int4 as n", [1]).one(), { n: 1 });
});

testBoth("sql.unsafe({ simple }) says by which protocol a text goes", async (open) => {
  const sql = open({ max: 1 });
  const options = { simple: true };
  assertEquals(await sql.unsafe("select 1 as n", [], options).one(), { n: 1 });
  const withValues = () => sql.unsafe("select $1::int4 as n", [1], options);
  await assertRejects(() => withValues().then(), TypeError, "in a simple query");
  await assertRejects(() => withValues().batches().next(), TypeError, "in a simple query");
  assertEquals(await sql.unsafe("select 1 as n").one(), { n: 1 });
});

testWire("sql.unsafe({ simple, prepare }) sends what they say", async (open) => {
  const { sql, during } = open();
  const messages = async (...options: Parameters<typeof sql.unsafe>) =>
    sent(await during(() => sql.unsafe(...options)));
  await sql.connect();
  assertEquals(await messages("select 1; select 2"), ["Query"]);
  assertEquals(await messages("select 3", [], { simple: true }), ["Query"]);
  const unit = ["Parse", "Describe", "Bind", "Execute", "Sync"];
  assertEquals(await messages("select 4"), unit);
  assertEquals(await messages("select 4"), ["Bind", "Execute", "Sync"]);
  assertEquals(await messages("select 5;", [], { prepare: false }), unit);
  assertEquals(await messages("select 5;", [], { prepare: false }), unit);
  const lines = await during(() => sql.unsafe("select $1::int4", [1], { prepare: false }));
  assertEquals([count(lines, "Sync"), lines.some((line) => line.includes('"rill_'))], [1, false]);
});

testBoth("Query.simple() refuses parameters before anything is sent", async (open) => {
  const sql = open({ max: 1 });
  await assertRejects(() => sql`select ${1}::int4`.simple().then(), TypeError, "simple query");
  const last = await sql`select 1 as a; ${sql`select 2 as b`}`.simple();
  assertEquals(last.statements.map((rows) => [...rows]), [[{ a: 1 }], [{ b: 2 }]]);
  const seen: unknown[] = [];
  for await (const row of sql`select 1 as a; select 2 as b`.simple()) seen.push(row);
  assertEquals(seen, [{ a: 1 }, { b: 2 }]);
});

testBoth("sql.query() gives rows, rowCount, fields and command, as pg does", async (open) => {
  const sql = open({ max: 1 });
  const created = await sql.query("create temporary table item (id int4, name text)");
  assertEquals(created, { rows: [], rowCount: null, fields: [], command: "CREATE TABLE" });
  const inserted = await sql.query("insert into item values ($1, $2), (2, $2)", [1, "x"]);
  assertEquals(inserted, { rows: [], rowCount: 2, fields: [], command: "INSERT" });
  const selected = await sql.query("select id, name from item where id > $1", [1]);
  assertEquals(selected.rows, [{ id: 2, name: "x" }]);
  assertEquals(Object.getPrototypeOf(selected.rows), Array.prototype);
  assertEquals([selected.rowCount, selected.command], [1, "SELECT"]);
  assertEquals(selected.fields.map(({ name, typeOid }) => [name, typeOid]), [
    ["id", 23],
    ["name", 25],
  ]);
});

testBoth(
  "sql.query().rowCount is what the command says, null where it says nothing",
  async (open) => {
    const sql = open({ max: 1 });
    const rowCount = async (text: string) => (await sql.query(text)).rowCount;
    assertEquals(
      await rowCount("create temporary table item as select g from generate_series(1, 5) g"),
      5,
    );
    assertEquals(await rowCount("update item set g = g + 1 where g > 3"), 2);
    assertEquals(await rowCount("delete from item where g > 99"), 0);
    for (const text of ["begin", "lock item", "commit", "set geqo to off", "drop table item", ""]) {
      assertEquals(await rowCount(text), null, text);
    }
  },
);

testBoth("sql.query() takes a configuration, and rows as arrays", async (open) => {
  const sql = open({ max: 1 });
  const text = "select $1::int4 as a, 2 as a";
  const { rows, fields } = await sql.query<number[]>({ text, values: [1], rowMode: "array" });
  assertEquals(rows, [[1, 2]]);
  assertEquals(fields.map(({ name }) => name), ["a", "a"]);
  assertEquals((await sql.query({ text, values: [1] })).rows, [{ a: 2 }]);
  const other = await sql.query<number[]>({ text, rowMode: "array" }, [7]);
  assertEquals(other.rows, [[7, 2]]);
});

testBoth("sql.query() rejects at the line that asked, and runs in a transaction", async (open) => {
  const sql = open({ max: 1 });
  const error: RejectionReason = await sql.query("select nosuch").catch((error) => error);
  assert(error instanceof DatabaseError);
  assert(error.stack!.includes("text_test"), error.stack);
  await sql`create temporary table item (id int4)`;
  await assertRejects(
    () =>
      sql.begin(async (tx) => {
        assertEquals((await tx.query("insert into item values (1)")).rowCount, 1);
        throw new Error("undo");
      }),
    Error,
    "undo",
  );
  assertEquals((await sql.query("select from item")).rowCount, 0);
});
