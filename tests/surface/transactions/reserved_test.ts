/** Transactions on a connection that was taken out of the pool. */

import { DatabaseError } from "../../../mod.ts";
import type { SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertRejects } from "../../std_assert.ts";
import { pidOf } from "./backend.ts";
import { createTable } from "./test_table.ts";

const BUSY = "a transaction is open on this connection";

testBoth("ReservedSql.begin() runs on the reserved connection, again and again", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 2 });
  await using reserved = await sql.reserve();
  const pid = await pidOf(reserved);
  for (const n of [1, 2, 3]) {
    assertEquals(
      await reserved.begin({ isolation: "serializable" }, async (tx) => {
        await tx`insert into ${table.name} values (${n})`;
        return await pidOf(tx);
      }),
      pid,
    );
    assertEquals(await pidOf(reserved), pid);
  }
  assertEquals(await table.values(), [1, 2, 3]);
});

testBoth("ReservedSql.begin() rolls back, and the connection goes on", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  await using reserved = await sql.reserve();
  const fails = (tx: SqlTag) => [tx`insert into ${table.name} values (1)`, tx`select 1 / 0`];
  await assertRejects(() => reserved.begin(fails), DatabaseError, "division by zero");
  assertEquals([...await reserved`select n from ${table.name}`], []);
  await reserved`insert into ${table.name} values (2)`;
  assertEquals(await table.values(), [2]);
});

testBoth(
  "ReservedSql.transaction() refuses queries beside its handle until its end",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    await using reserved = await sql.reserve();
    const insert = (by: SqlTag, n: number) => by`insert into ${table.name} values (${n})`;
    {
      await using tx = await reserved.transaction();
      await insert(tx, 1);
      await assertRejects(() => insert(reserved, 2).then(), TypeError, BUSY);
      await assertRejects(() => reserved.pipeline([insert(reserved, 2)]), TypeError, BUSY);
      await assertRejects(() => reserved.begin(() => {}), TypeError, BUSY);
      await assertRejects(() => reserved.transaction(), TypeError, BUSY);
    }
    await insert(reserved, 3);
    assertEquals(await table.values(), [3]);
  },
);

testBoth(
  "ReservedSql.begin() refuses a second at the same time, and queries in between",
  async (open) => {
    await using table = await createTable(open, "n int4, tags text[]");
    const sql = open({ max: 1 });
    await using reserved = await sql.reserve();
    const insert = (by: SqlTag, n: number) => by`insert into ${table.name} values (${n}, ${["a"]})`;
    const outcomes = await Promise.allSettled([
      reserved.begin(async (tx) => {
        await insert(tx, 1);
        throw new Error("on purpose");
      }),
      reserved.begin((tx) => insert(tx, 2)),
      insert(reserved, 3),
    ]);
    const [first, second, query] = outcomes.map((one) =>
      one.status === "rejected" ? (one.reason as Error).message : "done"
    );
    assertEquals(first, "on purpose");
    // Each is refused or has its own turn, never a part in the transaction that was undone.
    const expected = [second, query].flatMap((outcome, i) => outcome === "done" ? [i + 2] : []);
    assertEquals(await table.values(), expected);
  },
);

testBoth("ReservedSql runs what was asked for before begin() outside of it", async (open) => {
  await using table = await createTable(open, "n int4, tags text[]");
  const sql = open({ max: 1 });
  await using reserved = await sql.reserve();
  const before = reserved`insert into ${table.name} values (1, ${["needs", "its type"]})`.execute();
  await assertRejects(
    () => reserved.begin(() => Promise.reject(new Error("on purpose"))),
    Error,
    "on purpose",
  );
  await before;
  assertEquals(await table.values(), [1]);
});

testBoth(
  "ReservedSql.begin() refuses to begin in a transaction that came as a query",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    await using reserved = await sql.reserve();
    await reserved`begin`;
    await reserved`insert into ${table.name} values (1)`;
    await assertRejects(() => reserved.begin(() => {}), TypeError, "Cannot begin");
    assertEquals(await table.values(), []);
    await reserved`rollback`;
    await reserved.begin((tx) => tx`insert into ${table.name} values (2)`);
    assertEquals(await table.values(), [2]);
  },
);

testBoth(
  "ReservedSql.release() rolls an open transaction back and ends its handle",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const reserved = await sql.reserve();
    const tx = await reserved.transaction();
    await tx`insert into ${table.name} values (1)`;
    await reserved.release();
    assertEquals([...await sql`select n from ${table.name}`], []);
    await assertRejects(() => tx`select 1`.then(), TypeError);
    await assertRejects(() => reserved.begin(() => {}), TypeError, "was released");
    await tx.rollback();
  },
);

testBoth(
  "TransactionSql of a released connection runs nothing in what others do there",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const reserved = await sql.reserve();
    const left = await reserved.transaction();
    await reserved.release();
    const outcome = sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      await assertRejects(() => left`insert into ${table.name} values (2)`.then(), TypeError);
      await assertRejects(() => left.savepoint(() => {}), TypeError);
      await assertRejects(() => left.commit(), TypeError);
      await left.rollback();
      assertEquals((await tx`select n from ${table.name}`).length, 1);
      throw new Error("on purpose");
    });
    await assertRejects(() => outcome, Error, "on purpose");
    assertEquals([...await sql`select n from ${table.name}`], []);
  },
);

testBoth("ReservedSql.release() waits for what was started and not awaited", async (open) => {
  const sql = open({ max: 1 });
  const type = sql(`mood_${crypto.randomUUID()}`);
  await sql`create type ${type} as enum ('sad', 'ok')`;
  await using table = await createTable(open, `n int4, mood text`);
  try {
    const reserved = await sql.reserve();
    // Of a type that is looked up first, which takes its time.
    const insert = reserved`insert into ${table.name} values (1, ${["ok"]}::${type}[])`.execute();
    await reserved.release();
    await assertRejects(
      () =>
        sql.begin(async (tx) => {
          await tx`select 1`;
          throw new Error("on purpose");
        }),
      Error,
      "on purpose",
    );
    await insert;
    assertEquals(await table.values(), [1]);
  } finally {
    await sql`drop type ${type}`;
  }
});

testBoth("ReservedSql.beginDistributed() prepares on its connection", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 2 });
  await using reserved = await sql.reserve();
  const name = crypto.randomUUID();
  await reserved.beginDistributed(name, (tx) => [tx`insert into ${table.name} values (1)`]);
  assertEquals(await table.values(), []);
  await sql.commitDistributed(name);
  assertEquals(await table.values(), [1]);
  assertEquals([...await reserved`select 1 as a`], [{ a: 1 }]);
});

testBoth("ReservedSql.parameters are those of its connection", async (open, protocol) => {
  const sql = open({ max: 2, applicationName: "before" });
  await using reserved = await sql.reserve();
  await using other = await sql.reserve();
  await reserved`set application_name = 'mine'`;
  const told = protocol.protocolVersion === "2.0" ? "before" : "mine"; // 2.0 tells at login.
  assertEquals(reserved.parameters.application_name, told);
  assertEquals(other.parameters.application_name, "before");
  await reserved.begin((tx) => assertEquals(tx.parameters.application_name, told));
});
