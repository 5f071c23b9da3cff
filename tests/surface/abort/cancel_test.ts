/** Query.cancel(), aborts that come twice or too late, and what signals are left with. */

import type { Query, Sql } from "../../../mod.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertStrictEquals } from "../../std_assert.ts";
import { calls, exhaust, sleep } from "./calls.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";

const reason = new Error("enough");

testTargets("Query.cancel() before the query is run has nothing sent", async (stage) => {
  const lines: string[] = [];
  const sql = stage.open({ trace: (line) => lines.push(line) });
  const described: Run = (query) => query.describe();
  for (const run of [awaited, looped, described]) {
    const query = sleep(sql);
    query.cancel();
    query.cancel();
    assertAbortError(await rejection(run(query)));
  }
  await turn();
  assertEquals(lines, []);
});

testTargets("Query.cancel() ends the waiting for a connection", async (stage) => {
  const sql = stage.open();
  const reserved = await sql.reserve();
  for (const run of [awaited, looped]) {
    const query = sleep(sql);
    const told = rejection(run(query));
    await turn();
    query.cancel();
    assertAbortError(await told);
  }
  await reserved.release();
  await pidOf(sql);
});

testTargets("Query.cancel() stops what runs, and twice is as good as once", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  for (const run of [awaited, looped]) {
    const query = sleep(sql);
    const told = rejection(run(query));
    await stage.untilAsleep();
    query.cancel();
    query.cancel();
    assertAbortError(await told);
    query.cancel();
    assertEquals(await pidOf(sql), pid);
  }
  const member = sleep(sql);
  const whole = rejection(sql.pipeline([sql`select 1`, member]));
  await stage.untilAsleep();
  member.cancel();
  assertAbortError(await whole);
  assertEquals(await pidOf(sql), pid);
});

testTargets("Query.cancel() behind the end does nothing, whatever runs by then", async (stage) => {
  const sql = stage.open();
  const controller = new AbortController();
  const { signal } = controller;
  const query = sql`select 1 as one`.with({ signal });
  const stream = sql`select generate_series(1, 10) as i`.with({ signal });
  const rows = await query;
  await exhaust(stream);
  await sql.begin({ signal }, (tx) => tx`select 1`);
  await (await sql.transaction({ signal })).commit();
  await (await sql.reserve({ signal })).release();
  await sql.pipeline([sql`select 1`], { signal });
  const next = sql`select pg_sleep(0.05), 2 as two`.then(([{ two }]) => two);
  await turn();
  query.cancel();
  stream.cancel();
  controller.abort(reason);
  assertEquals(await next, 2);
  assertStrictEquals(await query, rows);
});

testTargets("AbortSignal that is aborted behind cancel() changes nothing", async (stage) => {
  const sql = stage.open();
  const controller = new AbortController();
  const query = sleep(sql).with({ signal: controller.signal });
  const told = rejection(query);
  await stage.untilAsleep();
  query.cancel();
  controller.abort(reason);
  assertAbortError(await told);
  await pidOf(sql);
});

const reasons: readonly unknown[] = [undefined, null, 0, "", "enough", { code: 7 }, reason];

testTargets("AbortSignal may have any reason", async (stage) => {
  const sql = stage.open();
  for (const given of reasons) {
    for (const { name, run } of few) {
      const controller = new AbortController();
      const told = rejection(run(sql, controller.signal));
      await stage.untilAsleep();
      controller.abort(given);
      assertStrictEquals(await told, controller.signal.reason, name);
      await pidOf(sql);
    }
  }
});

const few = calls.filter(({ name }) => /awaited|in a loop|a query$|transaction\(\)/.test(name));

testTargets("AbortSignal keeps no listener of what has ended", async (stage) => {
  const sql = stage.open();
  const controller = new WatchedController();
  const { signal, waiting } = controller;
  await endWell(sql, signal);
  assertEquals(waiting.size, 0);
  for (const run of [awaited, looped]) await rejection(run(sql`select 1 / 0`.with({ signal })));
  for await (const _ of sql`select generate_series(1, 100000)`.with({ signal })) break;
  await rejection(sql.begin({ signal }, (tx) => tx`select 1 / 0`));
  assertEquals(waiting.size, 0);
  const told = rejection(sleep(sql).with({ signal }));
  await stage.untilAsleep();
  assertEquals(waiting.size, 1);
  controller.abort(reason);
  await told;
  await pidOf(sql);
});

async function endWell(sql: Sql, signal: AbortSignal): Promise<void> {
  await sql`select ${0.5}::float8`.with({ signal });
  await exhaust(sql`select 1`.with({ signal }));
  await exhaust(sql`select 1`.with({ signal }).stream({ mode: "portal" }));
  await sql`select 2`.with({ signal }).describe();
  await sql.pipeline([sql`select 1`, sql`select 2`.with({ signal })], { signal });
  await sql.begin({ signal }, (tx) => tx.savepoint((inner) => inner`select 1`));
  await (await sql.transaction({ signal })).rollback();
  await (await sql.reserve({ signal })).release();
  await sql.connect({ signal });
}

/** A controller whose signal tells who waits for it. */
class WatchedController extends AbortController {
  readonly waiting = new Set<unknown>();

  constructor() {
    super();
    const { signal, waiting } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      waiting.add(args[1]);
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      waiting.delete(args[1]);
      remove(...args);
    };
  }
}

type Run = (query: Query<unknown>) => PromiseLike<unknown>;

const awaited: Run = (query) => query;
const looped: Run = (query) => exhaust(query);

function assertAbortError(error: unknown): void {
  assert(error instanceof DOMException, `not a DOMException: ${error}`);
  assertEquals([error.name, error.message], ["AbortError", "The query was cancelled"]);
}
