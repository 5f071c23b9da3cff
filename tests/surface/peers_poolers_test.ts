/**
 * What other drivers get wrong behind poolers, a test each: reproduced on postgres.js 3.4, pg
 * 8.23 and Bun.sql 1.4, or reported in their trackers (the number is given).
 */

import { connect } from "../../mod.ts";
import type { ClientOptions, Sql, SqlTag } from "../../mod.ts";
import { protocolsUnderTest } from "../both_protocols.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { testPooled } from "../pooler/pooled.ts";
import { assert, assertEquals } from "../std_assert.ts";
import { all, numbered, upTo } from "./streams/reading.ts";
import { StreamLog } from "./streams/stream_log.ts";

const [{ url }] = protocolsUnderTest;

/** A test with a client of one connection, on 3.2: there are no statements to prepare on 2.0. */
function testPeers(
  name: string,
  options: ClientOptions,
  body: (sql: Sql, log: StreamLog) => Promise<void>,
): void {
  test(name, () =>
    withoutUnhandledRejections(async () => {
      const log = new StreamLog();
      await using sql = connect(url, { max: 1, trace: log.trace, ...options });
      await sql`select 1`;
      log.clear();
      await body(sql, log);
    }));
}

testPeers("a prepared statement that is missing is prepared again (26000)", {}, async (sql) => {
  const ask = (n: number) => sql`select ${n}::int4 as n`.one();
  for (const n of upTo(5)) {
    assertEquals(await ask(n), { n });
    await sql.unsafe("do $$ begin execute 'deallocate all'; end $$");
  }
  assertEquals(await Promise.all(upTo(5).map(ask)), upTo(5).map((n) => ({ n })));
});

testPeers("a prepared statement whose name is taken gets another (42P05)", {}, async (sql) => {
  // As another client behind the same pooler would have done it.
  const taken = upTo(6).map((n) => `prepare rill_${n + 1} as select 'not this'`);
  await sql.unsafe(taken.join(";")).simple();
  for (const n of upTo(3)) {
    assertEquals(await sql`select ${n}::int4 as n, ${n}::text as t`.one(), { n, t: String(n) });
    assertEquals(await sql`select ${[n]}::int4[] as n`.one(), { n: [n] });
  }
});

const unprepared: readonly [name: string, options: ClientOptions][] = [
  ["prepare: false", { prepare: false }],
  ["statementCacheSize: 0", { statementCacheSize: 0 }],
  ["pooler: pgbouncer-transaction", { pooler: "pgbouncer-transaction" }],
  ["pooler: supavisor", { pooler: "supavisor" }],
  ["pooler: hyperdrive", { pooler: "hyperdrive" }],
];

for (const [name, options] of unprepared) {
  testPeers(
    `Parse and Bind are never split over two Syncs with ${name} (Bun PR 27952)`,
    options,
    async (sql, log) => {
      await askInAllWays(sql);
      await sql.begin(askInAllWays);
      const bound = unitsOf(log.lines).filter((unit) => unit.some((one) => one.startsWith("Bind")));
      assert(bound.length > 0);
      for (const unit of bound) assert(unit[0].startsWith('Parse\t"" '), unit.join());
    },
  );
}

for (const pooler of ["supavisor", "hyperdrive"] as const) {
  testPeers(
    `nothing is pipelined with pooler ${pooler} (postgres.js#970)`,
    { pooler },
    async (sql, log) => {
      await askInAllWays(sql);
      await sql.begin(askInAllWays);
      await sql.begin(async (tx) => {
        for await (const { i } of numbered(tx, 300)) if (i % 10 === 0) await askAtOnce(tx);
      });
      assertEquals(log.mostUnderWay, 1);
    },
  );
}

testPooled(
  "statements of many clients never meet in pgbouncer (26000, 42P05)",
  { default_pool_size: 2 },
  async (pooler) => {
    const clients = upTo(3).map(() =>
      connect(pooler.url(), { pooler: "pgbouncer-transaction", max: 2 })
    );
    await Promise.all(clients.map((sql) => askInAllWays(sql)));
    await Promise.all(clients.map((sql) => sql.begin(askInAllWays)));
    await Promise.all(clients.map((sql) => sql.close()));
  },
);

/** What the client sent of the extended protocol, from one Sync to the next. */
function unitsOf(lines: readonly string[]): string[][] {
  const units: string[][] = [[]];
  for (const line of lines) {
    if (/^F\t(?:Sync|Query)/.test(line)) units.push([]);
    else if (line.startsWith("F\t")) units.at(-1)!.push(line.slice(2));
  }
  return units;
}

/** Queries with values and without, alone and together, whole and as streams. */
async function askInAllWays(sql: SqlTag): Promise<void> {
  for (const n of upTo(3)) {
    await askAtOnce(sql);
    assertEquals(await sql`select ${"[1]"}::jsonb as n`.one(), { n: "[1]" });
    assertEquals((await all(sql`select i from generate_series(1, ${n}::int4) i`)).length, n);
    const [[one], [two]] = await sql.pipeline([
      sql`select ${n}::int4 as n`,
      sql`select ${String(n)}::text as t`,
    ]);
    assertEquals([one, two], [{ n }, { t: String(n) }]);
  }
}

async function askAtOnce(sql: SqlTag): Promise<void> {
  const answers = upTo(5).map((n) => sql`select ${n}::int4 as n, ${[n]}::int4[] as list`.one());
  assertEquals(await Promise.all(answers), upTo(5).map((n) => ({ n, list: [n] })));
}
