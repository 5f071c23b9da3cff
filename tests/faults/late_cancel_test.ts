/**
 * A cancel that comes late never hits the next query: a thousand random moments.
 *
 * A failure names its seed: `RILL_SEED=… deno test …` runs the same moments again.
 */

import process from "node:process";
import { connect } from "../../mod.ts";
import type { Query, Sql } from "../../mod.ts";
import { Random } from "../attribution/plan.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assert, assertEquals } from "../std_assert.ts";
import { withoutUnhandledRejections } from "./unhandled.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");
const seed = Number(process.env.RILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`RILL_SEED=${seed}`);

const MOMENTS = 1_000;
const targets = [
  { name: "18 over 3.2", url: pg18.url({ sslmode: "disable" }) },
  { name: "18 over 3.2 and TLS", url: pg18.url({ sslmode: "require" }) },
  { name: "13 over 2.0", url: pg13.url({ sslmode: "disable", protocolVersion: "2.0" }) },
];

interface Row {
  readonly round: number;
}

/** Ends the query at a random moment; gives what it rejects with. */
const enders: readonly ((query: Query<unknown>, afterMs: number) => Promise<unknown>)[] = [
  (query, afterMs) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), afterMs);
    return settle(query.with({ signal: controller.signal }));
  },
  (query, afterMs) => settle(query.with({ timeoutMs: Math.max(1, afterMs) })),
  (query, afterMs) => {
    setTimeout(() => query.cancel(), afterMs);
    return settle(query);
  },
];

/** What comes behind it, in every way there is; gives the numbers of its rows. */
const followers: readonly ((sql: Sql, round: number) => Promise<number[]>)[] = [
  async (sql, round) => numbers(await ask(sql, round)),
  async (sql, round) => {
    const seen: number[] = [];
    for await (const row of ask(sql, round)) seen.push(row.round);
    return seen;
  },
  (sql, round) =>
    sql.begin(async (tx) => {
      let count = 0;
      for await (const row of ask(tx, round)) count += (await ask(tx, row.round)).length;
      return count;
    }).then((count) => Array.from({ length: count }, () => round)),
  async (sql, round) => {
    const results = await sql.pipeline([ask(sql, round), ask(sql, round)], { sync: "one" });
    return results.flatMap(numbers);
  },
];

function ask(sql: Pick<Sql, "unsafe">, round: number): Query<Row> {
  return sql.unsafe<Row>("select pg_sleep(0.0005), $1::int4 as round", [round]);
}

function numbers(rows: readonly Row[]): number[] {
  return rows.map(({ round }) => round);
}

for (const [i, { name, url }] of targets.entries()) {
  // A third of them each, and what is left.
  const rounds = Math.floor((MOMENTS + i) / targets.length);
  test(
    `a cancel that comes late never hits the next query, ${rounds} times on ${name}`,
    () =>
      withoutUnhandledRejections(async () => {
        const random = new Random(seed + i);
        await using sql = connect(url, { max: 1 });
        let ended = 0;
        for (let round = 0; round < rounds; round++) {
          const query = sql`select pg_sleep(${random.below(8) / 1000}::float8)`;
          const doomed = random.of(enders)(query, random.below(9));
          await new Promise((resolve) => setTimeout(resolve, random.below(9)));
          const seen = await random.of(followers)(sql, round);
          assert(seen.length > 0 && seen.every((one) => one === round), `seed ${seed}: ${seen}`);
          if (await doomed !== undefined) ended++;
        }
        assertEquals(numbers(await ask(sql, -1)), [-1]);
        // Some come in time and some too late, or this shows nothing.
        assert(ended > rounds / 10 && ended < rounds, `seed ${seed}: ${ended} of ${rounds} ended`);
      }),
    { timeoutMs: 120_000 },
  );
}

/** What a query rejects with; undefined when it does not. */
function settle(query: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(query).then(() => undefined, (error) => error);
}
