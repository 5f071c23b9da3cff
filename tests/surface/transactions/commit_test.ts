/** COMMIT, and what it can come to. */

import { DatabaseError } from "../../../mod.ts";
import type { SqlTag, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "../../std_assert.ts";
import { codeOn, createTable } from "./test_table.ts";

/** Two queries that fail, and whose failure nobody hears of. */
async function failUnheard(tx: TransactionSql): Promise<unknown> {
  const failure = await tx`select 1 / 0`.catch((error) => error);
  await tx`select nosuch`.catch(() => {});
  return failure;
}

testBoth("Sql.begin() rejects when COMMIT is answered by ROLLBACK", async (open, protocol) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  let failure: unknown;
  const told = await assertRejects(
    () =>
      sql.begin(async (tx) => {
        await tx`insert into ${table.name} values (1)`;
        failure = await failUnheard(tx);
        return "as if all were well";
      }),
    DatabaseError,
    "Cannot commit",
  );
  assertEquals([told.code, told.condition], [codeOn(protocol, "40000"), "transaction_rollback"]);
  assertInstanceOf(failure, DatabaseError);
  assertStrictEquals(told.cause, failure);
  assertEquals(told.safeToRetry, false);
  assertEquals(await table.values(), []);
  assertEquals([...await sql`select 1 as a`], [{ a: 1 }]);
});

testBoth(
  "TransactionSql.commit() rejects when it is answered by ROLLBACK",
  async (open, protocol) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const tx = await sql.transaction();
    await tx`insert into ${table.name} values (1)`;
    const failure = await failUnheard(tx);
    const told = await assertRejects(() => tx.commit(), DatabaseError, "Cannot commit");
    assertEquals(told.code, codeOn(protocol, "40000"));
    assertStrictEquals(told.cause, failure);
    await assertRejects(() => tx.commit(), TypeError, "has ended");
    assertEquals([...await sql`select n from ${table.name}`], []);
  },
);

testBoth(
  "TransactionSql.commit() tells what failed, not what did so behind a savepoint",
  async (open) => {
    const sql = open({ max: 1 });
    const tx = await sql.transaction();
    await tx.savepoint((inner) => inner`select 1 / 0`).catch(() => {});
    const failure = await tx`select nosuch`.catch((error) => error);
    const told = await assertRejects(() => tx.commit(), DatabaseError, "Cannot commit");
    assertStrictEquals(told.cause, failure);
  },
);

testBoth(
  "Sql.begin() rejects with what the server says when it cannot commit",
  async (open, protocol) => {
    await using table = await createTable(open, "n int4 primary key deferrable initially deferred");
    const notices: string[] = [];
    const sql = open({ max: 1, onNotice: ({ message }) => notices.push(message) });
    const told = await assertRejects(
      () =>
        sql.begin(async (tx) => {
          await tx`insert into ${table.name} values (1), (1)`;
        }),
      DatabaseError,
      "duplicate key",
    );
    assertEquals(told.code, codeOn(protocol, "23505"));
    assertEquals(told.cause, undefined);
    assertEquals(await table.values(), []);
    assertEquals([...await sql`select n from ${table.name}`], []);
    assertEquals(notices, []); // As of a ROLLBACK where nothing is left to undo.
  },
);

testBoth("ReservedSql is out of a transaction that could not be committed", async (open) => {
  await using table = await createTable(open, "n int4 primary key deferrable initially deferred");
  const sql = open({ max: 1 });
  await using reserved = await sql.reserve();
  await assertRejects(
    () => reserved.begin((tx) => tx`insert into ${table.name} values (1), (1)`),
    DatabaseError,
    "duplicate key",
  );
  const rows: number[] = [];
  for await (const { g } of reserved<{ g: number }>`select g from generate_series(1, 3) g`) {
    rows.push(g);
  }
  assertEquals(rows, [1, 2, 3]);
  await reserved.begin((tx) => tx`insert into ${table.name} values (2)`);
  assertEquals(await table.values(), [2]);
});

/** Ways to end a transaction unseen. */
const ENDS: Readonly<Record<string, (tx: TransactionSql) => PromiseLike<unknown>>> = {
  "commit": (tx) => tx`commit`,
  "rollback": (tx) => tx`rollback`,
  "end, simple": (tx) => tx`end`.simple(),
  "abort, among others": (tx) => tx.unsafe("select 1; abort; select 2"),
  "commit in a pipeline": (tx) => tx.pipeline([tx`commit`]),
};
const ENDED_BY_QUERY = "its transaction was ended by a COMMIT or ROLLBACK that came as a query";

testBoth("TransactionSql refuses queries behind a COMMIT that came as a query", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const end of Object.values(ENDS)) {
    await assertRejects(
      () =>
        sql.begin(async (tx) => {
          await tx`select 1`;
          await end(tx);
          const insert = () => tx`insert into ${table.name} values (1)`;
          await assertRejects(() => insert().then(), TypeError, ENDED_BY_QUERY);
          await assertRejects(() => insert().batches().next(), TypeError, ENDED_BY_QUERY);
          await assertRejects(() => tx.pipeline([insert()]), TypeError, ENDED_BY_QUERY);
          await assertRejects(() => tx.savepoint(() => {}), TypeError, ENDED_BY_QUERY);
        }),
      TypeError,
      ENDED_BY_QUERY,
    );
    assertEquals([...await sql`select n from ${table.name}`], []);
  }
});

testBoth("Sql.begin() rejects when its function ended the transaction by a query", async (open) => {
  const sql = open({ max: 1 });
  for (const end of Object.values(ENDS)) {
    await assertRejects(() => sql.begin(async (tx) => void await end(tx)), TypeError, "COMMIT");
    const tx = await sql.transaction();
    await end(tx);
    await assertRejects(() => tx.commit(), TypeError, "COMMIT");
    const left = await sql.transaction();
    await end(left);
    await left.rollback();
  }
  assertEquals([...await sql`select 1 as a`], [{ a: 1 }]);
});

testBoth("Sql.begin() rejects when it was ended behind queries nobody awaited", async (open) => {
  const sql = open({ max: 1 });
  for (const end of ["commit", "rollback"]) {
    await assertRejects(
      () =>
        sql.begin((tx) => {
          tx.unsafe(end).execute();
          tx`select ${[1]}::int4[]`.execute();
        }),
      TypeError,
      "COMMIT",
    );
  }
});

testBoth("Sql.begin() goes on behind COMMIT AND CHAIN and ROLLBACK TO", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    await tx`insert into ${table.name} values (1)`;
    await tx`commit and chain`;
    assertEquals(await table.values(), [1]);
    await tx`savepoint own`;
    await tx`insert into ${table.name} values (2)`;
    await tx`rollback to own`;
    await tx`insert into ${table.name} values (3)`;
  });
  assertEquals(await table.values(), [1, 3]);
});

testBoth(
  "TransactionSql.savepoint() rejects when its transaction was ended in it by a query",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const insert = (by: SqlTag, n: number) => by`insert into ${table.name} values (${n})`;
    for (const end of ["commit", "rollback"]) {
      const outcome = sql.begin((tx) =>
        tx.savepoint(async (inner) => {
          await insert(inner, 1);
          await inner.unsafe(end);
          await assertRejects(() => insert(inner, 2).then(), TypeError, ENDED_BY_QUERY);
        })
      );
      await assertRejects(() => outcome, TypeError, ENDED_BY_QUERY);
      assertEquals([...await sql`select n from ${table.name}`], [{ n: 1 }]);
    }
  },
);
