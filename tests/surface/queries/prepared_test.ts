/** Statements are prepared by their first run, kept by each connection, and closed again. */

import type { SqlTag } from "../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import { untilRunning } from "./activity.ts";
import { count, sent, testWire } from "./wire.ts";

const firstRun = ["Parse", "Describe", "Bind", "Execute", "Sync"];
const laterRun = ["Bind", "Execute", "Sync"];
const describeFirst = ["Parse", "Describe", "Sync", ...laterRun];

/** Statements that are prepared on the connection. */
async function prepared(sql: SqlTag): Promise<string[]> {
  const text = "select statement from pg_prepared_statements order by statement";
  const rows = await sql.unsafe<[string]>(text).simple().values();
  return rows.map(([statement]) => statement as string);
}

testWire(
  "the first run of a query is one round trip, and later ones bind and execute",
  async (open) => {
    const { sql, during } = open();
    await sql.connect();
    const ask = (n: number, t: string) =>
      sql`select ${n}::int4 as n, ${t}::text as t, ${null} as x`;
    const first = await during(async () => {
      assertEquals(await ask(1, "a").one(), { n: 1, t: "a", x: null });
    });
    assertEquals(sent(first), firstRun);
    assertEquals(count(first, "ReadyForQuery"), 1);
    // Nothing is waited for: all is sent before the first answer.
    assertEquals(first.findIndex((line) => line.startsWith("B")), firstRun.length);
    for (let i = 0; i < 3; i++) {
      const later = await during(async () => {
        assertEquals(await ask(i, "é").one(), { n: i, t: "é", x: null });
      });
      assertEquals([sent(later), count(later, "ReadyForQuery")], [laterRun, 1]);
    }
  },
);

testWire("values that could be taken for others wait for the server's word, once", async (open) => {
  const { sql, during } = open();
  await sql.connect();
  const bytes = new Uint8Array([123, 125]);
  const values = [1.5, -1, "5", '{"a":1}', [1], { a: 1 }, bytes, new Date(0)];
  for (const [i, value] of values.entries()) {
    const ask = () => sql.unsafe(`select $1::jsonb as v${i}`, [value]);
    assertEquals(sent(await during(ask)), describeFirst);
    assertEquals(sent(await during(ask)), laterRun);
  }
});

testWire("a stream has its types told first, and shares the statement", async (open) => {
  const { sql, during } = open();
  await sql.connect();
  const ask = () => sql`select g from generate_series(1, ${3}::int4) g`;
  const read = async () => {
    for await (const { g } of ask()) assert(g as number <= 3);
  };
  assertEquals(sent(await during(read)), describeFirst);
  assertEquals(sent(await during(read)), laterRun);
  assertEquals(sent(await during(ask)), laterRun);
});

testWire("one text with values of other types that are said is another statement", async (open) => {
  const { sql, during } = open();
  await sql.connect();
  const ask = (type: string) => sql`select ${sql.typed(5, type)} as v`;
  for (const type of ["int4", "float8"]) {
    assertEquals(sent(await during(() => ask(type))), firstRun);
  }
  for (const type of ["int4", "float8"]) {
    assertEquals(sent(await during(() => ask(type))), laterRun);
  }
});

testWire("first runs of one text in the same turn share a statement", async (open) => {
  const { sql, during } = open();
  await sql.connect();
  const ask = (n: number) => sql`select ${n}::int4 as n`;
  const numbers = Array.from({ length: 50 }, (_, i) => i);
  const lines = await during(async () => {
    const rows = await Promise.all(numbers.map((n) => ask(n).one()));
    assertEquals(rows, numbers.map((n) => ({ n })));
  });
  assertEquals([count(lines, "Parse"), count(lines, "Close")], [1, 0]);
});

