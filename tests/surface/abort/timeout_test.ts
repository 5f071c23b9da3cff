/** Limits of time: what took too long is said, and the server is told to stop. */

import { ConnectionError } from "../../../mod.ts";
import type { Sql } from "../../../mod.ts";
import { FaultProxy } from "../../faults/proxy.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertInstanceOf } from "../../std_assert.ts";
import { exhaust, queryCalls, sleep } from "./calls.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";

/** Short, for what never ends by itself. */
const timeoutMs = 40;
/** Nothing here takes so long, however busy the machine is. */
const patient = { timeoutMs: 30_000 };

interface Limited {
  readonly name: string;
  readonly what: "query" | "pipeline" | "transaction";
  readonly run: (sql: Sql) => PromiseLike<unknown>;
}

const limited: readonly Limited[] = [
  { name: "Query.with()", what: "query", run: (sql) => sleep(sql).with({ timeoutMs }) },
  {
    name: "Query.with() in a loop",
    what: "query",
    run: (sql) => exhaust(sleep(sql).with({ timeoutMs })),
  },
  {
    name: "Query.forEach()",
    what: "query",
    run: (sql) => sleep(sql).with({ timeoutMs }).forEach(() => {}),
  },
  {
    name: "RowStream in portal mode",
    what: "query",
    run: (sql) => exhaust(sleep(sql).with({ timeoutMs }).stream({ mode: "portal" })),
  },
  {
    name: "SqlTag.pipeline() with each",
    what: "pipeline",
    run: (sql) => sql.pipeline([sql`select 1`, sleep(sql)], { timeoutMs }),
  },
  {
    name: "SqlTag.pipeline() with one",
    what: "pipeline",
    run: (sql) => sql.pipeline([sql`select 1`, sleep(sql)], { timeoutMs, sync: "one" }),
  },
  {
    name: "begin() with a query",
    what: "transaction",
    run: (sql) => sql.begin({ timeoutMs }, (tx) => sleep(tx)),
  },
  {
    name: "begin() whose function waits for something else",
    what: "transaction",
    run: (sql) => sql.begin({ timeoutMs }, () => new Promise(() => {})),
  },
  {
    name: "transaction()",
    what: "transaction",
    run: async (sql) => {
      await using tx = await sql.transaction({ timeoutMs });
      await sleep(tx);
    },
  },
];

for (const { name, what, run } of limited) {
  testTargets(`${name} with timeoutMs says what took too long`, async (stage) => {
    const sql = stage.open();
    const pid = await pidOf(sql);
    assertTimeout(await rejection(run(sql)), what);
    assertEquals(await pidOf(sql), pid);
    await stage.untilIdle();

    const reserved = await sql.reserve(); // Now each waits for the connection.
    const told = rejection(run(sql));
    const behind = sql`select 1 as one`.then(([{ one }]) => one);
    assertTimeout(await told, what);
    await reserved.release();
    assertEquals(await behind, 1);
  });
}

testTargets("Query with timeoutMs in a pipeline is ended alone", async (stage) => {
  const sql = stage.open();
  for (const sync of ["each", "one"] as const) {
    const first = sql`select 1 as one`;
    const late = sql`select pg_sleep(0.3)`.with({ timeoutMs });
    const last = sql`select 2 as two`;
    const whole = rejection(sql.pipeline([first, late, last], { sync }));
    assertTimeout(await rejection(late), "query");
    assertTimeout(await whole, "query");
    if (sync === "one") continue; // What becomes of the others is the pipeline's to say.
    assertEquals([...await first, ...await last], [{ one: 1 }, { two: 2 }]);
  }
});

testTargets(
  "ClientOptions.queryTimeoutMs limits each query that says nothing else",
  async (stage) => {
    const sql = stage.open({ queryTimeoutMs: timeoutMs });
    const unlimited = new AbortController();
    for (const { run } of queryCalls) {
      assertTimeout(await rejection(run(sql, unlimited.signal)), "query");
    }
    assertTimeout(await rejection(sql.begin((tx) => sleep(tx))), "query");
    assertTimeout(await rejection(sql.begin((tx) => exhaust(sleep(tx)))), "query");
    const slow = () => sql`select pg_sleep(0.1), 1 as one`;
    assertEquals((await slow().with({ timeoutMs: 0 }).one()).one, 1);
    assertEquals((await slow().with(patient).one()).one, 1);
  },
);

