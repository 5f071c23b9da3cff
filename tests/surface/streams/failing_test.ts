/** Streams that the server fails in their midst, and what that does to the transaction. */

import type { Query, SqlTag } from "../../../mod.ts";
import { DatabaseError } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertStrictEquals,
} from "../../std_assert.ts";
import { failureOf, numbered, pidOf, upTo } from "./reading.ts";
import type { Numbered } from "./reading.ts";
import { createTable } from "./table.ts";

for (const mode of ["portal", "flow"] as const) {
  testBoth(
    `RowStream in ${mode} mode gives the rows before the one that fails`,
    async (open, on) => {
      const sql = open({ max: 1 });
      const pid = await pidOf(sql);
      for (const row of [1, 2, 8, 9, 32, 33, 34, 288, 289, 700]) {
        const read: number[] = [];
        const failure = await failureOf(sql.begin(async (tx) => {
          for await (const { i } of failingAt(tx, row).stream({ mode })) read.push(i);
        }));
        assertDivision(failure);
        // A FETCH of 2.0 gives all of its rows or none, see pquery.c, FillPortalStore.
        const end = on.protocolVersion === "2.0" && mode === "portal" ? read.length : row - 1;
        assertEquals(read, upTo(end));
      }
      assertEquals(await pidOf(sql), pid);
    },
  );
}

testBoth("RowStream has its columns and its summary fail as it does", async (open) => {
  const sql = open({ max: 1 });
  await failureOf(sql.begin(async (tx) => {
    const stream = failingAt(tx, 300).stream();
    const { columns, summary } = stream;
    const failure = await failureOf((async () => {
      for await (const _ of stream) { /* Until it fails. */ }
    })());
    assertDivision(failure);
    assertEquals((await columns).map(({ name }) => name), ["i", "filler", "quotient"]);
    assertStrictEquals(await failureOf(summary), failure);
  }));
});

testBoth("TransactionSql whose stream has failed cannot be committed", async (open) => {
  const sql = open({ max: 1 });
  await using table = await createTable(open);
  let told: unknown;
  const failure = await failureOf(sql.begin(async (tx) => {
    await tx`insert into ${table.name} values (1)`;
    told = await failureOf(failingAt(tx, 300).forEach(() => {}));
  })) as Error;
  assertDivision(told);
  assertMatch(failure.message, /^Cannot commit: a query of the transaction had failed/);
  assertStrictEquals(failure.cause, told);
  assertEquals(await table.committed(), []);
});

testBoth("TransactionSql whose stream has failed says so to its other streams", async (open) => {
  const sql = open({ max: 1 });
  await failureOf(sql.begin(async (tx) => {
    const others = [numbered(tx, 1000), numbered(tx, 1000)];
    const readers = others.map((query) => query[Symbol.asyncIterator]());
    for (const reader of readers) await reader.next();
    assertDivision(await failureOf(failingAt(tx, 300).forEach(() => {})));
    for (const reader of readers) {
      const failure = await failureOf((async () => {
        while (!(await reader.next()).done) { /* Until it fails. */ }
      })());
      assertInstanceOf(failure, DatabaseError);
      assertMatch(failure.message, /^current transaction is aborted/);
    }
  }));
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testBoth(
  "TransactionSql.savepoint() brings back a transaction whose stream has failed",
  async (open) => {
    const sql = open({ max: 1 });
    await using table = await createTable(open);
    await sql.begin(async (tx) => {
      const before = numbered(tx, 1000)[Symbol.asyncIterator]();
      await before.next();
      const failure = await failureOf(
        tx.savepoint((sp) => failingAt(sp, 300).forEach(() => {})),
      );
      assertDivision(failure);
      // A stream that was opened before the savepoint goes on behind it.
      for (const i of upTo(999)) assertEquals((await before.next()).value?.i, i + 1);
      await tx`insert into ${table.name} values (1)`;
    });
    assertEquals(await table.committed(), [1]);
  },
);

testBoth("RowStream of what the server does not take fails, and rejects once", async (open) => {
  const sql = open({ max: 1 });
  for (const text of ["select nosuch", "selec 1", "select i from nosuch i"]) {
    const failure = await failureOf(sql.begin(async (tx) => {
      const stream = tx.unsafe(text).stream();
      const reader = stream[Symbol.asyncIterator]();
      const told = await failureOf(reader.next());
      assertInstanceOf(told, DatabaseError);
      assertEquals(told.query?.includes(text), true);
      assertEquals(await reader.next(), { done: true, value: undefined });
      throw told;
    }));
    assertInstanceOf(failure, DatabaseError);
  }
});

testBoth("TransactionSql goes on when a row of a stream cannot be decoded", async (open) => {
  const broken = new Error("not today");
  const parse = (text: string) => {
    if (text === "40") throw broken;
    return Number(text);
  };
  const types = { fragile: { to: 23, from: [23], serialize: String, parse } };
  const sql = open({ max: 1, types });
  await using table = await createTable(open);
  await sql.begin(async (tx) => {
    await tx`insert into ${table.name} values (1)`;
    const read: number[] = [];
    const failure = await failureOf((async () => {
      for await (const { i } of numbered(tx, 1000)) read.push(i);
    })());
    assertStrictEquals((failure as Error).cause ?? failure, broken);
    assertEquals(read, upTo(39));
    await tx`insert into ${table.name} values (2)`;
  });
  assertEquals(await table.committed(), [1, 2]);
});

/** Rows of which one divides by zero. */
function failingAt(sql: SqlTag, row: number): Query<Numbered> {
  return sql.unsafe(`
    select i, repeat('x', 1000) as filler, 1 / (${row} - i) as quotient
    from generate_series(1, 1000) i`);
}

function assertDivision(error: unknown): void {
  assertInstanceOf(error, DatabaseError);
  assertEquals(error.message, "division by zero");
}
