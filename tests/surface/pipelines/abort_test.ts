/** Pipelines that are ended before their time. */

import { connect, ConnectionError } from "../../../mod.ts";
import type { PipelineOptions, Query, Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { FaultProxy } from "../../faults/proxy.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../../std_assert.ts";
import { pidOf, until } from "../transactions/backend.ts";
import { createTable } from "../transactions/test_table.ts";
import type { TestTable } from "../transactions/test_table.ts";

const ENDS = ["each", "one"] as const;

testBoth("SqlTag.pipeline() with a signal that was aborted before runs nothing", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const reason = new Error("on purpose");
  for (const sync of ENDS) {
    const query = sql`insert into ${table.name} values (1)`;
    const options = { sync, signal: AbortSignal.abort(reason) };
    const outcome = await sql.pipeline([query], options).catch((error) => error);
    assertStrictEquals(outcome, reason);
    assertEquals(await table.values(), []);
  }
});

testBoth("SqlTag.pipeline() that waits for a connection hears its signal", async (open) => {
  const sql = open({ max: 1 });
  for (const sync of ENDS) {
    const reserved = await sql.reserve();
    const controller = new AbortController();
    const queries = [sql`select 1`, sql`select 2`];
    const outcome = sql.pipeline(queries, { sync, signal: controller.signal })
      .then(() => "resolved", (error) => error);
    const reason = new Error("on purpose");
    controller.abort(reason);
    assertStrictEquals(await outcome, reason);
    for (const query of queries) assertStrictEquals(await query.catch((error) => error), reason);
    await reserved.release();
    assertEquals([...await sql`select 3 as a`], [{ a: 3 }]);
  }
});

/** A pipeline that sleeps in its middle, once it does. */
async function sleeping(
  sql: Sql,
  table: TestTable,
  options: PipelineOptions,
): Promise<{ queries: Query<unknown>[]; outcome: Promise<unknown>; pid: number }> {
  const pid = await pidOf(sql);
  const queries = [
    sql`insert into ${table.name} values (${1})`,
    sql`select pg_sleep(600)`,
    sql`insert into ${table.name} values (${2})`,
  ];
  const outcome = sql.pipeline(queries, options).then(() => "resolved", (error) => error);
  await until("asleep", table.observer, pid);
  return { queries, outcome, pid };
}

testBoth("SqlTag.pipeline() that runs hears its signal, and the server is told", async (open) => {
  for (const sync of ENDS) {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const { queries, outcome, pid } = await sleeping(sql, table, { sync, signal });
    const reason = new Error("on purpose");
    controller.abort(reason);
    assertStrictEquals(await outcome, reason);
    await until("awake", table.observer, pid);
    const [first, ...others] = await Promise.allSettled(queries);
    for (const other of others) {
      assert(other.status === "rejected");
      assertStrictEquals(other.reason, reason);
    }
    // Of those that end one by one the first was done, and the last had been sent.
    assertEquals(first.status, sync === "each" ? "fulfilled" : "rejected");
    assertEquals([...await sql`select 3 as a`], [{ a: 3 }]);
    assertEquals(await pidOf(sql), pid);
    assertEquals((await table.values()).includes(1), sync === "each");
  }
});

testBoth("SqlTag.pipeline() takes no longer than its timeoutMs", async (open) => {
  for (const sync of ENDS) {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const pid = await pidOf(sql);
    const queries = [sql`select pg_sleep(600)`, sql`insert into ${table.name} values (1)`];
    const outcome = await sql.pipeline(queries, { sync, timeoutMs: 20 }).catch((error) => error);
    assertEquals(outcome.name, "TimeoutError");
    assert(outcome.message.startsWith("The pipeline took longer than 20 ms"), outcome.message);
    for (const query of queries) assertStrictEquals(await query.catch((error) => error), outcome);
    await until("awake", table.observer, pid);
    assertEquals(await pidOf(sql), pid);
    if (sync === "one") assertEquals(await table.values(), []);
  }
});

testBoth("SqlTag.pipeline() that is done in time leaves no timer and no listener", async (open) => {
  const sql = open({ max: 1 });
  const controller = new AbortController();
  for (const sync of ENDS) {
    const options = { sync, signal: controller.signal, timeoutMs: 600_000 };
    const queries = [sql`select 1 as a`, sql`select 2 as a`];
    const results = await sql.pipeline(queries, options);
    assertEquals(results.map(([{ a }]) => a), [1, 2]);
    await sql.pipeline([sql`select nosuch`], options).catch(() => {});
  }
  controller.abort(new Error("too late"));
  assertEquals([...await sql`select 3 as a`], [{ a: 3 }]);
});

testBoth(
  "Query.cancel() ends its query of a pipeline whose queries end one by one",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const { queries, outcome, pid } = await sleeping(sql, table, {});
    queries[1].cancel();
    queries[2].cancel(); // A cancel may hit whatever was sent already.
    assertEquals((await outcome as Error).name, "AbortError");
    await until("awake", table.observer, pid);
    assertEquals((await Promise.allSettled(queries)).map(({ status }) => status), [
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    assertEquals(await pidOf(sql), pid);
  },
);

testBoth("Query.cancel() of one query ends a pipeline that ends as one", async (open) => {
  for (const cancelled of [0, 1, 2]) {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const { queries, outcome, pid } = await sleeping(sql, table, { sync: "one" });
    queries[cancelled].cancel();
    assertEquals((await outcome as Error).name, "AbortError");
    await until("awake", table.observer, pid);
    const outcomes = await Promise.allSettled(queries);
    assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected", "rejected"]);
    assertEquals(await pidOf(sql), pid);
    assertEquals(await table.values(), []);
  }
});

testBoth(
  "SqlTag.pipeline() settles every query when its connection is lost",
  async (open, protocol) => {
    const { hostname, port } = new URL(protocol.url);
    await using proxy = await FaultProxy.start({ host: hostname, port: Number(port) });
    const { protocolVersion } = protocol;
    for (const sync of ENDS) {
      for (const bytes of [0, 1, 5, 30]) {
        await using table = await createTable(open);
        await using sql = connect(proxy.url({ sslmode: "disable" }), { protocolVersion, max: 1 });
        const queries = () => [1, 2, 3].map((n) => sql`insert into ${table.name} values (${n})`);
        await sql.pipeline(queries(), { sync }); // Prepares.
        await table.observer`truncate ${table.name}`;
        const asked = queries();
        const outcome = assertRejects(() => sql.pipeline(asked, { sync }), ConnectionError);
        proxy.last.failAfter(bytes, "cut");
        await outcome;
        const outcomes = await Promise.allSettled(asked);
        const lost = outcomes.filter((one) => one.status === "rejected");
        for (const { reason } of lost) assert(reason instanceof ConnectionError);
        if (sync === "one") assertEquals(lost.length, 3);
        await sql`select 1`;
        if (sync === "one") assert([0, 3].includes((await table.values()).length));
      }
    }
  },
);
