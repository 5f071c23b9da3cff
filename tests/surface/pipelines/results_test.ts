/** What the queries of a pipeline give. */

import type { Query, Sql, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertStrictEquals } from "../../std_assert.ts";
import { createTable } from "../transactions/test_table.ts";

/** Both ways to end a pipeline. */
const ENDS = [{ sync: "each" }, { sync: "one" }] as const;

testBoth("SqlTag.pipeline() gives each query's result by its own type", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const options of [undefined, ...ENDS]) {
    const [numbers, [{ t }], inserted, none, [untyped]] = await sql.pipeline([
      sql<{ g: number }>`select g from generate_series(1, ${3}::int4) g`,
      sql<{ t: string }>`select ${"text"}::text as t`,
      sql`insert into ${table.name} values (${1}), (${2})`,
      sql<{ n: bigint }>`select 1 as n where false`,
      sql`select 1 as a`,
    ], options);
    const sum: number = numbers.reduce((sum, { g }) => sum + g, 0);
    const text: string = t;
    assertEquals([sum, text, untyped.a], [6, "text", 1]);
    assertEquals([numbers.count, numbers.command, inserted.count, inserted.command], [
      3,
      "SELECT",
      2,
      "INSERT",
    ]);
    assertEquals([none.length, none.columns.map(({ name }) => name)], [0, ["n"]]);
    for (const result of [numbers, inserted, none]) assertEquals(result.statements.length, 1);
  }
  assertEquals(await table.values(), [1, 1, 1, 2, 2, 2]);
});

testBoth(
  "SqlTag.pipeline() gives nothing for no queries, and opens no connection",
  async (open) => {
    const said: string[] = [];
    const sql = open({ max: 1, trace: (line) => said.push(line) });
    for (const options of ENDS) assertEquals(await sql.pipeline([], options), []);
    assertEquals(said, []);
  },
);

testBoth("SqlTag.pipeline() gives what the queries give by themselves as well", async (open) => {
  const sql = open({ max: 1 });
  for (const options of ENDS) {
    const queries = [sql`select 1 as a`, sql`select ${"b"}::text as b`] as const;
    const results = await sql.pipeline(queries, options);
    assertStrictEquals(await queries[0], results[0]);
    assertStrictEquals(await queries[1], results[1]);
  }
});

testBoth("SqlTag.pipeline() gives rows in the shape that each query asks for", async (open) => {
  const sql = open({ max: 1 });
  const schema = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (row: unknown) => ({ value: `row of ${Object.keys(row as object)}` }),
    },
  } as const;
  for (const options of ENDS) {
    const [objects, arrays, bytes, checked] = await sql.pipeline([
      sql`select 1 as a, 'x' as b`,
      sql`select 1 as a, 'x' as b`.values(),
      sql`select 'x'::text as b, null`.raw(),
      sql`select 1 as a, 'x' as b`.as(schema),
    ], options);
    assertEquals([...objects], [{ a: 1, b: "x" }]);
    assertEquals([...arrays], [[1, "x"]]);
    assertEquals([...bytes], [[new TextEncoder().encode("x"), null]]);
    assertEquals<unknown[]>([...checked], ["row of a,b"]);
  }
});

testBoth("SqlTag.pipeline() tells each query's notices", async (open) => {
  const sql = open({ max: 1 });
  const raise = (text: string) => sql.unsafe(`do $$ begin raise notice '${text}'; end $$`);
  for (const options of ENDS) {
    const results = await sql.pipeline([raise("a"), sql`select 1`, raise("b")], options);
    assertEquals(results.map(({ notices }) => notices.map(({ message }) => message)), [
      ["a"],
      [],
      ["b"],
    ]);
  }
});

/** A value, what its parameter is cast to, and what comes back. */
const VALUES: readonly (readonly [value: unknown, type: string, back?: unknown])[] = [
  [1, "int4"],
  [-1, "int4"],
  [1.5, "float8"],
  [12n, "int8"],
  [-12n, "int8"],
  [true, "bool"],
  [null, "text"],
  ["plain", "text"],
  ['it\'s $1 \\ "odd"', "text"],
  ["é😀".repeat(100), "text"],
  ["[1, 2]", "text"],
  ["{a,b}", "text"],
  ["12", "text"],
  ["null", "text"],
  ["1.50", "numeric"],
  ["5", "int2", 5],
  ['{"a": 1}', "jsonb"],
  [{ a: [1, "x", null] }, "jsonb"],
  [["a", null, "c"], "text[]"],
  [[1, 2], "int4[]"],
  [[], "int4[]"],
  [new Uint8Array([0, 255, 39, 92]), "bytea"],
  [new Date("2026-01-02T03:04:05.678Z"), "timestamptz"],
];

/** A query for each of the values, none of which ran before on the connection. */
function ask(sql: Sql, round: string): Query<{ v: unknown }>[] {
  return VALUES.map(([value, type], i) => {
    return sql<{ v: unknown }>`
      select ${value}::${sql.unsafe(type)} as v, ${sql.unsafe(`'${round} ${i}'`)} as round`;
  });
}

