/** What would wait for a stream in flow mode of its own connection is refused, never hangs. */

import type { SavepointSql, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertInstanceOf, assertMatch, assertRejects } from "../../std_assert.ts";
import { all, failureOf, numbered, numbersOf, upTo } from "./reading.ts";
import { createTable } from "./table.ts";

/** Far more than waits in a process whose reader has stopped. */
const MANY = 3_000;

type Ask = (sql: SqlTag) => PromiseLike<unknown>;

const calls: readonly [name: string, ask: Ask][] = [
  ["a query", (sql) => sql`select 1`],
  ["a query with a value", (sql) => sql`select ${1}::int4`],
  ["a query by the simple protocol", (sql) => sql`select 1`.simple()],
  ["a query with prepare: false", (sql) => sql`select 1`.with({ prepare: false })],
  ["query()", (sql) => sql.query("select $1::int4", [1])],
  ["describe()", (sql) => sql`select 1`.describe()],
  ["pipeline()", (sql) => sql.pipeline([sql`select 1`, sql`select 2`])],
  ["pipeline() with one Sync", (sql) => sql.pipeline([sql`select 1`], { sync: "one" })],
  ["a second stream", (sql) => all(sql`select 1`)],
  ["a second stream in flow mode", (sql) => all(sql`select 1`.stream({ mode: "flow" }))],
  ["a second stream in portal mode", (sql) => all(sql`select 1`.stream({ mode: "portal" }))],
  ["forEach()", (sql) => sql`select 1`.forEach(() => {})],
];

for (const [name, ask] of calls) {
  testBoth(`TransactionSql refuses ${name} while a stream in flow mode is open`, async (open) => {
    const sql = open({ max: 1 });
    await sql.begin((tx) => refusesInFlow(tx, ask));
    await sql.begin((tx) => tx.savepoint((sp) => refusesInFlow(sp, ask)));
  });

  testBoth(`ReservedSql refuses ${name} while a stream in flow mode is open`, async (open) => {
    const sql = open({ max: 1 });
    await using reserved = await sql.reserve();
    await refusesInFlow(reserved, ask);
  });
}

testBoth("ReservedSql runs queries behind a stream in flow mode that was left", async (open) => {
  const sql = open({ max: 1 });
  await using reserved = await sql.reserve();
  for (const count of [1, 100, MANY]) {
    for await (const _ of numbered(reserved, count).stream({ mode: "flow" })) break;
    assertEquals(await reserved`select 1 as one`.one(), { one: 1 });
  }
});

testBoth("TransactionSql goes on behind a stream in flow mode that was left", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const count of [1, 100, MANY]) {
    await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (${count})`;
      for await (const _ of numbered(tx, count).stream({ mode: "flow" })) break;
      assertEquals(await tx`select 1 as one`.one(), { one: 1 });
    });
  }
  assertEquals(await table.committed(), [1, 100, MANY]);
});

testBoth(
  "TransactionSql.savepoint() is refused while a stream in flow mode is open",
  async (open) => {
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      await refusesInFlow(tx, (tag) => (tag as SavepointSql).savepoint(() => {}));
      assertEquals(await tx.savepoint((sp) => sp`select 1 as one`.one()), { one: 1 });
    });
  },
);

testBoth("ReservedSql.begin() is refused while a stream is open", async (open) => {
  const sql = open({ max: 1 });
  await using reserved = await sql.reserve();
  for (const mode of ["flow", "portal"] as const) {
    for await (const { i } of numbered(reserved, MANY).stream({ mode })) {
      if (i > 1) break;
      await assertRejects(() => reserved.begin(() => {}), TypeError, "streams of this connection");
      await assertRejects(() => reserved.transaction(), TypeError, "streams of this connection");
    }
  }
  assertEquals(await reserved.begin((tx) => tx`select 1 as one`.one()), { one: 1 });
});

testBoth("TransactionSql refuses a stream in flow mode beside others", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    for await (const { i } of numbered(tx, MANY)) {
      if (i > 1) break;
      const flow = numbered(tx, 10).stream({ mode: "flow" });
      await assertRejects(() => all(flow), TypeError, "other streams of this connection are open");
    }
    assertEquals(numbersOf(await all(numbered(tx, 10).stream({ mode: "flow" }))), upTo(10));
  });
});

testBoth("TransactionSql.rollback() ends a stream in flow mode that is open", async (open) => {
  const sql = open({ max: 1 });
  const tx = await sql.transaction();
  const rows = numbered(tx, MANY).stream({ mode: "flow" })[Symbol.asyncIterator]();
  await rows.next();
  await tx.rollback();
  await assertRejects(() => rows.next(), TypeError, "its transaction has ended");
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

/** In the loop's body it is refused; behind its end it is run. */
async function refusesInFlow(sql: SqlTag, ask: Ask): Promise<void> {
  let read = 0;
  for await (const { i } of numbered(sql, MANY).stream({ mode: "flow" })) {
    assertEquals(i, ++read);
    if (i === 1) await assertRefused(ask(sql));
  }
  assertEquals(read, MANY);
  await ask(sql);
}

async function assertRefused(asked: PromiseLike<unknown>): Promise<void> {
  const refusal = await failureOf(asked);
  assertInstanceOf(refusal, TypeError);
  assertMatch(refusal.message, /^Cannot .+: this connection is busy with a stream in flow mode/);
}
