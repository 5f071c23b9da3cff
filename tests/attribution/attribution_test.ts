/**
 * Rows of one query delivered to another are the worst fault a driver can have. Here random
 * queries share few connections, are pipelined, left early, aborted, and fail.
 *
 * A failure names its seed: `RILL_SEED=… deno test …` runs the same queries again.
 */

import process from "node:process";
import { connect } from "../../mod.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { planOf, Random } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { runTrial } from "./trial.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

const seed = Number(process.env.RILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`RILL_SEED=${seed}`);

const CONCURRENT = 200;
const ROUND_TIMEOUT_MS = 30_000;

/** Where, over which protocol, and the connections of each round. */
const runs = [
  {
    name: "18 over 3.2",
    url: pg18.url({ sslmode: "disable" }),
    pools: [1, 2, 3, 5, 1, 2, 3, 5, 1, 5],
  },
  {
    name: "13 over 2.0",
    url: pg13.url({ sslmode: "disable" }),
    pools: [1, 2, 3, 5, 1, 2, 3, 5, 1, 5],
    protocolVersion: "2.0",
  },
  { name: "13 over 3.0 and TLS", url: pg13.url({ sslmode: "require" }), pools: [1, 3, 5] },
] as const;

for (const run of runs) {
  test(
    `Query gets its own rows and no others on ${run.name}`,
    () =>
      withoutUnhandledRejections(async () => {
        const random = new Random(seed);
        let id = 1;
        for (const max of run.pools) {
          const plans = Array.from({ length: CONCURRENT }, () => planOf(id++, random));
          await runRound(plans, { ...run, max });
        }
      }),
    { timeoutMs: 120_000 },
  );
}

interface RoundOptions {
  readonly url: string;
  readonly max: number;
  readonly protocolVersion?: "2.0";
}

async function runRound(
  plans: readonly Plan[],
  { url, max, protocolVersion }: RoundOptions,
): Promise<void> {
  const applicationName = `attribution ${plans[0].id}`;
  const sql = connect(url, { max, applicationName, ...(protocolVersion && { protocolVersion }) });
  const pending = new Set(plans);
  const trials = Promise.all(plans.map(async (plan) => {
    try {
      await runTrial(sql, plan);
    } catch (cause) {
      throw new Error(`seed ${seed}, max ${max}: ${JSON.stringify(plan)}`, { cause });
    } finally {
      pending.delete(plan);
    }
  }));
  await inTime(trials, () => `seed ${seed}, max ${max}: unsettled ${JSON.stringify([...pending])}`);
  await inTime(
    assertAllWork(url, sql, max, applicationName),
    () => `seed ${seed}: a connection hangs`,
  );
  await sql.close();
}

/** Every connection answers, and nothing of what was left or aborted still runs on the server. */
async function assertAllWork(
  url: string,
  sql: ReturnType<typeof connect>,
  max: number,
  applicationName: string,
): Promise<void> {
  const streams = Array.from({ length: max }, (_, i) => sql`select ${i}::int4 as i`);
  const told = await Promise.all(streams.map(async (stream) => {
    for await (const row of stream) return row;
  }));
  assertEquals(told, Array.from({ length: max }, (_, i) => ({ i })));
  await using observer = connect(url, { max: 1 });
  const busy = await observer`select query from pg_stat_activity
    where application_name = ${applicationName} and state <> 'idle'`;
  assertEquals([...busy], []);
}

async function inTime<T>(promise: Promise<T>, state: () => string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(state())), ROUND_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
