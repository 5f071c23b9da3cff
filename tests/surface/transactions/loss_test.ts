/** A transaction whose connection is lost: it dies with it, and runs on no other. */

import { connect, ConnectionError, DatabaseError } from "../../../mod.ts";
import type { Query, Sql, SqlTag, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import type { ProtocolUnderTest } from "../../both_protocols.ts";
import { FaultProxy } from "../../faults/proxy.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";
import { pidOf, until, untilGone } from "./backend.ts";
import { createTable } from "./test_table.ts";

/** Ends a backend; resolves when its transaction has heard of that. */
async function terminate(tx: SqlTag, observer: Sql): Promise<void> {
  const pid = await pidOf(tx);
  await observer`select pg_terminate_backend(${pid})`;
  await untilGone(observer, pid);
  // The query that finds out may be told by the server itself.
  const told = await tx`select 1`.then(() => "answered", (error) => error);
  assert(told instanceof ConnectionError || told instanceof DatabaseError, `${told}`);
}

/** All ways to run something are refused. */
async function assertLost(tx: TransactionSql, insert: () => Query<unknown>): Promise<void> {
  await assertRejects(() => insert().then(), ConnectionError);
  await assertRejects(() => tx`select 1`.simple().then(), ConnectionError);
  await assertRejects(() => tx`select 1`.batches().next(), ConnectionError);
  await assertRejects(() => tx.pipeline([insert(), insert()], { sync: "one" }), ConnectionError);
  await assertRejects(() => tx.savepoint(() => insert()), ConnectionError);
}

testBoth("TransactionSql refuses all use when its backend was ended", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 2 });
  const insert = (tx: SqlTag, n: number) => tx`insert into ${table.name} values (${n})`;
  await assertRejects(
    () =>
      sql.begin(async (tx) => {
        await insert(tx, 1);
        await terminate(tx, table.observer);
        await assertLost(tx, () => insert(tx, 2));
        return "as if all were well";
      }),
    ConnectionError,
  );
  assertEquals(await table.values(), []);
  await sql.begin((tx) => insert(tx, 3));
  assertEquals(await table.values(), [3]);
});

testBoth("Sql.transaction() that lost its backend can be left, not committed", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  {
    await using tx = await sql.transaction();
    await tx`insert into ${table.name} values (1)`;
    await terminate(tx, table.observer);
    await assertRejects(() => tx.commit(), ConnectionError);
    await assertRejects(() => tx`insert into ${table.name} values (2)`.then(), TypeError, "ended");
    await tx.rollback();
  }
  {
    await using tx = await sql.transaction();
    await terminate(tx, table.observer);
  }
  assertEquals(await table.values(), []);
  await sql`insert into ${table.name} values (3)`;
  assertEquals(await table.values(), [3]);
});

testBoth("Sql.begin() rejects when the backend ends while it sleeps in it", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const begun = sql.begin(async (tx) => {
    await tx`insert into ${table.name} values (1)`;
    const pid = await pidOf(tx);
    const started = [tx`select pg_sleep(600)`, tx`insert into ${table.name} values (2)`];
    const outcomes = Promise.allSettled(started);
    await until("asleep", table.observer, pid);
    await table.observer`select pg_terminate_backend(${pid})`;
    return (await outcomes).map(({ status }) => status);
  });
  await assertRejects(() => begun, ConnectionError);
  assertEquals([...await sql`select n from ${table.name}`], []);
});

testBoth(
  "postgres.js#1133: nothing runs behind idle_in_transaction_session_timeout",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 2 });
    const outcomes: unknown[] = [];
    const failure = await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      const pid = await pidOf(tx);
      await tx`set local idle_in_transaction_session_timeout = '1ms'`;
      await untilGone(table.observer, pid);
      for (const n of [2, 3]) {
        outcomes.push(await tx`insert into ${table.name} values (${n})`.catch((error) => error));
      }
    }).then(() => "resolved", (error) => error);
    assert(failure instanceof ConnectionError || failure instanceof DatabaseError, `${failure}`);
    assertInstanceOf(outcomes[1], ConnectionError);
    assertEquals(await table.values(), []);
    assertEquals([...await sql`select 1 as a`], [{ a: 1 }]);
  },
);

