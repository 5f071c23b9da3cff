/**
 * What other drivers get wrong with values, a test each: reproduced on postgres.js 3.4, pg 8.23,
 * Bun.sql 1.4 and deno-postgres 0.19, or reported in their trackers (the number is given).
 */

import type { Sql } from "../../mod.ts";
import { lowerBoundsOf, withLowerBounds } from "../../lib/value/container/array_shape.ts";
import { testBoth } from "../both_protocols.ts";
import { assertEquals } from "../std_assert.ts";
import { testCases } from "./server_cases.ts";

/** A test of its own on each protocol, named after the peers' fault. */
function testPeers(name: string, body: (sql: Sql) => Promise<void>): void {
  testBoth(name, (open) => body(open({ max: 1 })));
}

testPeers("NULL inside arrays is null, not NaN or 'NULL' (postgres.js#1049)", async (sql) => {
  const [row] = await sql`select '{1,NULL}'::int4[] as i, '{1.5,NULL}'::float8[] as f,
    '{a,NULL,"NULL"}'::text[] as t, ${["NULL", null]}::text[] as back`;
  assertEquals(row, { i: [1, null], f: [1.5, null], t: ["a", null, "NULL"], back: ["NULL", null] });
});

testPeers("'[0:1]={5,6}' is an array of two numbers that keeps its bounds", async (sql) => {
  const [{ v }] = await sql<{ v: number[] }>`select '[0:1]={5,6}'::int4[] as v`;
  assertEquals([v, lowerBoundsOf(v)], [[5, 6], [0]]);
  const [back] = await sql`select ${v}::int4[]::text as read, ${
    withLowerBounds([7], [-3])
  }::int4[]::text as made`;
  assertEquals(back, { read: "[0:1]={5,6}", made: "[-3:-3]={7}" });
});

testPeers("infinity and dates BC are no Invalid Date", async (sql) => {
  const [row] = await sql`select 'infinity'::timestamptz as i, '-infinity'::date as m,
    '0044-03-15 BC'::date as bc, ${-Infinity}::timestamp::text as back`;
  assertEquals(row, {
    i: Infinity,
    m: -Infinity,
    bc: new Date("-000043-03-15T00:00:00Z"),
    back: "-infinity",
  });
});

testPeers("a date is its day in UTC, wherever the program runs (pg#818)", async (sql) => {
  const [{ v, back }] = await sql<{ v: Date; back: string }>`
    select '2026-03-29'::date as v, ${new Date("2026-03-29T00:00:00Z")}::date::text as back`;
  assertEquals([v.toISOString(), back], ["2026-03-29T00:00:00.000Z", "2026-03-29"]);
});

testPeers("microseconds are kept", async (sql) => {
  const text = "2026-01-31 12:00:00.123456";
  for (const type of ["timestamp", "timestamptz"]) {
    const [{ v }] = await sql.unsafe<{ v: Date }>(`select '${text}Z'::${type} as v`);
    const [{ same }] = await sql.unsafe(`select $1 = '${text}Z'::${type} as same`, [v]);
    assertEquals(same, true);
    const ranges = `select '[${text}Z,${text}Z]'::${
      type === "timestamp" ? "ts" : "tstz"
    }range as v`;
    const [{ v: range }] = await sql.unsafe(ranges);
    const [{ empty }] = await sql.unsafe(
      `select isempty($1::${type === "timestamp" ? "ts" : "tstz"}range) as empty`,
      [range],
    );
    assertEquals(empty, false);
  }
});

testCases("numeric", [["0.1", "0.1"], ["12345678901234567890.12345678901234567890"], ["1.50"]]);
testCases("float4", [["0.1", 0.1], ["3.4028235e+38", 3.4028235e38], ["1e-45", 1e-45]]);
testCases("int4[]", [["{1,2,NULL}", [1, 2, null]], ["{}", []]], { array: false });
testCases("bytea", [["\\x00ff27225c2c7b7d", Uint8Array.from([0, 255, 39, 34, 92, 44, 123, 125])]]);
testCases("int4range", [["[1,5)", { lower: 1, upper: 5, bounds: "[)" }], ["empty", "empty"]]);
testCases(
  "int4multirange",
  [["{[1,3),[5,)}", [
    { lower: 1, upper: 3, bounds: "[)" },
    { lower: 5, upper: null, bounds: "[)" },
  ]]],
  { since: 14 },
);

testPeers("arrays of enums, domains and composites are arrays of values", async (sql) => {
  await sql.unsafe(`create type pg_temp.mood as enum ('ok', 'so so');
    create domain pg_temp.percent as int4 check (value between 0 and 100);
    create type pg_temp.item as (id int4, name text, tags text[])`).simple();
  const item = { id: 1, name: 'a "b", (c)', tags: ["x", null] };
  const [row] = await sql`select '{ok,"so so",NULL}'::pg_temp.mood[] as moods,
    '{1,NULL}'::pg_temp.percent[] as percents, ${[item, null]}::pg_temp.item[] as items,
    ${item}::pg_temp.item as item`;
  assertEquals(row, {
    moods: ["ok", "so so", null],
    percents: [1, null],
    items: [item, null],
    item,
  });
});

testPeers("what has no codec comes as its text, never as null", async (sql) => {
  const [row] = await sql`select '=r/postgres'::aclitem as one, '{=r/postgres}'::aclitem[] as list`;
  assertEquals(row, { one: "=r/postgres", list: ["=r/postgres"] });
});
