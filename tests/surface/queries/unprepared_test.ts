/** `prepare: false`: every query is one unit from Parse to Sync, and leaves nothing behind. */

import type { Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import { count, sent, testWire } from "./wire.ts";

/** What is sent up to each Sync. */
function units(lines: readonly string[]): string[][] {
  const found: string[][] = [[]];
  for (const name of sent(lines)) {
    if (name === "Sync") found.push([]);
    else found.at(-1)!.push(name);
  }
  return found.slice(0, -1);
}

/** Behind a pooler each unit may come to another server: it has to bring all that it needs. */
function assertWhole(lines: readonly string[]): void {
  for (const unit of units(lines)) {
    if (unit.includes("Bind")) assert(unit.includes("Parse"), unit.join());
  }
  const named = lines.filter((line) =>
    /^F\t(?:Parse|Describe\tS|Bind)/.test(line) && line.includes("rill_")
  );
  assertEquals(named.filter((line) => !line.includes('"rill_c')), []);
}

const unit = ["Parse", "Describe", "Bind", "Execute"];
const question = ["Parse", "Describe"];

testWire("prepare: false sends one unit, on the first run and on later ones", async (open) => {
  const { sql, during } = open({ prepare: false });
  await sql.connect();
  const ask = (n: number) => sql`select ${n}::int4 as n, ${"x"}::text as t`;
  for (let n = 1; n < 4; n++) {
    const lines = await during(async () => assertEquals(await ask(n).one(), { n, t: "x" }));
    assertEquals(units(lines), [unit]);
    assertWhole(lines);
  }
  const { count: left } = await sql`select from pg_prepared_statements`;
  assertEquals(left, 0);
});

testWire("prepare: false asks for types once, in a unit of its own", async (open) => {
  const { sql, during } = open({ prepare: false });
  await sql.connect();
  const ask = (n: number, doc: unknown) => sql`select ${n}::float8 as n, ${doc}::jsonb as doc`;
  const values: [number, unknown][] = [[1.5, "5"], [2.5, { a: [1] }], [3, null], [-0.5, "{}"]];
  for (const [i, [n, doc]] of values.entries()) {
    const lines = await during(async () => assertEquals(await ask(n, doc).one(), { n, doc }));
    assertEquals(units(lines), i === 0 ? [question, unit] : [unit]);
    assertWhole(lines);
  }
});

testWire("prepare: false gives what prepare: true gives, whatever came before", async (open) => {
  const { sql } = open({ prepare: false });
  const texts = ["a", "5", "{}", null, "", "é"];
  const values = texts.flatMap((text) => [1, 1.5, null, -7].map((n) => [text, n] as const));
  for (const [text, n] of [...values, ...values.reverse()]) {
    const ask = () =>
      sql`select ${text}::text as text, ${n}::numeric as n, ${[n]}::float8[] as list`;
    const expected = await ask().with({ prepare: true }).one();
    assertEquals(await ask().one(), expected);
  }
});

testBoth("prepare: false runs many at once, and streams between them", async (open) => {
  const sql = open({ max: 2, prepare: false });
  const ask = (n: number) => sql`select ${n}::int4 as n, ${n / 4}::float8 as q`.one();
  const numbers = Array.from({ length: 60 }, (_, n) => n);
  const stream = async () => {
    const seen: unknown[] = [];
    for await (const { g } of sql`select g from generate_series(1, ${2000}::int4) g`) seen.push(g);
    return seen.length;
  };
  const [rows, length] = await Promise.all([Promise.all(numbers.map(ask)), stream()]);
  assertEquals(rows, numbers.map((n) => ({ n, q: n / 4 })));
  assertEquals(length, 2000);
});

testWire("prepare: false holds in transactions, portals and pipelines", async (open) => {
  const { sql, during } = open({ prepare: false });
  await sql.connect();
  const lines = await during(() =>
    sql.begin(async (tx) => {
      const sums: number[] = [];
      for await (
        const { g } of tx<{ g: number }>`select g from generate_series(1, ${40}::int4) g`
      ) {
        for await (const { h } of tx<{ h: number }>`select h from generate_series(1, 3) h`) {
          const { sum } = await tx`select ${g}::int4 + ${h}::int4 as sum`.one();
          sums.push(sum as number);
        }
      }
      assertEquals(sums.slice(-3), [41, 42, 43]);
      const [[a], [b]] = await tx.pipeline([tx`select ${1.5}::float8 as n`, tx`select 2 as n`]);
      assertEquals([a, b], [{ n: 1.5 }, { n: 2 }]);
    })
  );
  assertWhole(lines);
});

testBoth("prepare: false streams by portal while other queries run", async (open) => {
  const sql = open({ max: 1, prepare: false });
  await sql.begin(async (tx) => {
    const seen: unknown[] = [];
    const others: unknown[] = [];
    for await (
      const { g } of tx`select g, ${"x"}::text as t from generate_series(1, ${100}::int4) g`
    ) {
      seen.push(g);
      others.push((await tx`select ${g as number}::int4 as g`.one()).g);
    }
    assertEquals(seen.length, 100);
    assertEquals(others, seen);
  });
});

testBoth("prepare: false learns anew when types of parameters are others", async (open) => {
  const sql = open({ max: 1, prepare: false });
  const find = (mood: string) => sql`select ${mood}::pg_temp.mood as mood`.one();
  for (const words of ["'sad', 'ok'", "'ok', 'glad'"]) {
    await sql.unsafe(`create type pg_temp.mood as enum (${words})`);
    for (let i = 0; i < 3; i++) assertEquals(await find("ok"), { mood: "ok" });
    await sql`drop type pg_temp.mood`;
  }
  await sql`create temporary table item (v int4)`;
  const insert = (v: unknown) => sql`insert into item values (${v}) returning v`.one();
  for (let i = 0; i < 2; i++) assertEquals(await insert(5), { v: 5 });
  await sql`drop table item`;
  await sql`create temporary table item (v text)`;
  for (const v of ["five", "5"]) assertEquals(await insert(v), { v });
});

testBoth("prepare: false tells errors as ever, and goes on", async (open) => {
  const sql: Sql = open({ max: 1, prepare: false });
  for (let i = 0; i < 2; i++) {
    await assertRejects(() => sql`select 1 / ${0}::int4`.then(), Error, "division by zero");
    await assertRejects(() => sql`select ${3_000_000_000}::int4`.then(), TypeError, "$1");
    await assertRejects(() => sql`select nosuch`.then(), Error, "nosuch");
    assertEquals(await sql`select ${1}::int4 as n`.one(), { n: 1 });
  }
});

testWire("prepare: false does not do things twice when a guess was wrong", async (open) => {
  const { sql, during } = open({ prepare: false });
  await sql`create temporary table item (id serial, doc jsonb)`;
  const insert = () => sql`insert into item (doc) values (${"abc"}) returning id`;
  const lines = await during(async () => assertEquals(await insert().one(), { id: 1 }));
  assertEquals(count(lines, "ErrorResponse"), 1);
  assertWhole(lines);
  assertEquals(await insert().one(), { id: 2 });
});
