/** Aborts on connections that have gone dumb: nobody is to wait for an answer that never comes. */

import type { Sql, TransactionSql } from "../../../mod.ts";
import { FaultProxy } from "../../faults/proxy.ts";
import { assertWorks } from "../../faults/settling.ts";
import { turn } from "../../rows/turns.ts";
import { assertStrictEquals } from "../../std_assert.ts";
import { queryCalls, transactionCalls } from "./calls.ts";
import { rejection, testTargets } from "./stage.ts";
import type { Stage } from "./stage.ts";

const reason = new Error("enough");

/** As long as the answer to a cancel is waited for. */
const patience = { connectTimeoutMs: 1_000 };

/** A client whose connection goes dumb when the test says so; its next one is sound. */
interface Stalling {
  readonly sql: Sql;
  readonly stall: () => void;
}

/** Runs `body`, behind which the client must work again, and the dumb connection be given up. */
async function withStalling(
  stage: Stage,
  body: (stalling: Stalling) => Promise<void>,
): Promise<void> {
  await using proxy = await FaultProxy.start(stage.target.server);
  const sql = stage.openAt(proxy.url(stage.target.parameters), patience);
  await sql`select 1`;
  await body({ sql, stall: () => proxy.connections[0].fail("stall") });
  await assertWorks(sql);
  await proxy.connections[0].ended;
  await sql.close();
}

testTargets("AbortSignal of any call is heard though the connection has stalled", async (stage) => {
  await allNamed([...queryCalls, ...transactionCalls].map(({ name, run }) => [
    name,
    withStalling(stage, async ({ sql, stall }) => {
      stall();
      const controller = new AbortController();
      const told = rejection(run(sql, controller.signal));
      await turn();
      controller.abort(reason);
      assertStrictEquals(await told, reason);
    }),
  ]));
});

type Work = (tx: TransactionSql, stall: () => void) => unknown;

/** Where a transaction is when its connection stalls. */
const moments: readonly [when: string, work: Work][] = [
  ["its function waits for something else", (_, stall) => {
    stall();
    return new Promise(() => {});
  }],
  ["a query is on its way", (tx, stall) => {
    stall();
    return tx`select 1`;
  }],
  ["a savepoint is set", (tx, stall) => {
    stall();
    return tx.savepoint(() => 1);
  }],
  ["a savepoint is released", (tx, stall) => tx.savepoint(stall)],
  ["a savepoint is rolled back", (tx, stall) =>
    tx.savepoint(() => {
      stall();
      throw reason;
    })],
  ["it is committed", (_, stall) => stall()],
  ["it is rolled back", (_, stall) => {
    stall();
    throw reason;
  }],
];

testTargets("begin() hears its signal wherever the connection stalls", async (stage) => {
  await allNamed(moments.map(([when, work]) => [
    when,
    withStalling(stage, async ({ sql, stall }) => {
      const controller = new AbortController();
      const told = rejection(sql.begin({ signal: controller.signal }, (tx) =>
        work(tx, () => {
          stall();
          setTimeout(() => controller.abort(reason), 10);
        })));
      assertStrictEquals(await told, reason);
    }),
  ]));
});

testTargets(
  "TransactionSql[Symbol.asyncDispose]() ends on a stalled connection",
  (stage) =>
    withStalling(stage, async ({ sql, stall }) => {
      const controller = new AbortController();
      await using tx = await sql.transaction({ signal: controller.signal });
      stall();
      controller.abort(reason);
      assertStrictEquals(await rejection(tx`select 1`), reason);
    }),
);

/** Waits for all at once, since each takes its time; says which failed, or does not end. */
async function allNamed(named: readonly [name: string, done: Promise<void>][]): Promise<void> {
  const left = new Set(named.map(([name]) => name));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done: ${[...left].join(", ")}`)), 30_000);
  });
  const all = named.map(async ([name, done]) => {
    await done.catch((cause) => Promise.reject(new Error(name, { cause })));
    left.delete(name);
  });
  await Promise.race([Promise.all(all), deadline]).finally(() => clearTimeout(timer));
}