/** A client whose one connection can be broken, and the proxy that breaks it. */
async function openBreakable(
  { protocolVersion, url }: ProtocolUnderTest,
): Promise<{ readonly sql: Sql; readonly proxy: FaultProxy } & AsyncDisposable> {
  const { hostname, port } = new URL(url);
  const proxy = await FaultProxy.start({ host: hostname, port: Number(port) });
  const sql = connect(proxy.url({ sslmode: "disable" }), { protocolVersion, max: 1 });
  return {
    sql,
    proxy,
    async [Symbol.asyncDispose]() {
      await sql.close();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

for (const fault of ["cut", "reset"] as const) {
  testBoth(
    `Sql.begin() rejects when its connection is ${fault}, and another is opened`,
    async (open, protocol) => {
      await using table = await createTable(open);
      await using breakable = await openBreakable(protocol);
      const { sql, proxy } = breakable;
      await assertRejects(
        () =>
          sql.begin(async (tx) => {
            await tx`insert into ${table.name} values (1)`;
            proxy.last.fail(fault);
            await tx`select 1`.catch(() => {});
            await assertLost(tx, () => tx`insert into ${table.name} values (2)`);
          }),
        ConnectionError,
      );
      await sql`insert into ${table.name} values (3)`;
      assertEquals([proxy.connections.length, ...await table.values()], [2, 3]);
    },
  );

  testBoth(
    `Sql.begin() rejects when its connection is ${fault} behind queries nobody awaited`,
    async (open, protocol) => {
      await using table = await createTable(open, "n int4, tags text[]");
      await using breakable = await openBreakable(protocol);
      const { sql, proxy } = breakable;
      for (const swallows of [true, false]) {
        await assertRejects(
          () =>
            sql.begin(async (tx) => {
              await tx`insert into ${table.name} values (1)`;
              const insert = () => tx`insert into ${table.name} values (2, ${["a"]})`;
              const started = [insert().execute(), insert().execute(), tx`select 1`.execute()];
              proxy.last.fail(fault);
              if (swallows) await Promise.allSettled(started);
            }),
          ConnectionError,
        );
      }
      assertEquals([...await sql`select n from ${table.name}`], []);
    },
  );

  testBoth(
    `Sql.begin() rejects when the answer to its COMMIT is ${fault}`,
    async (open, protocol) => {
      await using table = await createTable(open);
      await using breakable = await openBreakable(protocol);
      const { sql, proxy } = breakable;
      let runs = 0;
      const failure = await assertRejects(
        () =>
          sql.begin({ retry: 5 }, async (tx) => {
            runs++;
            await tx`insert into ${table.name} values (1)`;
            proxy.last.failAfter(1, fault);
          }),
        ConnectionError,
      );
      // It was kept, or it was not: nobody can know, so nobody may try again unasked.
      assertEquals([failure.safeToRetry, runs], [false, 1]);
      await sql`select 1`;
      assert((await table.values()).length <= 1);
    },
  );

  testBoth(
    `Sql.begin() rejects when its BEGIN is ${fault}, and the next succeeds`,
    async (open, protocol) => {
      await using table = await createTable(open);
      await using breakable = await openBreakable(protocol);
      const { sql, proxy } = breakable;
      await sql`select 1`;
      let runs = 0;
      proxy.last.failAfter(1, fault);
      await assertRejects(() => sql.begin(() => runs++), ConnectionError);
      assertEquals(runs, 0);
      await sql.begin((tx) => tx`insert into ${table.name} values (1)`);
      assertEquals(await table.values(), [1]);
    },
  );
}

testBoth(
  "TransactionSql never runs on the connection that came after its own",
  async (open, protocol) => {
    await using table = await createTable(open);
    await using breakable = await openBreakable(protocol);
    const { sql, proxy } = breakable;
    const insert = (by: SqlTag, n: number) => by`insert into ${table.name} values (${n})`;
    const lost = await sql.transaction();
    proxy.last.fail("cut");
    await assertRejects(() => lost`select 1`.then(), ConnectionError);
    await using other = await sql.transaction();
    await insert(other, 1);
    await assertRejects(() => insert(lost, 2).then(), ConnectionError);
    await assertRejects(() => lost.commit(), ConnectionError);
    assertEquals([...await other`select n from ${table.name}`], [{ n: 1 }]);
    await other.rollback();
    assertEquals(await table.values(), []);
  },
);
