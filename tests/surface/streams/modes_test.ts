/** How streams get their rows where nothing is said, and where something is. */

import type { Query, Sql, SqlTag, StreamMode } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertThrows,
} from "../../std_assert.ts";
import { all, failureOf, numbered, numbersOf, upTo } from "./reading.ts";
import type { Numbered } from "./reading.ts";
import { StreamLog } from "./stream_log.ts";

/** Where a stream may be read, and how it is when nothing is said. */
const places: readonly [name: string, mode: StreamMode, read: ReadIn][] = [
  ["Sql", "flow", (sql, read) => read(sql)],
  ["TransactionSql of begin()", "portal", (sql, read) => sql.begin(read)],
  ["TransactionSql of transaction()", "portal", async (sql, read) => {
    await using tx = await sql.transaction();
    await read(tx);
  }],
  ["SavepointSql", "portal", (sql, read) => sql.begin((tx) => tx.savepoint(read))],
  ["ReservedSql", "portal", async (sql, read) => {
    await using reserved = await sql.reserve();
    await read(reserved);
  }],
  ["TransactionSql of a reserved connection", "portal", async (sql, read) => {
    await using reserved = await sql.reserve();
    await reserved.begin(read);
  }],
];

type ReadIn = (sql: Sql, read: (tag: SqlTag) => Promise<void>) => Promise<unknown>;

/** Every way to read a stream. */
const readers: readonly [name: string, read: (query: Query<Numbered>) => Promise<unknown>][] = [
  ["a loop", (query) => all(query)],
  ["batches()", (query) => all(query.batches())],
  ["cursor()", (query) => all(query.cursor())],
  ["cursor(fn)", (query) => query.cursor(50, () => {})],
  ["forEach()", (query) => query.forEach(() => {})],
  ["stream(fn)", (query) => query.stream(() => {})],
  ["readable()", (query) => all(query.readable())],
  ["stream().map()", (query) => all(query.stream().map(({ i }) => i))],
];

for (const [place, mode, readIn] of places) {
  testBoth(`${place} streams in ${mode} mode, whoever reads`, async (open) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    await sql`select 1`;
    for (const [name, read] of readers) {
      log.clear();
      await readIn(sql, async (tag) => void await read(numbered(tag, 500)));
      assertEquals([log.mode, log.rows], [mode, 500], name);
    }
  });

  testBoth(`${place} streams in the mode that was asked for`, async (open) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    for (const asked of ["flow", "portal"] as const) {
      log.clear();
      await readIn(sql, async (tag) => {
        const rows = await all(numbered(tag, 500).stream({ mode: asked }));
        assertEquals(numbersOf(rows), upTo(500));
      });
      assertEquals(log.mode, asked);
    }
  });
}

testBoth("Sql streams by one Execute without a limit, on 2.0 by one Query", async (open) => {
  const log = new StreamLog();
  const sql = open({ max: 1, trace: log.trace });
  await all(numbered(sql, 500));
  log.clear();
  await all(numbered(sql, 500));
  const sent = log.lines.filter((line) => line.startsWith("F"));
  const execution = sent.filter((line) => /^F\t(?:Execute|Query)/.test(line));
  assertEquals(execution.length, 1);
  assert(/^F\t(?:Execute\t"" 0|Query\t\d+ characters)$/.test(execution[0]), execution[0]);
});

testBoth(
  "TransactionSql streams by a named portal, on 2.0 by DECLARE and FETCH",
  async (open, on) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    await sql.begin((tx) => all(numbered(tx, 500)));
    const has = (pattern: RegExp) => log.lines.some((line) => pattern.test(line));
    if (on.protocolVersion === "3.2") {
      assert(has(/^F\tBind\t"rill_c1" /));
      assert(has(/^F\tExecute\t"rill_c1" [1-9]/));
      assert(has(/^B\tPortalSuspended$/));
    } else {
      assert(has(/^B\tCommandComplete\t"DECLARE CURSOR"$/));
      assert(has(/^B\tCommandComplete\t"FETCH [1-9]/));
    }
  },
);

testBoth("Query.stream() refuses a mode that does not exist", (open) => {
  const query = () => numbered(open({ max: 1 }), 1);
  const mode = "cursor" as StreamMode;
  const refusal = assertThrows(() => query().stream({ mode }), TypeError);
  assertMatch(refusal.message, /^Cannot .+ expected .*flow.+portal/);
  return Promise.resolve();
});

testBoth("Query.stream() refuses portal mode where it cannot be had", async (open, on) => {
  const sql = open({ max: 1 });
  const queries: ((tx: SqlTag) => Query<unknown>)[] = [
    (tx) => tx`select 1`.simple(),
    (tx) => tx.unsafe("select 1; select 2"),
  ];
  if (on.protocolVersion === "2.0") queries.push((tx) => tx`show search_path`);
  await sql.begin(async (tx) => {
    for (const query of queries) {
      const refusal = await failureOf((async () => {
        await all(query(tx).stream({ mode: "portal" }));
      })());
      assertInstanceOf(refusal, TypeError);
      assertMatch(refusal.message, /^Cannot .*portal/);
    }
    assertEquals(await tx`select 1 as one`.one(), { one: 1 });
  });
});
