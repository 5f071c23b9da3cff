/** Pipelines that meet a statement which is stale, or a guess that the server refuses. */

import { DatabaseError } from "../../../mod.ts";
import type { Query, Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";
import { createTable } from "../transactions/test_table.ts";
import type { TestTable } from "../transactions/test_table.ts";

/** Ways to make a statement that was prepared one that is not accepted any more. */
const SPOILS: Readonly<Record<string, (sql: Sql, table: TestTable) => PromiseLike<unknown>>> = {
  "its columns have changed": (_, { name, observer }) => {
    return observer`alter table ${name} alter column t type text[] using array[t]::text[]`;
  },
  "it is gone": (sql) => sql`do $$ begin execute 'deallocate all'; end $$`,
};

const COLUMNS = "n int4, t text";

/** What is read, in a statement that is prepared. */
function read(sql: Sql, { name }: TestTable, above = 0): Query<{ n: number; t: unknown }> {
  return sql<{ n: number; t: unknown }>`select * from ${name} where n > ${above} order by n`;
}

for (const sync of ["each", "one"] as const) {
  testBoth(`SqlTag.pipeline() heals a stale statement within it, sync: ${sync}`, async (open) => {
    for (const [name, spoil] of Object.entries(SPOILS)) {
      await using table = await createTable(open, COLUMNS);
      const sql = open({ max: 1 });
      const insert = (n: number) => sql`insert into ${table.name} (n) values (${n})`;
      const run = () =>
        sql.pipeline([insert(1), sql<{ a: number }>`select 1 as a`, read(sql, table), insert(2)], {
          sync,
        });
      await run();
      await run();
      await table.observer`truncate ${table.name}`;
      await spoil(sql, table);
      const results = await run();
      assertEquals(results[1][0].a, 1, name);
      assert(results[2].length >= 1, name);
      assertEquals(results.map(({ statements }) => statements.length), [1, 1, 1, 1], name);
      assertEquals(await table.values(), [1, 2], name);
    }
  });

  testBoth(`SqlTag.pipeline() heals several stale statements, sync: ${sync}`, async (open) => {
    for (const spoil of Object.values(SPOILS)) {
      await using table = await createTable(open, COLUMNS);
      await table.observer`insert into ${table.name} (n) values (1), (2)`;
      const sql = open({ max: 1 });
      const run = () =>
        sql.pipeline([
          read(sql, table),
          read(sql, table, 1),
          sql<{ t: unknown }>`select t from ${table.name}`,
        ], { sync });
      for (let round = 0; round < 2; round++) await run();
      await spoil(sql, table);
      for (let round = 0; round < 2; round++) {
        assertEquals((await run()).map(({ length }) => length), [2, 1, 2]);
      }
    }
  });

  testBoth(
    `TransactionSql.pipeline() does not heal, which would hide what was undone, sync: ${sync}`,
    async (open, { protocolVersion }) => {
      await using table = await createTable(open, COLUMNS);
      const sql = open({ max: 1 });
      for (let round = 0; round < 2; round++) await sql.pipeline([read(sql, table)]);
      await SPOILS["it is gone"](sql, table);
      const outcome = sql.begin(async (tx) => {
        await tx`insert into ${table.name} (n) values (1)`;
        const stale = tx`select * from ${table.name} where n > ${0} order by n`;
        const [, rows] = await tx.pipeline([tx`select 1`, stale], { sync });
        return rows.length;
      });
      if (protocolVersion === "2.0") assertEquals(await outcome, 1); // It has no statements.
      else {
        const failure = await assertRejects(() => outcome, DatabaseError);
        assertEquals(failure.code, "26000");
      }
      assertEquals((await table.values()).length, protocolVersion === "2.0" ? 1 : 0);
    },
  );
}

testBoth("SqlTag.pipeline() heals one query beside one that cannot be", async (open) => {
  for (const spoil of Object.values(SPOILS)) {
    await using table = await createTable(open, COLUMNS);
    await table.observer`insert into ${table.name} (n) values (1)`;
    const sql = open({ max: 1 });
    for (let round = 0; round < 2; round++) await sql.pipeline([read(sql, table)]);
    await spoil(sql, table);
    // True is no int4, which the server says of its text first.
    const queries = [sql`select ${true}::int4`, read(sql, table), sql`select 1 as a`];
    const reason = await sql.pipeline(queries).then(() => undefined, (error) => error);
    const [refused, healed, other] = await Promise.allSettled(queries);
    assert(refused.status === "rejected");
    assertEquals(refused.reason, reason);
    assertInstanceOf(reason, TypeError);
    assert(healed.status === "fulfilled", "the stale one");
    assert(other.status === "fulfilled", "the last");
    assertEquals(healed.value.map(({ n }) => n), [1]);
  }
});

testBoth("SqlTag.pipeline() with one end keeps nothing when a guess was wrong", async (open) => {
  await using table = await createTable(open, COLUMNS);
  const sql = open({ max: 1 });
  for (let round = 0; round < 2; round++) {
    const queries = [
      sql`insert into ${table.name} (n) values (${1})`,
      sql`select ${true}::int4`,
      sql`insert into ${table.name} (n) values (${2})`,
    ];
    await assertRejects(() => sql.pipeline(queries, { sync: "one" }), TypeError);
    const outcomes = await Promise.allSettled(queries);
    assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected", "rejected"]);
    assertEquals(await table.values(), []);
  }
});
