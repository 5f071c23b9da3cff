/**
 * What other drivers get wrong with streams, a test each: reproduced on postgres.js 3.4, pg 8.23,
 * Bun.sql 1.4 and deno-postgres 0.19, or reported in their trackers (the number is given).
 */

import { connect } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { testBoth } from "../both_protocols.ts";
import type { OpenClient } from "../both_protocols.ts";
import { ready, ScriptedServer } from "../faults/scripted_server.ts";
import type { Reply } from "../faults/scripted_server.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { settlesNow, turn } from "../rows/turns.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../std_assert.ts";
import {
  all,
  failureOf,
  numbered,
  numbersOf,
  pidOf,
  untilWaiting,
  upTo,
} from "./streams/reading.ts";
import { StreamLog } from "./streams/stream_log.ts";

/** A test of its own on each protocol, with one connection, named after the peers' fault. */
function testPeers(name: string, body: (sql: Sql, open: OpenClient) => Promise<void>): void {
  testBoth(name, (open) => body(open({ max: 1 }), open));
}

testPeers(
  "a stream takes one round trip and sets no limit that forbids a parallel plan (pg-cursor)",
  async (_, open) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    const read = () => all(numbered(sql, 2_000, 10));
    await read();
    log.clear();
    assertEquals((await read()).length, 2_000);
    assertEquals([log.asked, log.fetches], [1, []]);
  },
);

testPeers("cursor() of single rows makes no round trip for each (postgres.js)", async (_, open) => {
  const log = new StreamLog();
  const sql = open({ max: 1, trace: log.trace });
  await sql.begin(async (tx) => {
    log.clear();
    const arrays = await all(numbered(tx, 1_000, 10).cursor());
    assertEquals(arrays.map(({ length }) => length), upTo(1_000).map(() => 1));
    assert(log.asked < 10, `${log.asked} round trips`);
  });
});

testPeers(
  "the first row comes before the last is made (deno-postgres#107, Bun#25307)",
  async (sql) => {
    const endless = () =>
      sql<{ i: number }>`
      select i, repeat('x', 1000), case when i = 1000 then pg_sleep(600) end
      from generate_series(1, 2000) i`;
    for await (const { i } of endless()) {
      assertEquals(i, 1);
      break;
    }
    await sql.begin(async (tx) => {
      for await (const { i } of tx`select generate_series(1, 100000000) as i`) {
        assertEquals(i, 1);
        break;
      }
    });
  },
);

testPeers("rows that nobody asks for stay in the server (all of them)", async (sql, open) => {
  const observer = open({ max: 1 });
  const pid = await pidOf(sql);
  for await (const { i } of numbered(sql, 1_000_000)) {
    if (i < 100) continue;
    await untilWaiting(observer, pid, "ClientWrite");
    break;
  }
});

testPeers(
  "a loop whose body asks its own transaction does not deadlock (postgres.js#1054)",
  async (sql) => {
    const sums = await sql.begin(async (tx) => {
      const list: number[] = [];
      for await (const [{ i }] of numbered(tx, 300).cursor()) {
        const { twice } = await tx<{ twice: number }>`select 2 * ${i}::int4 as twice`.one();
        list.push(twice);
      }
      return { list };
    });
    assertEquals(sums.list, upTo(300).map((i) => 2 * i));
  },
);

testPeers(
  "a query does not wait for the cursor that is open beside it (pg-cursor)",
  async (sql) => {
    await sql.begin(async (tx) => {
      const cursor = numbered(tx, 5_000).cursor(10);
      assertEquals(numbersOf((await cursor.next()).value!), upTo(10));
      assertEquals(await tx`select 1 as one`.one(), { one: 1 });
      assertEquals(numbersOf((await cursor.next()).value!), upTo(20).slice(10));
      await cursor.return();
    });
  },
);

testPeers(
  "a client released with an open cursor leaves no query waiting (pg#2148)",
  async (sql) => {
    const pid = await pidOf(sql);
    for (const mode of ["portal", "flow"] as const) {
      const reserved = await sql.reserve();
      const rows = numbered(reserved, 50_000).stream({ mode })[Symbol.asyncIterator]();
      await rows.next();
      await reserved.release();
      assertEquals(await pidOf(sql), pid);
      assertInstanceOf(await failureOf(rows.next()), Error);
    }
  },
);

