/** Values of streams by fetches: types first met there, and what options make of them. */

import type { Sql, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals } from "../../std_assert.ts";
import { all } from "./reading.ts";

/** Types of the test's own, seen by every session of its database. */
async function createTypes(observer: Sql) {
  const schema = `types_${crypto.randomUUID().replaceAll("-", "")}`;
  await observer.unsafe(`
    create schema ${schema};
    create type ${schema}.mood as enum ('ok', 'so so');
    create type ${schema}.item as (id int4, name text, mood ${schema}.mood);
    create domain ${schema}.percent as int4 check (value between 0 and 100);
  `).simple();
  return {
    schema,
    async [Symbol.asyncDispose]() {
      await observer.unsafe(`drop schema ${schema} cascade`);
    },
  };
}

/** A hundred rows of them, and what they are in JavaScript. */
function rowsOf(tag: SqlTag, schema: string) {
  return tag.unsafe(`
    select i, 'so so'::${schema}.mood as mood, array['ok', null]::${schema}.mood[] as moods,
      row(i, 'a "b", (c)', 'ok')::${schema}.item as item, (i % 100)::${schema}.percent as percent
    from generate_series(1, 100) i`);
}

function expectedRows() {
  return Array.from({ length: 100 }, (_, n) => ({
    i: n + 1,
    mood: "so so",
    moods: ["ok", null],
    item: { id: n + 1, name: 'a "b", (c)', mood: "ok" },
    percent: (n + 1) % 100,
  }));
}

for (const mode of ["portal", "flow"] as const) {
  testBoth(
    `RowStream in ${mode} mode knows types of the user's that it is the first to meet`,
    async (open) => {
      const observer = open({ max: 1 });
      await using types = await createTypes(observer);
      const sql = open({ max: 1 });
      await sql.begin(async (tx) => {
        assertEquals(await all(rowsOf(tx, types.schema).stream({ mode })), expectedRows());
      });
      const again = open({ max: 1 });
      await using reserved = await again.reserve();
      assertEquals(await all(rowsOf(reserved, types.schema).stream({ mode })), expectedRows());
    },
  );
}

testBoth("RowStream in portal mode takes values of the user's types", async (open) => {
  const observer = open({ max: 1 });
  await using types = await createTypes(observer);
  const sql = open({ max: 1 });
  const item = { id: 1, name: "a", mood: "so so" };
  await sql.begin(async (tx) => {
    const type = tx.unsafe(`${types.schema}.item`);
    const rows = await all(tx`select ${item}::${type} as item from generate_series(1, 50)`);
    assertEquals(rows, Array.from({ length: 50 }, () => ({ item })));
  });
});

testBoth("RowStream in portal mode knows types that its own transaction has made", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    await tx`create type pg_temp.mood as enum ('ok', 'so so')`;
    const rows = await all(
      tx`select array['ok']::pg_temp.mood[] as moods from generate_series(1, 50)`,
    );
    assertEquals(rows, Array.from({ length: 50 }, () => ({ moods: ["ok"] })));
  });
});

testBoth("RowStream in portal mode gives the shapes of values() and raw()", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const query = () => tx`select i, null as n from generate_series(1, 100) i`;
    const values = await all(query().values());
    assertEquals(values, Array.from({ length: 100 }, (_, i) => [i + 1, null]));
    const raw = await all(query().raw());
    assertEquals(
      raw.map(([i, n]) => [new TextDecoder().decode(i!), n]),
      values.map(([i]) => [String(i), null]),
    );
  });
});

testBoth("RowStream in portal mode is transformed as any result is", async (open) => {
  const sql = open({
    max: 1,
    transform: {
      column: { from: (name) => name.toUpperCase() },
      value: { from: (value) => typeof value === "number" ? -value : value },
      row: { from: (row) => ({ ...row as object, more: true }) },
    },
  });
  await sql.begin(async (tx) => {
    const query = () => tx`select i as a_number, 'x' as text from generate_series(1, 100) i`;
    const whole = await query();
    assertEquals(await all(query()), [...whole]);
    assertEquals(whole[0], { A_NUMBER: -1, TEXT: "x", more: true });
  });
});

testBoth("RowStream in portal mode checks its rows by a schema", async (open) => {
  const sql = open({ max: 1 });
  const schema = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (row: unknown) => ({ value: `row ${(row as { i: number }).i}` }),
    },
  } as const;
  await sql.begin(async (tx) => {
    const rows = await all(tx`select i from generate_series(1, 100) i`.as(schema));
    assertEquals(rows, Array.from({ length: 100 }, (_, i) => `row ${i + 1}`));
  });
});
