/**
 * Rows go to the query that asked for them, also where transactions, savepoints, streams by
 * portal, reserved connections, pipelines, limits of time and aborts share few connections.
 *
 * A failure names its seed: `RILL_SEED=… deno test …` makes the same choices again.
 */

import process from "node:process";
import { connect } from "../../mod.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { Asker, useAtRandom } from "./mixed_trial.ts";
import { Random } from "./plan.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");
const seed = Number(process.env.RILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`RILL_SEED=${seed}`);

const CONCURRENT = 150;
const POOLS = [1, 2, 3, 5, 1, 3];
const targets = [
  { name: "18 over 3.2", url: pg18.url({ sslmode: "disable" }) },
  { name: "18 over 3.2 and TLS", url: pg18.url({ sslmode: "require" }) },
  { name: "13 over 2.0", url: pg13.url({ sslmode: "disable", protocolVersion: "2.0" }) },
];

for (const { name, url } of targets) {
  test(
    `Rows go to who asked for them in every mix of uses, on ${name}`,
    () =>
      withoutUnhandledRejections(async () => {
        for (const [round, max] of POOLS.entries()) await runRound(url, { max, round });
      }),
    { timeoutMs: 120_000 },
  );
}

async function runRound(
  url: string,
  { max, round }: { readonly max: number; readonly round: number },
): Promise<void> {
  const applicationName = `mixed ${round}`;
  const sql = connect(url, { max, applicationName });
  const asker = new Asker(new Random(seed + round));
  const uses = Array.from({ length: CONCURRENT }, async () => {
    await useAtRandom(sql, asker).catch((cause) => {
      throw new Error(`seed ${seed}, max ${max}`, { cause });
    });
  });
  await Promise.all(uses);
  // Every connection is idle, in no transaction, and works.
  await using observer = connect(url, { max: 1 });
  const states = await observer<{ state: string }>`
    select distinct state from pg_stat_activity where application_name = ${applicationName}`;
  assertEquals(states.map(({ state }) => state), ["idle"]);
  await Promise.all(Array.from({ length: max }, () => asker.ask(sql)));
  await sql.close();
}