testTargets(
  "RowStream with timeoutMs limits each wait of its reader, not the whole",
  async (stage) => {
    const sql = stage.open();
    // A row is more than the server keeps back; all together take twice the limit.
    const rows = () => sql`select pg_sleep(0.1), repeat('x', 20000) from generate_series(1, 20)`;
    let count = 0;
    for await (const _ of rows().with({ timeoutMs: 1_000 })) count++;
    assertEquals(count, 20);
  },
);

testTargets("RowStream with timeoutMs leaves a reader his time", async (stage) => {
  const sql = stage.open();
  for (const mode of ["flow", "portal"] as const) {
    const rows = sql`select generate_series(1, 20000) as i, repeat('x', 200)`;
    let count = 0;
    for await (const _ of rows.with({ timeoutMs: 1_000 }).stream({ mode })) {
      if (++count === 1) await new Promise((resolve) => setTimeout(resolve, 1_300));
    }
    assertEquals(count, 20_000);
  }
});

testTargets("RowStream with timeoutMs is ended in mid-result", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  const rows = sql<{ i: number }>`select i, repeat('x', 20000),
    case when i = 5 then pg_sleep(600) end from generate_series(1, 10) i`;
  const seen: number[] = [];
  const told = await rejection((async () => {
    for await (const { i } of rows.with({ timeoutMs: 500 })) seen.push(i);
  })());
  assertTimeout(told, "query", 500);
  assertEquals(seen.slice(0, 3), [1, 2, 3]); // A part of the fourth is still in the server's buffer.
  assertEquals(await pidOf(sql), pid);
});

testTargets("RowStream.columns is limited by timeoutMs", async (stage) => {
  const sql = stage.open();
  const reserved = await sql.reserve();
  const stream = sleep(sql).with({ timeoutMs }).stream();
  assertTimeout(await rejection(stream.columns), "query");
  assertTimeout(await rejection(stream.summary), "query");
  await reserved.release();
});

testTargets("timeoutMs that is not reached ends nothing", async (stage) => {
  const sql = stage.open({ queryTimeoutMs: patient.timeoutMs });
  assertEquals((await sql`select 1 as one`.with(patient).one()).one, 1);
  await exhaust(sql`select generate_series(1, 1000)`.with(patient));
  await sql.pipeline([sql`select 1`, sql`select 2`], patient);
  await sql.begin(patient, (tx) => tx`select 1`);
  const tx = await sql.transaction(patient);
  await tx.commit();
  await turn(); // A timer that is left fails the test.
});

testTargets("ClientOptions.connectTimeoutMs says what took too long", async (stage) => {
  await using proxy = await FaultProxy.start(stage.target.server, (connection) => {
    connection.fail("stall");
  });
  const sql = stage.openAt(proxy.url(stage.target.parameters), { connectTimeoutMs: 60 });
  const calls: readonly (() => PromiseLike<unknown>)[] = [
    () => sql`select 1`,
    () => sql`select 1`.batches().next(),
    () => sql.begin(() => {}),
    () => sql.transaction(),
    () => sql.reserve(),
    () => sql.connect(),
    () => sql.pipeline([sql`select 1`]),
    () => sql`select 1`.describe(),
  ];
  for (const told of await Promise.all(calls.map((call) => rejection(call())))) {
    assertInstanceOf(told, ConnectionError);
    assertEquals(told.message, "Cannot start a session: the server gave no answer within 60 ms");
    assertEquals([told.code, told.safeToRetry], ["ETIMEDOUT", true]);
  }
});

function assertTimeout(error: unknown, what: Limited["what"], afterMs = timeoutMs): void {
  assert(error instanceof DOMException, `not a DOMException: ${error}`);
  assertEquals([error.name, error.message], [
    "TimeoutError",
    `The ${what} took longer than ${afterMs} ms`,
  ]);
}
