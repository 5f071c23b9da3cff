/** Transactions that are prepared, and ended by whatever connection. */

import { DatabaseError } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertRejects } from "../../std_assert.ts";
import { codeOn, createTable } from "./test_table.ts";
import type { TestTable } from "./test_table.ts";

/** A name that no other test has. */
function uniqueName(rest = ""): string {
  return `${crypto.randomUUID()}${rest}`;
}

async function isPrepared({ observer }: TestTable, name: string): Promise<boolean> {
  return (await observer`select 1 from pg_prepared_xacts where gid = ${name}`).length === 1;
}

testBoth(
  "Sql.beginDistributed() leaves a transaction that any connection commits",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const name = uniqueName();
    const given = await sql.beginDistributed(name, async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      return "given";
    });
    assertEquals([given, await isPrepared(table, name), ...await table.values()], ["given", true]);
    await open({ max: 1 }).commitDistributed(name);
    assertEquals([await isPrepared(table, name), ...await table.values()], [false, 1]);
  },
);

testBoth("Sql.rollbackDistributed() undoes what was prepared", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const name = uniqueName();
  await sql.beginDistributed(name, (tx) => [tx`insert into ${table.name} values (1)`]);
  assertEquals(await isPrepared(table, name), true);
  await sql.rollbackDistributed(name);
  assertEquals([await isPrepared(table, name), ...await table.values()], [false]);
  await sql`insert into ${table.name} values (2)`;
  assertEquals(await table.values(), [2]);
});

testBoth("TransactionSql.prepare() has begin() prepare in place of COMMIT", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const name = uniqueName();
  await sql.begin({ isolation: "serializable" }, async (tx) => {
    tx.prepare(name);
    await tx`insert into ${table.name} values (1)`;
    assertEquals(await isPrepared(table, name), false);
  });
  assertEquals([await isPrepared(table, name), ...await table.values()], [true]);
  await sql.commitDistributed(name);
  assertEquals(await table.values(), [1]);
});

testBoth("TransactionSql.prepare() has commit() prepare in place of COMMIT", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const name = uniqueName();
  {
    await using tx = await sql.transaction();
    await tx`insert into ${table.name} values (1)`;
    tx.prepare(name);
    await tx.commit();
    await assertRejects(() => tx`select 1`.then(), TypeError, "has ended");
  }
  assertEquals(await isPrepared(table, name), true);
  await sql.commitDistributed(name);
  assertEquals(await table.values(), [1]);
});

testBoth("TransactionSql.prepare() prepares nothing that is rolled back", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const name = uniqueName();
  const insertAndPrepare = sql.beginDistributed(name, async (tx) => {
    await tx`insert into ${table.name} values (1)`;
    throw new Error("on purpose");
  });
  await assertRejects(() => insertAndPrepare, Error, "on purpose");
  {
    await using tx = await sql.transaction();
    tx.prepare(name);
    await tx`insert into ${table.name} values (1)`;
  }
  assertEquals([await isPrepared(table, name), ...await table.values()], [false]);
});

testBoth(
  "Sql.beginDistributed() rejects when a query of it failed unheard",
  async (open, protocol) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const name = uniqueName(" to chain");
    const failure = await assertRejects(
      () =>
        sql.beginDistributed(name, async (tx) => {
          await tx`insert into ${table.name} values (1)`;
          await tx`select 1 / 0`.catch(() => {});
        }),
      DatabaseError,
      "Cannot commit",
    );
    assertEquals(failure.code, codeOn(protocol, "40000"));
    assertEquals((failure.cause as Error).message, "division by zero");
    assertEquals([await isPrepared(table, name), ...await table.values()], [false]);
    assertEquals([...await sql`select n from ${table.name}`], []);
  },
);

testBoth(
  "Sql.beginDistributed() rejects with what the server says when it cannot prepare",
  async (open, protocol) => {
    await using table = await createTable(open, "n int4 primary key deferrable initially deferred");
    const sql = open({ max: 1 });
    const name = uniqueName();
    const failure = await assertRejects(
      () => sql.beginDistributed(name, (tx) => [tx`insert into ${table.name} values (1), (1)`]),
      DatabaseError,
      "duplicate key",
    );
    assertEquals(failure.code, codeOn(protocol, "23505"));
    await sql.beginDistributed(name, (tx) => [tx`insert into ${table.name} values (2)`]);
    const twice = await assertRejects(() => sql.beginDistributed(name, () => {}), DatabaseError);
    assertEquals(twice.code, codeOn(protocol, "42710"));
    await sql.commitDistributed(name);
    assertEquals(await table.values(), [2]);
  },
);

testBoth(
  "Sql.commitDistributed() takes the name that beginDistributed() took, however odd",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const ends = ["'", "''", '"', "\\", "\\'", "; drop", "$1", "--", "/*", "\n", "é😀", " ?"];
    for (const end of ends) {
      const [kept, undone] = [uniqueName(end), uniqueName(`'${end}`)];
      await sql.beginDistributed(kept, (tx) => [tx`insert into ${table.name} values (1)`]);
      await sql.beginDistributed(undone, (tx) => [tx`insert into ${table.name} values (2)`]);
      assertEquals([await isPrepared(table, kept), await isPrepared(table, undone)], [true, true]);
      await sql.commitDistributed(kept);
      await sql.rollbackDistributed(undone);
      assertEquals([await isPrepared(table, kept), await isPrepared(table, undone)], [
        false,
        false,
      ]);
    }
    assertEquals(await table.values(), ends.map(() => 1));
  },
);

testBoth(
  "Sql.commitDistributed() rejects for a name that was not prepared",
  async (open, protocol) => {
    const sql = open({ max: 1 });
    for (const end of ["commitDistributed", "rollbackDistributed"] as const) {
      const failure = await assertRejects(() => sql[end](uniqueName()), DatabaseError, "not exist");
      assertEquals(failure.code, codeOn(protocol, "42704"));
    }
  },
);

testBoth(
  "Sql.commitDistributed() goes well beside queries that share its connection",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const names = Array.from({ length: 5 }, () => uniqueName());
    for (const name of names) {
      await sql.beginDistributed(name, (tx) => [tx`insert into ${table.name} values (1)`]);
    }
    const others = Array.from({ length: 50 }, (_, n) => sql<{ n: number }>`select ${n}::int4 as n`);
    const asked = Promise.all(others.map(async (query) => (await query)[0].n));
    await Promise.all(names.map((name) => sql.commitDistributed(name)));
    assertEquals(await asked, others.map((_, n) => n));
    assertEquals((await table.values()).length, names.length);
  },
);