testPeers("a cursor on the pool resolves (pg#2013)", async (sql) => {
  const sizes: number[] = [];
  const { count, complete } = await numbered(sql, 250).cursor(
    100,
    (rows) => sizes.push(rows.length),
  );
  assertEquals([sizes, count, complete], [[100, 100, 50], 250, true]);
  const portal = numbered(sql, 250).stream({ mode: "portal" });
  assertEquals((await all(portal)).length, 250);
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testPeers("leaving a cursor settles when its backend has died (pg#2642)", async (sql, open) => {
  const observer = open({ max: 1 });
  for (const mode of ["portal", "flow"] as const) {
    const reserved = await sql.reserve();
    const pid = await pidOf(reserved);
    const rows = numbered(reserved, 50_000).stream({ mode })[Symbol.asyncIterator]();
    await rows.next();
    await observer`select pg_terminate_backend(${pid})`;
    assertEquals(await rows.return(), { done: true, value: undefined });
    await reserved.release();
    assertEquals(await sql`select 1 as one`.one(), { one: 1 });
  }
});

testPeers("a loop that is left early keeps no connection (postgres.js#389, #411)", async (sql) => {
  const pid = await pidOf(sql);
  for (let times = 0; times < 20; times++) {
    for await (const _ of numbered(sql, 5_000).cursor(10)) break;
    await assertRejects(() => numbered(sql, 5_000).forEach(() => Promise.reject(new Error("no"))));
    for await (const _ of numbered(sql, 5_000).stream({ mode: "portal" })) break;
    assertEquals(await pidOf(sql), pid);
  }
});

testPeers(
  "COPY TO STDOUT into a slow consumer comes to its end (postgres.js#499, #917)",
  async (sql) => {
    // Around the sizes at which buffers are full.
    for (const bytes of [0, 1, 8_000, 16_384, 65_000, 65_536, 262_144, 1_000_000]) {
      const copy = sql`copy (select repeat('x', ${sql.unsafe(String(bytes))})) to stdout`;
      let received = 0;
      await (copy.readable() as ReadableStream<unknown>).pipeTo(
        new WritableStream({
          async write(chunk) {
            await turn();
            received += (chunk as Uint8Array).length;
          },
        }, { highWaterMark: 1 }),
      );
      assertEquals(received, bytes + 1); // The line's end.
      assertEquals(await sql`select 1 as one`.one(), { one: 1 });
    }
  },
);

test("COPY TO STDOUT ends when CopyDone comes in one chunk with the data (postgres.js#499, #917)", () =>
  withoutUnhandledRejections(async () => {
    for (const pieces of [1, 2, 100]) {
      const server = new ScriptedServer(({ kind }) =>
        kind === "Query" ? copied(pieces) : undefined
      );
      const sql = connect({ max: 1, connect: server.connect, sslMode: "disable" });
      const reader = (sql`copy t to stdout`.readable() as ReadableStream<unknown>).getReader();
      let received = 0;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        received += (value as Uint8Array).length;
        await turn();
      }
      assertEquals(received, pieces * 64 * 1024);
      await sql.close();
    }
  }));

testPeers(
  "a connection that is still copying is given to nobody (postgres.js#499)",
  async (sql) => {
    const copy = sql`copy (select i, repeat('x', 1000) from generate_series(1, 20000) i) to stdout`;
    const reader = (copy.readable() as ReadableStream<unknown>).getReader();
    await reader.read();
    const query = sql`select 1 as one`.one();
    assertEquals(await settlesNow(query), false);
    while (!(await reader.read()).done) { /* To its end. */ }
    assertEquals(await query, { one: 1 });
  },
);

testPeers(
  "a COPY that came as a query is refused, and its connection usable (postgres.js)",
  async (sql) => {
    const pid = await pidOf(sql);
    await sql`create temp table copied (i int4)`;
    for (
      const text of ["copy copied from stdin", "copy (select generate_series(1, 9)) to stdout"]
    ) {
      const neighbours = [sql`select 1 as n`, sql`select 2 as n`];
      const [before, refused, after] = await Promise.allSettled([
        neighbours[0].one(),
        sql.unsafe(text),
        neighbours[1].one(),
      ]);
      assert(refused.status === "rejected" && refused.reason instanceof TypeError);
      assertEquals([before, after].map((one) => one.status === "fulfilled" && one.value), [
        { n: 1 },
        { n: 2 },
      ]);
    }
    assertEquals(await pidOf(sql), pid);
  },
);

/** A whole COPY in one chunk. */
function copied(pieces: number): Reply[] {
  const data = new Uint8Array(64 * 1024);
  return [
    { kind: "CopyOutResponse", format: 0, columnFormats: [0] },
    ...Array.from({ length: pieces }, (): Reply => ({ kind: "CopyData", data })),
    { kind: "CopyDone" },
    { kind: "CommandComplete", commandTag: "COPY 1" },
    ready,
  ];
}
