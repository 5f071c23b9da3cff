/** Transactions that are aborted: nothing of them stays, and their connection is handed on clean. */

import type { Sql, TransactionSql } from "../../../mod.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertStrictEquals } from "../../std_assert.ts";
import { exhaust, sleep } from "./calls.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";
import type { Stage } from "./stage.ts";

const reason = new Error("enough");

testTargets(
  "begin() aborted while its function waits for something else is undone",
  async (stage) => {
    const sql = stage.open();
    const pid = await pidOf(sql);
    const table = await freshTable(stage);
    const controller = new AbortController();
    const inserted = deferred();
    const elsewhere = deferred();
    const late: unknown[] = [];
    const told = rejection(sql.begin({ signal: controller.signal }, async (tx) => {
      await tx`insert into ${tx(table)} values (1)`;
      inserted.resolve();
      await elsewhere.promise;
      late.push(await rejection(tx`insert into ${tx(table)} values (2)`));
      late.push(await rejection(exhaust(tx`insert into ${tx(table)} values (3) returning i`)));
      late.push(await rejection(tx.savepoint(() => 1)));
    }));
    await inserted.promise;
    controller.abort(reason);
    assertStrictEquals(await told, reason);
    assertEquals(await pidOf(sql), pid);
    elsewhere.resolve();
    await turn();
    await stage.untilIdle();
    assertEquals(late.length, 3);
    assertEquals(await countOf(sql, table), 0);
  },
);

testTargets("begin() aborted rejects all its queries, a long sleep among them", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  const controller = new AbortController();
  const told: Promise<unknown>[] = [];
  const whole = rejection(sql.begin({ signal: controller.signal }, async (tx) => {
    told.push(
      rejection(sleep(tx)),
      rejection(tx`select 1`),
      rejection(sleep(tx)),
      rejection(tx.unsafe("select 2").simple()),
      rejection(tx.pipeline([tx`select 3`, sleep(tx)])),
      rejection(exhaust(sleep(tx))),
    );
    await Promise.all(told);
  }));
  await stage.untilAsleep();
  controller.abort(reason);
  assertStrictEquals(await whole, reason);
  for (const one of told) assertStrictEquals(await one, reason);
  await stage.untilIdle();
  assertEquals(await pidOf(sql), pid);
});

testTargets("begin() aborted between short queries is not held up by a long one", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  for (let i = 0; i < 30; i++) {
    const controller = new AbortController();
    const short = deferred();
    const whole = rejection(sql.begin({ signal: controller.signal }, (tx) => {
      const all = [tx`select pg_sleep(0.001)`, tx`select pg_sleep(0.002)`, sleep(tx)];
      all[i % 2].then(() => short.resolve(), () => {});
      return Promise.all(all);
    }));
    await short.promise; // The next is being begun: the cancel may come too early for it.
    controller.abort(reason);
    assertStrictEquals(await whole, reason);
  }
  assertEquals(await pidOf(sql), pid);
});

testTargets("transaction() aborted is rolled back, and refuses what comes", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  const table = await freshTable(stage);
  const controller = new AbortController();
  const tx = await sql.transaction({ signal: controller.signal });
  await tx`insert into ${tx(table)} values (1)`;
  controller.abort(reason);
  assertStrictEquals(await rejection(tx`select 1`), reason);
  assertStrictEquals(await rejection(tx.savepoint(() => 1)), reason);
  assertStrictEquals(await rejection(tx.commit()), reason);
  await tx.rollback();
  assertEquals(await countOf(sql, table), 0);
  assertEquals(await pidOf(sql), pid);
});

testTargets("transaction() that has ended hears no signal", async (stage) => {
  const sql = stage.open();
  for (const end of ["commit", "rollback"] as const) {
    const controller = new AbortController();
    const tx = await sql.transaction({ signal: controller.signal });
    await tx`select 1`;
    await tx[end]();
    const other = sql`select pg_sleep(0.02), 1 as one`.then(([{ one }]) => one);
    controller.abort(reason);
    assertEquals(await other, 1);
  }
});

for (const kind of ["begin()", "transaction()"]) {
  testTargets(`${kind} is aborted at any turn around the answer to BEGIN`, async (stage) => {
    let onBegun = () => {};
    const trace = (line: string) => isTag(line, "BEGIN") && onBegun();
    const sql = stage.open({ trace });
    await sql`select 1`;
    for (let turns = 0; turns < 40; turns++) {
      const controller = new AbortController();
      const { signal } = controller;
      onBegun = () => void afterTurns(turns, () => controller.abort(reason));
      const run = async (tx: TransactionSql) => {
        for (;;) await tx`select 1`;
      };
      const whole = kind === "begin()"
        ? sql.begin({ signal }, run)
        : sql.transaction({ signal }).then(run);
      assertStrictEquals(await rejection(whole), reason, `after ${turns} turns`);
      onBegun = () => {};
      assertEquals([...await sql`select 1 as one`], [{ one: 1 }]);
    }
    await stage.untilIdle();
  });
}

