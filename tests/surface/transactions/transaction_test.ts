/** Transactions that last as long as their variable. */

import { DatabaseError } from "../../../mod.ts";
import type { Sql, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import { createTable } from "./test_table.ts";

const ENDED = "its transaction has ended";

/** Of max: 1, so that a connection that was not given back is a test that is not done in time. */
async function assertFree(sql: Sql): Promise<void> {
  const [[outside], [inside]] = [
    await sql`select 1 as it`,
    await sql.begin((tx) => [tx`select 1`]),
  ];
  assertEquals([outside.it, inside.length], [1, 1]);
}

testBoth("Sql.transaction() is rolled back with its variable", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  {
    await using tx = await sql.transaction();
    await tx`insert into ${table.name} values (1)`;
    assertEquals((await tx`select n from ${table.name}`).length, 1);
  }
  await assertFree(sql);
  assertEquals(await table.values(), []);
});

testBoth("Sql.transaction() is rolled back when its block throws", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  await assertRejects(
    async () => {
      await using tx = await sql.transaction();
      await tx`insert into ${table.name} values (1)`;
      await tx`select nosuch`;
    },
    DatabaseError,
    "nosuch",
  );
  await assertFree(sql);
  assertEquals(await table.values(), []);
});

testBoth("Sql.transaction() keeps what was committed", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  {
    await using tx = await sql.transaction({ isolation: "serializable" });
    await tx`insert into ${table.name} values (1)`;
    const [{ level }] = await tx`select current_setting('transaction_isolation') as level`;
    assertEquals(level, "serializable");
    assertEquals(await table.values(), []);
    await tx.commit();
    assertEquals(await table.values(), [1]);
  }
  await assertFree(sql);
  assertEquals(await table.values(), [1]);
});

testBoth("TransactionSql.rollback() undoes it", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const tx = await sql.transaction();
  await tx`insert into ${table.name} values (1)`;
  await tx.rollback();
  await assertFree(sql);
  assertEquals(await table.values(), []);
});

testBoth("TransactionSql.rollback() does nothing behind an end", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const ends: ((tx: TransactionSql) => Promise<void>)[] = [
    (tx) => tx.commit(),
    (tx) => tx.rollback(),
  ];
  for (const end of ends) {
    const tx = await sql.transaction();
    await tx`insert into ${table.name} values (1)`;
    await end(tx);
    await using other = await sql.transaction(); // Has the connection now.
    await other`insert into ${table.name} values (2)`;
    await tx.rollback();
    await tx[Symbol.asyncDispose]();
    await other.commit();
  }
  assertEquals(await table.values(), [1, 2, 2]);
});

testBoth(
  "TransactionSql.commit() is refused behind an end, and ends nobody else's",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    for (const end of ["commit", "rollback"] as const) {
      const tx = await sql.transaction();
      await tx[end]();
      const other = await sql.transaction();
      await other`insert into ${table.name} values (1)`;
      await assertRejects(() => tx.commit(), TypeError, ENDED);
      assertEquals(await table.values(), []);
      await other.rollback();
    }
    await assertFree(sql);
    assertEquals(await table.values(), []);
  },
);

testBoth("TransactionSql.commit() called twice at once commits once", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const tx = await sql.transaction();
  await tx`insert into ${table.name} values (1)`;
  const [first, second] = await Promise.allSettled([tx.commit(), tx.commit()]);
  assertEquals([first.status, second.status], ["fulfilled", "rejected"]);
  await assertFree(sql);
  assertEquals(await table.values(), [1]);
});

testBoth(
  "TransactionSql is at its end when its disposal is, whoever began to end it",
  async (open) => {
    const said: string[] = [];
    const sql = open({ max: 1, trace: (line) => said.push(line) });
    for (const end of ["commit", "rollback"] as const) {
      const tx = await sql.transaction();
      const ending = tx[end]();
      await tx[Symbol.asyncDispose]();
      assert(said.includes(`B\tCommandComplete\t"${end.toUpperCase()}"`));
      await ending;
    }
  },
);

