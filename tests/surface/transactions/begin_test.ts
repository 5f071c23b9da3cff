/** What a function in a transaction gives and throws, and what is left of it. */

import process from "node:process";
import { DatabaseError } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertRejects, assertStrictEquals } from "../../std_assert.ts";
import { codeOn, createTable } from "./test_table.ts";

testBoth("Sql.begin() commits when its function resolves", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    await tx`insert into ${table.name} values (${1})`;
    await tx`insert into ${table.name} values (${2})`;
    assertEquals(await table.values(), []);
  });
  assertEquals(await table.values(), [1, 2]);
});

testBoth("Sql.begin() gives what its function gives", async (open) => {
  const sql = open({ max: 1 });
  const given = { of: "any kind" };
  assertStrictEquals(await sql.begin(() => given), given);
  assertStrictEquals(await sql.begin(() => Promise.resolve(undefined)), undefined);
  assertStrictEquals(await sql.begin(() => Promise.resolve(null)), null);
  assertEquals(await sql.begin(() => [1, "two"]), [1, "two"]);
});

testBoth("Sql.begin() gives the result of a query with all that it knows", async (open) => {
  const sql = open({ max: 1 });
  const lazy = await sql.begin((tx) => tx<{ a: number }>`select 7 as a`);
  const awaited = await sql.begin(async (tx) => await tx<{ a: number }>`select 7 as a`);
  for (const rows of [lazy, awaited]) {
    assertEquals(rows.map(({ a }) => a), [7]);
    assertEquals([rows.count, rows.command], [1, "SELECT"]);
    assertEquals(rows.columns.map(({ name }) => name), ["a"]);
  }
});

testBoth("Sql.begin() runs the queries in an array and gives their results", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const [inserted, [row], seven] = await sql.begin((tx) => [
    tx`insert into ${table.name} values (${1}), (${2})`,
    tx<{ count: bigint }>`select count(*) from ${table.name}`,
    7,
  ]);
  assertEquals([inserted.count, row.count, seven], [2, 2n, 7]);
  assertEquals(await table.values(), [1, 2]);
  const [[later]] = await sql.begin(async (tx) => {
    await tx`select 1`;
    return [tx<{ a: string }>`select 'a' as a`];
  });
  assertEquals(later.a, "a");
});

testBoth("Sql.begin() rolls back and throws what its function throws", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const reasons = [new Error("no"), "a text", undefined, { code: "40001" }];
  for (const reason of reasons) {
    const outcome = await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      throw reason;
    }).then(() => "resolved", (error) => [error]);
    assertStrictEquals(outcome[0], reason);
  }
  const sync = new RangeError("at once");
  const outcome = await sql.begin(() => {
    throw sync;
  }).then(() => "resolved", (error) => error);
  assertStrictEquals(outcome, sync);
  assertEquals(await table.values(), []);
  assertEquals([...await sql`select n from ${table.name}`], []);
});

testBoth("Sql.begin() rolls back when a query fails", async (open, protocol) => {
  await using table = await createTable(open, "n int4 primary key");
  const sql = open({ max: 1 });
  const failure = await assertRejects(
    () =>
      sql.begin(async (tx) => {
        await tx`insert into ${table.name} values (${1})`;
        await tx`insert into ${table.name} values (${1})`;
      }),
    DatabaseError,
    "duplicate key",
  );
  assertEquals(failure.code, codeOn(protocol, "23505"));
  assertEquals(await table.values(), []);
  await sql.begin((tx) => tx`insert into ${table.name} values (${1})`);
  assertEquals(await table.values(), [1]);
});

testBoth("Sql.begin() keeps nothing when a query of its array fails", async (open) => {
  await using table = await createTable(open, "n int4, tags text[]");
  const sql = open({ max: 1 });
  const insert = (n: number) => ({ n, tags: ["needs", "its type"] });
  for (let round = 0; round < 3; round++) {
    await assertRejects(
      () =>
        sql.begin((tx) => [
          tx`insert into ${table.name} ${tx(insert(1))}`,
          tx`select 1 / 0`,
          tx`insert into ${table.name} ${tx(insert(2))}`,
          tx`insert into ${table.name} values (${3})`,
        ]),
      DatabaseError,
      "division by zero",
    );
    assertEquals([...await sql`select n from ${table.name}`], []);
    assertEquals(await table.values(), []);
  }
});

testBoth("Sql.begin() leaves the connection to the next, however it ends", async (open) => {
  const sql = open({ max: 1 });
  const pids = new Set<number>();
  for (let i = 0; i < 20; i++) {
    await sql.begin(async (tx) => {
      const [{ pid }] = await tx<{ pid: number }>`select pg_backend_pid() as pid`;
      pids.add(pid);
      if (i % 3 === 1) await tx`select nosuch`;
      if (i % 3 === 2) throw new Error("no");
    }).catch(() => {});
  }
  const [{ pid }] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
  assertEquals([...pids], [pid]);
});

testBoth(
  "Sql.begin() takes many queries at once, and the runtime warns of no leak",
  async (open) => {
    const sql = open({ max: 1 });
    const warnings: string[] = [];
    const note = ({ message }: Error) => void warnings.push(message);
    process.on("warning", note); // Node counts listeners.
    try {
      const numbers = Array.from({ length: 50 }, (_, n) => n);
      const results = await sql.begin((tx) => numbers.map((n) => tx`select ${n}::int4 as n`));
      assertEquals(results.map(([{ n }]) => n), numbers);
      await new Promise((resolve) => setTimeout(resolve)); // Warnings come a turn later.
    } finally {
      process.off("warning", note);
    }
    assertEquals(warnings, []);
  },
);
