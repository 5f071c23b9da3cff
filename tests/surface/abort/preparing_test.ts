/** Queries that are aborted before they run: while the server parses them, which a lock holds up. */

import type { ClientOptions, Query, SqlTag } from "../../../mod.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertStrictEquals } from "../../std_assert.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";
import type { Stage } from "./stage.ts";

const reason = new Error("enough");

/** A table of which no query can even be parsed as long as its lock is held. */
interface LockedTable {
  readonly read: (sql: SqlTag) => Query<unknown>;
  readonly unlock: () => Promise<void>;
}

type Run = (query: Query<unknown>) => PromiseLike<unknown>;

const runs: readonly [name: string, run: Run][] = [
  ["Query, awaited,", (query) => query],
  ["Query.batches()", (query) => query.batches().next()],
  ["RowStream in portal mode", (query) => query.stream({ mode: "portal" }).batches().next()],
  ["RowStream.columns", (query) => query.stream().columns],
  ["Query.describe()", (query) => query.describe()],
];

for (const [name, run] of runs) {
  for (const prepare of [true, false]) {
    testTargets(
      `${name} is aborted while the server parses it (prepare: ${prepare})`,
      (stage) => whileLocked(stage, (table) => abortParsing(stage, table, { run, prepare })),
    );
  }
}

const ENDS = { signal: "Error", timeoutMs: "TimeoutError", "cancel()": "AbortError" } as const;

async function abortParsing(
  stage: Stage,
  { read }: LockedTable,
  { run, ...options }: ClientOptions & { readonly run: Run },
): Promise<void> {
  const sql = stage.open(options);
  const pid = await pidOf(sql);
  for (const end of ["signal", "timeoutMs", "cancel()"] as const) {
    const controller = new AbortController();
    const limit = end === "timeoutMs" ? { timeoutMs: 100 } : { signal: controller.signal };
    const query = read(sql).with(limit);
    const told = rejection(run(query));
    await stage.untilLocked();
    if (end === "signal") controller.abort(reason);
    if (end === "cancel()") query.cancel();
    assertEquals(nameOf(await told), ENDS[end], end);
    assertEquals(await pidOf(sql), pid, end); // The lock is still held.
  }
}

testTargets(
  "Query with the text of one that was aborted is not hit by its cancel",
  (stage) =>
    whileLocked(stage, async ({ read, unlock }) => {
      const reserved = await stage.open().reserve();
      const controller = new AbortController();
      const query = () => read(reserved).with({ signal: controller.signal });
      const told = [rejection(query()), rejection(query().batches().next())];
      await stage.untilLocked();
      controller.abort(reason);
      const next = [read(reserved).then(), read(reserved).batches().next()];
      for (const one of told) assertStrictEquals(await one, reason);
      await turn();
      await unlock();
      await Promise.all(next);
      await reserved.release();
    }),
);

testTargets(
  "Query whose preparation others wait for, too, is aborted alone",
  (stage) =>
    whileLocked(stage, async ({ read, unlock }) => {
      const sql = stage.open();
      const controller = new AbortController();
      const told = rejection(read(sql).with({ signal: controller.signal }));
      const other = read(sql).then((rows) => [...rows]);
      await stage.untilLocked();
      controller.abort(reason);
      assertStrictEquals(await told, reason);
      await unlock();
      assertEquals(await other, []);
      await pidOf(sql);
    }),
);

testTargets("Statements that aborts left behind are in nobody's way, and go", async (stage) => {
  const reserved = await stage.open().reserve();
  await reserved.unsafe("prepare rill_parameters_900 as select 1").simple();
  for (let i = 0; i < 100; i++) {
    // Each is a query of its own, so that its types are asked for.
    const text = `select ${i} as i where 0 < $1::float8`;
    const controller = new AbortController();
    const query = reserved.unsafe(text, [0.5]).with({ signal: controller.signal });
    const told = query.then(() => undefined, (error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
    controller.abort(reason);
    assert([undefined, reason].includes(await told as Error | undefined));
    assertEquals([...await reserved.unsafe(text, [0.5])], [{ i }]);
  }
  // On 3.x it is nothing but a user's own statement.
  const { protocolVersion } = stage.target.parameters;
  const left = await reserved`
    select name from pg_prepared_statements where name like 'rill_parameters_%'`.values();
  assertEquals([...left], protocolVersion === "2.0" ? [] : [["rill_parameters_900"]]);
  await reserved.release();
});

testTargets(
  "Query.describe() is limited by queryTimeoutMs",
  (stage) =>
    whileLocked(stage, async ({ read }) => {
      const sql = stage.open({ queryTimeoutMs: 50 });
      assertEquals(nameOf(await rejection(read(sql).describe())), "TimeoutError");
      await pidOf(sql);
    }),
);

function nameOf(error: unknown): string {
  assert(error instanceof Error || error instanceof DOMException);
  return error.name;
}

/** Of its own for each test: one that fails must not hold up the next. */
let tables = 0;

async function whileLocked(
  stage: Stage,
  body: (table: LockedTable) => Promise<void>,
): Promise<void> {
  const name = `abort_locked_${++tables}`;
  await stage.observer`create table ${stage.observer(name)} (i int4)`;
  {
    await using locker = await stage.open({ applicationName: "locker" }).transaction();
    await locker`lock table ${locker(name)} in access exclusive mode`;
    await body({
      // Its types have to be asked for: a fraction is sent as what the server says it is.
      read: (sql) => sql<unknown>`select i from ${sql(name)} where i > ${0.5}::float8`,
      unlock: () => locker.rollback(),
    });
  }
  await stage.untilIdle();
  await stage.observer`drop table ${stage.observer(name)}`;
}