/** All that a handle can be asked for. */
const USES: Readonly<Record<string, (tx: TransactionSql) => PromiseLike<unknown>>> = {
  "a query": (tx) => tx`select 1`,
  "a query with values": (tx) => tx`select ${[1, 2]}::int4[]`,
  "a simple query": (tx) => tx`select 1`.simple(),
  "a text": (tx) => tx.unsafe("select 1; select 2"),
  "pg's query": (tx) => tx.query("select $1::int4", [1]),
  "a stream": (tx) => tx`select 1`.batches().next(),
  "a description": (tx) => tx`select 1`.describe(),
  "a pipeline": (tx) => tx.pipeline([tx`select 1`, tx`select 2`], { sync: "one" }),
  "a savepoint": (tx) => tx.savepoint((inner) => inner`select 1`),
  "a commit": (tx) => tx.commit(),
};

testBoth("TransactionSql refuses all use behind its end", async (open) => {
  const sql = open({ max: 1 });
  const handles: TransactionSql[] = [];
  for (const end of ["commit", "rollback"] as const) {
    const tx = await sql.transaction();
    await tx[end]();
    handles.push(tx);
  }
  await sql.begin((tx) => void handles.push(tx));
  await sql.begin((tx) => Promise.reject(handles.push(tx))).catch(() => {});
  for (const tx of handles) {
    for (const use of Object.values(USES)) await assertRejects(() => use(tx), TypeError, ENDED);
  }
  await assertFree(sql);
});

testBoth("TransactionSql refuses a query that was made before its end", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const tx = await sql.transaction();
  const query = tx`insert into ${table.name} values (1)`;
  const stream = tx`select 1`.stream();
  await tx.commit();
  await assertRejects(() => query.then(), TypeError, ENDED);
  await assertRejects(() => stream.batches().next(), TypeError, ENDED);
  assertEquals(await table.values(), []);
});

testBoth("TransactionSql can be ended within the function of begin()", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const [n, end] of (["commit", "rollback"] as const).entries()) {
    const given = await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (${n})`;
      await tx[end]();
      return end;
    });
    assertEquals(given, end);
    await assertFree(sql);
  }
  assertEquals(await table.values(), [0]);
});

testBoth("Sql.begin() waits for an end that its function began and did not await", async (open) => {
  const said: string[] = [];
  const sql = open({ max: 1, trace: (line) => said.push(line) });
  for (const end of ["commit", "rollback"] as const) {
    await sql.begin((tx) => void tx[end]());
    assert(said.includes(`B\tCommandComplete\t"${end.toUpperCase()}"`));
  }
});

testBoth("Sql.transaction() keeps its connection from others", async (open) => {
  const sql = open({ max: 2 });
  await using tx = await sql.transaction();
  const pid = async (sql: TransactionSql | Sql) => {
    const [{ pid }] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
    return pid;
  };
  const own = await pid(tx);
  const others = await Promise.all(Array.from({ length: 20 }, () => pid(sql)));
  assertEquals(others.includes(own), false);
  assertEquals(await pid(tx), own);
});

testBoth("TransactionSql.parameters are those of its connection", async (open, protocol) => {
  const sql = open({ max: 2, applicationName: "before" });
  await using tx = await sql.transaction();
  assertEquals(tx.parameters.application_name, "before");
  await tx`set application_name = 'within'`;
  const told = protocol.protocolVersion === "2.0" ? "before" : "within"; // 2.0 tells at login.
  assertEquals(tx.parameters.application_name, told);
  await tx.savepoint((inner) => assertEquals(inner.parameters.application_name, told));
  const other = await sql.reserve();
  assertEquals(other.parameters.application_name, "before");
  await other.release();
  await tx.rollback();
  assertEquals(tx.parameters.application_name, "before");
});