for (const prepare of [true, false]) {
  testBoth(
    `SqlTag.pipeline() takes values of every kind, first and again, prepare: ${prepare}`,
    async (open) => {
      const sql = open({ max: 1, prepare });
      const expected = VALUES.map(([value, , back = value]) => back);
      for (const options of ENDS) {
        for (let round = 0; round < 3; round++) {
          const results = await sql.pipeline(ask(sql, options.sync), options);
          assertEquals(results.map(([row]) => row.v), expected);
        }
      }
    },
  );
}

/** The same text many times, each with a value of its own. */
const SAME: Readonly<Record<string, (sql: SqlTag, n: number) => Query<{ n: number }>>> = {
  "guessed": (sql, n) => sql`select ${n}::int4 as n`,
  "described first": (sql, n) => sql`select (${[n]}::int4[])[1] as n`,
  "without values": (sql, n) => {
    return sql<{ n: number }>`select 7 as n`.as({
      "~standard": { version: 1, vendor: "test", validate: () => ({ value: { n } }) },
    });
  },
  "unprepared": (sql, n) => sql<{ n: number }>`select ${n}::int4 as n, 1`.with({ prepare: false }),
  "unprepared, described first": (sql, n) => {
    return sql<{ n: number }>`select (${[n]}::int4[])[1] as n, 1`.with({ prepare: false });
  },
};

testBoth("SqlTag.pipeline() takes one text several times", async (open) => {
  for (const [name, query] of Object.entries(SAME)) {
    for (const options of ENDS) {
      const sql = open({ max: 1 });
      const numbers = [1, 2, 3, 4, 5];
      for (let round = 0; round < 3; round++) {
        const results = await sql.pipeline(numbers.map((n) => query(sql, n)), options);
        assertEquals(results.map(([{ n }]) => n), numbers, name);
      }
    }
  }
});

testBoth("SqlTag.pipeline() takes more texts than statements are kept", async (open) => {
  const sql = open({ max: 1, statementCacheSize: 2 });
  const texts = ["a", "b", "c", "d", "a", "b"];
  for (const options of ENDS) {
    for (let round = 0; round < 3; round++) {
      const results = await sql.pipeline(
        texts.map((text) =>
          sql`select ${[text]}::text[] as given, ${sql.unsafe(`'${text}'`)} as t`
        ),
        options,
      );
      assertEquals(results.map(([{ t }]) => t), texts);
    }
  }
});

testBoth("SqlTag.pipeline() gives columns of types that are met the first time", async (open) => {
  const sql = open({ max: 1 });
  for (const { sync } of ENDS) {
    const type = sql(`mood_${crypto.randomUUID()}`);
    await sql`create type ${type} as enum ('sad', 'ok')`;
    try {
      const [[one], [list], [pair], [plain]] = await sql.pipeline([
        sql<{ v: unknown }>`select 'ok'::${type} as v`,
        sql<{ v: unknown }>`select array['ok', null, 'sad']::${type}[] as v`,
        sql<{ v: unknown }>`select row(${1}::int4, 'ok'::${type}) as v`,
        sql<{ v: unknown }>`select 1 as v`,
      ], { sync });
      assertEquals([one.v, list.v, plain.v], ["ok", ["ok", null, "sad"], 1]);
      assert(pair.v !== undefined);
    } finally {
      await sql`drop type ${type}`;
    }
  }
});

testBoth("SqlTag.pipeline() has a query see what those before it did", async (open) => {
  const sql = open({ max: 1 });
  for (const options of ENDS) {
    const name = sql(`made_${crypto.randomUUID()}`);
    const results = await sql.pipeline([
      sql`create temporary table ${name} (n int4)`,
      sql`insert into ${name} values (1), (2)`,
      sql<{ n: number }>`select n from ${name} order by n`,
      sql`drop table ${name}`,
    ], options);
    assertEquals(results[2].map(({ n }) => n), [1, 2]);
  }
});

testBoth("SqlTag.pipeline() takes large results and large values", async (open) => {
  const sql = open({ max: 1 });
  const long = "x".repeat(1_000_000);
  for (const options of ENDS) {
    const [first, [{ length }], ...others] = await sql.pipeline([
      sql<{ g: number }>`select g, repeat('y', 100) as filler from generate_series(1, 30000) g`,
      sql<{ length: number }>`select length(${long}::text) as length`,
      ...[1, 2, 3].map((n) =>
        sql<{ g: number }>`select g from generate_series(${n}::int4, 30000) g`
      ),
    ], options);
    assertEquals([first.length, first[29_999].g, length], [30_000, 30_000, 1_000_000]);
    assertEquals(others.map((rows) => rows.length), [30_000, 29_999, 29_998]);
  }
});

testBoth("SqlTag.pipeline() takes a thousand queries", async (open) => {
  const sql = open({ max: 1 });
  const numbers = Array.from({ length: 1000 }, (_, n) => n);
  for (const options of ENDS) {
    const queries = numbers.map((n) => sql<{ n: number }>`select ${n}::int4 as n`);
    const results = await sql.pipeline(queries, options);
    assertEquals(results.map(([{ n }]) => n), numbers);
  }
});
