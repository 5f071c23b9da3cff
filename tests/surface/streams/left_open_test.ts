/** Streams that are still open when their transaction ends: nothing hangs, and everybody is told. */

import type { ResultIterator, SavepointSql, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "../../std_assert.ts";
import { all, failureOf, numbered, pidOf, untilWaiting } from "./reading.ts";
import type { Numbered } from "./reading.ts";
import { createTable } from "./table.ts";

const COUNT = 5_000;

testBoth(
  "TransactionSql commits while a stream in portal mode is open, and tells its reader",
  async (open) => {
    const sql = open({ max: 1 });
    await using table = await createTable(open);
    const pid = await pidOf(sql);
    const rows = await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      return { reader: await opened(tx) };
    });
    await assertEnded(rows.reader, "transaction");
    assertEquals(await table.committed(), [1]);
    assertEquals(await pidOf(sql), pid);
  },
);

testBoth(
  "TransactionSql ends every stream that is open, at commit() and at rollback()",
  async (open) => {
    const sql = open({ max: 1 });
    for (const end of ["commit", "rollback"] as const) {
      const tx = await sql.transaction();
      const readers = [await opened(tx), await opened(tx), await opened(tx)];
      const stream = numbered(tx, COUNT).stream();
      const other = stream[Symbol.asyncIterator]();
      await other.next();
      await tx[end]();
      for (const reader of [...readers, other]) await assertEnded(reader, "transaction");
      assertInstanceOf(await failureOf(stream.summary), TypeError);
      assertEquals(await sql`select 1 as one`.one(), { one: 1 });
    }
  },
);

testBoth("TransactionSql does not commit while a stream in flow mode is open", async (open) => {
  const sql = open({ max: 1 });
  await using table = await createTable(open);
  const pid = await pidOf(sql);
  let reader: AsyncIterator<Numbered>;
  const failure = await failureOf(sql.begin(async (tx) => {
    await tx`insert into ${table.name} values (1)`;
    reader = numbered(tx, COUNT).stream({ mode: "flow" })[Symbol.asyncIterator]();
    await reader.next();
  }));
  assertInstanceOf(failure, TypeError);
  assertMatch(failure.message, /^Cannot commit: a stream in flow mode is still open/);
  assertStrictEquals(await failureOf(reader!.next()), failure);
  assertEquals(await table.committed(), []);
  assertEquals(await pidOf(sql), pid);
});

testBoth("TransactionSql ends a stream whose fetch is on its way", async (open) => {
  const sql = open({ max: 1 });
  await using table = await createTable(open);
  const pid = await pidOf(sql);
  const tx = await sql.transaction();
  const told = failureOf(all(tx.unsafe(`
    select i, repeat('x', 1000), case when i > 400 then pg_sleep(600) end
    from generate_series(1, 1000) i`)));
  await untilWaiting(table.observer, pid, "PgSleep");
  await tx.rollback();
  assertMatch((await told as Error).message, /its transaction has ended$/);
  assertEquals(await pidOf(sql), pid);
});

testBoth("TransactionSql commits while a fetch of an open stream is on its way", async (open) => {
  const sql = open({ max: 1 });
  await using table = await createTable(open);
  const pid = await pidOf(sql);
  const tx = await sql.transaction();
  await tx`insert into ${table.name} values (1)`;
  const told = failureOf(all(tx.unsafe(`
    select i, repeat('x', 1000), case when i = 400 then pg_sleep(0.5) end
    from generate_series(1, 1000) i`)));
  await untilWaiting(table.observer, pid, "PgSleep");
  await tx.commit();
  assertMatch((await told as Error).message, /its transaction has ended$/);
  assertEquals(await table.committed(), [1]);
});

testBoth("TransactionSql ends its streams when its function throws", async (open) => {
  const sql = open({ max: 1 });
  const enough = new Error("enough");
  let reader: AsyncIterator<Numbered>;
  const failure = await failureOf(sql.begin(async (tx) => {
    reader = await opened(tx);
    throw enough;
  }));
  assertStrictEquals(failure, enough);
  await assertEnded(reader!, "transaction");
});

testBoth("TransactionSql refuses streams behind its end", async (open) => {
  const sql = open({ max: 1 });
  const tx = await sql.begin((tx) => ({ tx, query: numbered(tx, 1) }));
  await assertRejects(() => all(tx.query), TypeError, "its transaction has ended");
  await assertRejects(() => all(numbered(tx.tx, 1)), TypeError, "its transaction has ended");
});

testBoth(
  "TransactionSql.savepoint() that is undone ends its streams, not the transaction",
  async (open) => {
    const sql = open({ max: 1 });
    await using table = await createTable(open);
    const enough = new Error("enough");
    await sql.begin(async (tx) => {
      const outer = await opened(tx);
      let inner: AsyncIterator<Numbered>;
      const undone = tx.savepoint(async (sp) => {
        inner = await opened(sp);
        throw enough;
      });
      assertStrictEquals(await failureOf(undone), enough);
      await assertEnded(inner!, "savepoint");
      assertEquals((await outer.next()).value?.i, 2);
      await outer.return!();
      await tx`insert into ${table.name} values (1)`;
    });
    assertEquals(await table.committed(), [1]);
  },
);

testBoth("TransactionSql.savepoint() that is released leaves its streams open", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const { inner } = await tx.savepoint(async (sp) => ({ inner: await opened(sp) }));
    assertEquals((await all(inner)).length, COUNT - 1);
  });
});

testBoth("TransactionSql lost with its connection ends its streams", async (open) => {
  const sql = open({ max: 1 });
  const observer = open({ max: 1 });
  const failure = await failureOf(sql.begin(async (tx) => {
    const reader = await opened(tx);
    const pid = await pidOf(tx);
    await observer`select pg_terminate_backend(${pid})`;
    while ((await observer`select from pg_stat_activity where pid = ${pid}`).length > 0) {
      /* Looks again. */
    }
    const told = await failureOf((async () => {
      while (!(await reader.next()).done) { /* Until it fails. */ }
    })());
    assertInstanceOf(told, Error);
  }));
  assertInstanceOf(failure, Error);
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

/** A stream whose reader has stopped at its first row. */
async function opened(tx: TransactionSql | SavepointSql): Promise<ResultIterator<Numbered>> {
  const reader = numbered(tx, COUNT)[Symbol.asyncIterator]();
  assertEquals((await reader.next()).value?.i, 1);
  return reader;
}

/** The reader is told of the end of what its stream was in, and only once. */
async function assertEnded(reader: AsyncIterator<Numbered>, what: string): Promise<void> {
  const failure = await failureOf(reader.next());
  assertInstanceOf(failure, TypeError);
  assertMatch(failure.message, new RegExp(`^Cannot .+: its ${what} has ended$`));
  assertEquals(await reader.next(), { done: true, value: undefined });
}