testWire(
  "statementCacheSize keeps the statements used last, and closes the others",
  async (open) => {
    const { sql, during } = open({ statementCacheSize: 2 });
    const ask = (letter: string) => sql.unsafe(`select '${letter}' as letter`);
    await ask("a");
    await ask("b");
    assertEquals(await prepared(sql), ["select 'a' as letter", "select 'b' as letter"]);
    await ask("a");
    const lines = await during(async () => {
      await ask("c");
      assertEquals(await prepared(sql), ["select 'a' as letter", "select 'c' as letter"]);
    });
    assertEquals(count(lines, "Close"), 1);
    assertEquals(sent(await during(() => ask("a"))), laterRun);
    assertEquals(sent(await during(() => ask("b"))).slice(0, 5), firstRun);
    for (let i = 0; i < 20; i++) await ask(String(i));
    assertEquals((await prepared(sql)).length, 2);
  },
);

testWire(
  "statementCacheSize of queries in one turn is kept to when they are done",
  async (open) => {
    const { sql } = open({ statementCacheSize: 2 });
    const letters = [..."abcdefghij"];
    const ask = (letter: string) => sql.unsafe(`select '${letter}' as letter`).one();
    for (let i = 0; i < 2; i++) {
      const rows = await Promise.all([...letters, ...letters].map(ask));
      assertEquals(rows.map(({ letter }) => letter), [...letters, ...letters]);
      assertEquals((await prepared(sql)).length, 2);
    }
  },
);

testWire("a reserved connection and a transaction close statements as well", async (open) => {
  const { sql } = open({ statementCacheSize: 2 });
  const askAll = async (tag: SqlTag) => {
    for (let i = 0; i < 20; i++) await tag.unsafe(`select ${i} as n, ${"'x'"} as t`);
    // One more may wait to be closed.
    assert((await prepared(tag)).length <= 3);
  };
  {
    await using reserved = await sql.reserve();
    await askAll(reserved);
    await reserved.begin(askAll);
  }
  await sql.begin(askAll);
});

testWire("statementCacheSize 0 prepares none", async (open) => {
  const { sql, during } = open({ statementCacheSize: 0 });
  await sql.connect();
  const lines = await during(async () => {
    for (let i = 0; i < 3; i++) {
      assertEquals(await sql`select ${i}::int4 as n, ${i / 2}::float8 as h`.one(), {
        n: i,
        h: i / 2,
      });
      for await (const { g } of sql`select ${"x"} as g`) assertEquals(g, "x");
    }
  });
  assertEquals(await prepared(sql), []);
  assert(!lines.some((line) => line.includes("rill_")), lines.join("\n"));
});

testWire(
  "a statement stays when a run of it fails, and is none when it was refused",
  async (open) => {
    const { sql, during } = open();
    const divide = (n: number) => sql`select 1 / ${n}::int4 as v`;
    await assertRejects(() => divide(0).then(), Error, "division by zero");
    const lines = await during(async () => assertEquals(await divide(1).one(), { v: 1 }));
    assertEquals(sent(lines), laterRun);
    const ask = () => sql`select count(*)::int4 as n from not_yet`;
    for (let i = 0; i < 2; i++) await assertRejects(() => ask().then(), Error, "not_yet");
    await sql`create temporary table not_yet (a int)`;
    assertEquals(await ask().one(), { n: 0 });
  },
);

testWire(
  "a query that is cancelled on its first run leaves the others their statement",
  async (open) => {
    const { sql, during } = open();
    const observer = open().sql;
    await sql.connect();
    const ask = (seconds: number) => sql`select pg_sleep(${seconds}::int4)::text as first_run`;
    const lines = await during(async () => {
      const cancelled = ask(3600);
      const outcome = cancelled.catch(({ name }) => name);
      const other = ask(0).one();
      await untilRunning(observer, "first_run");
      cancelled.cancel();
      assertEquals([await outcome, await other], ["AbortError", { first_run: "" }]);
    });
    assertEquals(count(lines, "Parse"), 1);
    assertEquals(sent(await during(() => ask(0))), laterRun);
  },
);