testTargets("begin() with retry is aborted in the pause between two tries", async (stage) => {
  const controller = new AbortController();
  let undone = 0;
  const trace = (line: string) => {
    // Behind the sixth the pause is random, up to 320 ms.
    if (isTag(line, "ROLLBACK") && ++undone === 6) setTimeout(() => controller.abort(reason));
  };
  const sql = stage.open({ trace });
  const told = rejection(sql.begin({ retry: 1_000_000, signal: controller.signal }, async (tx) => {
    await tx`do $$ begin raise exception 'could not serialize access due to concurrent update'
      using errcode = '40001'; end $$`;
  }));
  assertStrictEquals(await told, reason);
  await stage.untilIdle();
  await pidOf(sql);
});

testTargets("Query aborted by a signal of its own fails its transaction", async (stage) => {
  const sql = stage.open();
  const table = await freshTable(stage);
  const controller = new AbortController();
  const told = rejection(sql.begin(async (tx) => {
    await tx`insert into ${tx(table)} values (1)`;
    await sleep(tx).with({ signal: controller.signal });
  }));
  await stage.untilAsleep();
  controller.abort(reason);
  assertStrictEquals(await told, reason);
  assertEquals(await countOf(sql, table), 0);
});

testTargets("Query aborted by a signal of its own is undone with its savepoint", async (stage) => {
  const sql = stage.open();
  const table = await freshTable(stage);
  const controller = new AbortController();
  const count = sql.begin(async (tx) => {
    await tx`insert into ${tx(table)} values (1)`;
    const told = rejection(tx.savepoint(async (inner) => {
      await inner`insert into ${inner(table)} values (2)`;
      await sleep(inner).with({ signal: controller.signal });
    }));
    await stage.untilAsleep();
    controller.abort(reason);
    assertStrictEquals(await told, reason);
    await tx`insert into ${tx(table)} values (3)`;
  }).then(() => countOf(sql, table));
  assertEquals(await count, 2);
});

testTargets("begin() aborted in its COMMIT is undone", async (stage) => {
  const sql = stage.open();
  const table = await freshTable(stage);
  await sleepAtCommit(stage.observer, table);
  for (const how of ["begin", "transaction"] as const) {
    const controller = new AbortController();
    const { signal } = controller;
    const told = rejection(
      how === "begin"
        ? sql.begin({ signal }, (tx) => tx`insert into ${tx(table)} values (1)`)
        : sql.transaction({ signal }).then(async (tx) => {
          await tx`insert into ${tx(table)} values (1)`;
          await tx.commit();
        }),
    );
    await stage.untilAsleep();
    controller.abort(reason);
    assertStrictEquals(await told, reason, how);
    await stage.untilIdle();
    assertEquals(await countOf(sql, table), 0);
  }
});

testTargets(
  "ReservedSql.release() right behind an aborted query serves who waits",
  async (stage) => {
    const sql = stage.open();
    for (let i = 0; i < 60; i++) {
      const reserved = await sql.reserve();
      const next = sql`select 1 as one`.then(([{ one }]) => one);
      const controller = new AbortController();
      const query = reserved`select pg_sleep(0.002)`.with({ signal: controller.signal });
      const told = query.then(() => undefined, (error) => error);
      await turns(i % 4);
      controller.abort(reason);
      assert([undefined, reason].includes(await told));
      await turns(i % 3);
      await reserved.release();
      assertEquals(await next, 1);
    }
  },
);

/** A promise that the test resolves. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve!: () => void;
  return { promise: new Promise((settle) => resolve = settle), resolve: () => resolve() };
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Calls `then` behind so many microtasks. */
async function afterTurns(count: number, then: () => void): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
  then();
}

/** True of a line of `trace` that tells that such a command is done. */
function isTag(line: string, commandTag: string): boolean {
  return line.includes("CommandComplete") && line.includes(commandTag);
}

let tables = 0;

async function freshTable({ observer }: Stage): Promise<string> {
  const name = `abort_rows_${++tables}`;
  await observer`drop table if exists ${observer(name)}`;
  await observer`create table ${observer(name)} (i int4)`;
  return name;
}

/** A constraint that is checked at COMMIT, and takes its time. */
async function sleepAtCommit(sql: Sql, table: string): Promise<void> {
  await sql.unsafe(`
    create or replace function abort_sleep() returns trigger language plpgsql as
      $$ begin perform pg_sleep(600); return null; end $$;
    create constraint trigger sleeping after insert on ${table}
      deferrable initially deferred for each row execute function abort_sleep()`);
}

async function countOf(sql: Sql, table: string): Promise<number> {
  const { count } = await sql<{ count: number }>`
    select count(*)::int4 as count from ${sql(table)}`.one();
  return count;
}
