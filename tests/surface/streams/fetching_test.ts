/** When a stream in portal mode asks for its next rows, and for how many. */

import type { TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import type { OpenClient, ProtocolUnderTest } from "../../both_protocols.ts";
import { FaultProxy } from "../../faults/proxy.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertGreater, assertLess } from "../../std_assert.ts";
import { all, numbered, pidOf, untilWaiting, upTo } from "./reading.ts";
import { StreamLog } from "./stream_log.ts";

const MB = 1_000_000;
/** What a server may have sent to a reader that has stopped: most of it waits in the sockets. */
const MOST_AHEAD = 24 * MB;

for (const width of [0, 100, 1000, 100_000]) {
  testBoth(`RowStream asks for more while its reader has rows of ${width} bytes`, async (open) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    await sql.begin(async (tx) => {
      log.clear();
      const rows = numbered(tx, 300, width)[Symbol.asyncIterator]();
      let askedAt = 0;
      for (let read = 1; askedAt === 0; read++) {
        assertEquals((await rows.next()).value?.i, read);
        await turn();
        if (log.asked > 1) askedAt = read;
      }
      assert(askedAt <= log.fetches[0], `${askedAt} of ${log.fetches[0]}`);
      await rows.return();
    });
  });
}

testBoth("RowStream fetches more rows at a time where they are small", async (open) => {
  const log = new StreamLog();
  const sql = open({ max: 1, trace: log.trace });
  await sql.begin(async (tx) => {
    assertEquals((await all(numbered(tx, 100_000, 0))).length, 100_000);
  });
  const { fetches } = log;
  const whole = fetches.slice(0, -1); // On 2.0 the last is what was left.
  assertLess(whole[0], 100);
  assert(
    whole.every((rows, i) => i === 0 || rows > Math.min(whole[i - 1], 5_000)),
    String(fetches),
  );
  assertGreater(Math.max(...whole), 5_000);
  assertLess(fetches.length, 15);
});

testBoth("RowStream fetches few rows at a time where they are big", async (open) => {
  const log = new StreamLog();
  const sql = open({ max: 1, trace: log.trace });
  await sql.begin(async (tx) => {
    assertEquals((await all(numbered(tx, 100, 100_000))).length, 100);
  });
  const [first, ...others] = log.fetches;
  assertLess(first, 100);
  assert(others.every((rows) => rows <= 4), String(log.fetches));
});

testBoth(
  "RowStream fetches fewer rows where they become big, and more where small",
  async (open) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    await sql.begin(async (tx) => {
      for await (
        const _ of tx.unsafe(`
      select repeat('x', case when i between 401 and 500 then 50000 else 1000 end)
      from generate_series(1, 3000) i`)
      ) { /* On. */ }
    });
    const { fetches } = log;
    assert(fetches.some((rows) => rows <= 20), String(fetches));
    const smallest = fetches.indexOf(Math.min(...fetches.slice(0, -1)));
    assertGreater(Math.max(...fetches.slice(0, smallest)), 100);
    assertGreater(Math.max(...fetches.slice(smallest)), 100);
  },
);

testBoth("RowStream fetches no more for a reader that has stopped", async (open) => {
  const log = new StreamLog();
  const sql = open({ max: 1, trace: log.trace });
  const observer = open({ max: 1 });
  await sql.begin(async (tx) => {
    const pid = await pidOf(tx);
    const rows = numbered(tx, 5_000)[Symbol.asyncIterator]();
    for (const i of upTo(700)) assertEquals((await rows.next()).value?.i, i);
    await untilFetched(tx, log);
    await untilWaiting(observer, pid, "ClientRead");
    const { fetches } = log;
    for (const n of upTo(20)) assertEquals(await tx`select ${n}::int4 as n`.one(), { n });
    assertEquals(log.fetches, fetches);
    assertLess(sum(fetches), 1_500);
    assertEquals((await all(rows)).length, 4_300);
  });
});

testBoth(
  "RowStream never has more than one fetch under way, nor more rows than needed",
  async (open, on) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    const observer = open({ max: 1 });
    const count = 200_000;
    await sql.begin(async (tx) => {
      const pid = await pidOf(tx);
      log.clear();
      let read = 0;
      for await (const { i } of numbered(tx, count, 20)) {
        assertEquals(i, ++read);
        if (i % 1000 > 0) continue;
        assertEquals(await tx`select ${i}::int4 as i`.one(), { i });
        if (i !== count / 2) continue;
        await untilFetched(tx, log);
        await untilWaiting(observer, pid, "ClientRead");
        assertLess(log.rows, i + 50_000);
      }
      assertEquals(read, count);
    });
    if (on.protocolVersion === "3.2") assertEquals(log.mostFetchesUnderWay, 1);
    else assertEquals(sum(log.fetches), count);
  },
);

testBoth(
  "RowStream has the server send few rows of a megabyte ahead of its reader",
  async (open, on) => {
    await using counted = await openCounted(open, on);
    const { tx, sentBytes } = counted;
    const rows = tx.unsafe<{ i: number }>(`
    select i, repeat('x', ${MB}) from generate_series(1, 200) i`)[Symbol.asyncIterator]();
    for (const read of [1, 2, 40, 41, 60]) {
      await readTo(rows, read);
      assertLess(await sentBytes(), read * MB + MOST_AHEAD);
    }
    await rows.return();
  },
);

testBoth(
  "RowStream has the server send few megabytes where big rows follow small ones",
  async (open, on) => {
    await using counted = await openCounted(open, on);
    const { tx, sentBytes } = counted;
    const rows = tx.unsafe<{ i: number }>(`
    select i, repeat('x', case when i <= 3000 then 0 else ${MB} end)
    from generate_series(1, 3300) i`)[Symbol.asyncIterator]();
    await readTo(rows, 3000);
    assertLess(await sentBytes(), MOST_AHEAD);
    await rows.return();
  },
);

async function readTo(rows: AsyncIterator<{ i: number }>, end: number): Promise<void> {
  for (;;) {
    const { value } = await rows.next();
    if (value!.i === end) return;
  }
}

/** A transaction whose bytes are counted on their way. */
async function openCounted(open: OpenClient, { url }: ProtocolUnderTest) {
  const { hostname, port } = new URL(url);
  const proxy = await FaultProxy.start({ host: hostname, port: Number(port) });
  const sql = open({
    host: "127.0.0.1",
    port: Number(new URL(proxy.url()).port),
    sslMode: "disable",
    max: 1,
  });
  const observer = open({ max: 1 });
  const tx = await sql.transaction();
  const pid = await pidOf(tx);
  return {
    tx,
    /** What the server has sent when it waits, and nothing more comes. */
    async sentBytes(): Promise<number> {
      for (let quiet = 0, before = 0; quiet < 10; quiet++) {
        const [{ kind }] = await observer`
          select wait_event_type as kind from pg_stat_activity where pid = ${pid}`;
        if (kind !== "Client" || proxy.last.fromServer > before) quiet = 0;
        before = proxy.last.fromServer;
      }
      return proxy.last.fromServer;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await tx.rollback();
      await sql.close();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** Resolves when every fetch that was asked for has come. */
async function untilFetched(tx: TransactionSql, log: StreamLog): Promise<void> {
  let before: number;
  do {
    before = log.fetches.length;
    await tx`select 1`; // May have overtaken a fetch that was just about to be asked for,
    await tx`select 1`; // behind which this one is answered.
  } while (log.fetches.length > before);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
