/** Streams of a transaction that are left before their end: it goes on, and nothing of them is left. */

import type { Query, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertMatch, assertRejects, assertStrictEquals } from "../../std_assert.ts";
import { all, failureOf, numbered, pidOf, untilWaiting } from "./reading.ts";
import type { Numbered } from "./reading.ts";
import { createTable } from "./table.ts";

const COUNT = 5_000;

/** Ways to leave a stream whose next fetch is not on its way, after its row 100. */
const ways: readonly [name: string, leave: (tx: TransactionSql) => Promise<unknown>][] = [
  ["break", async (tx) => {
    for await (const { i } of numbered(tx, COUNT)) if (i === 100) break;
  }],
  ["return", (tx) =>
    (async () => {
      for await (const { i } of numbered(tx, COUNT)) if (i === 100) return i;
    })()],
  ["throw", async (tx) => {
    const reason = new Error("enough");
    const told = await failureOf((async () => {
      for await (const { i } of numbered(tx, COUNT)) if (i === 100) throw reason;
    })());
    assertStrictEquals(told, reason);
  }],
  ["break out of batches()", async (tx) => {
    for await (const _ of numbered(tx, COUNT).batches()) break;
  }],
  ["break out of cursor()", async (tx) => {
    for await (const _ of numbered(tx, COUNT).cursor(100)) break;
  }],
  ["CLOSE", (tx) => numbered(tx, COUNT).cursor(100, () => tx.CLOSE)],
  ["a failing forEach()", async (tx) => {
    await assertRejects(() => numbered(tx, COUNT).forEach(() => Promise.reject(new Error("no"))));
  }],
  ["a failing map()", async (tx) => {
    const mapped = numbered(tx, COUNT).stream().map(() => Promise.reject(new Error("no")));
    await assertRejects(() => mapped.next());
  }],
  ["asyncDispose of its iterator", async (tx) => {
    await using rows = numbered(tx, COUNT)[Symbol.asyncIterator]();
    await rows.next();
  }],
  ["asyncDispose of the stream", async (tx) => {
    await using stream = numbered(tx, COUNT).stream();
    await stream[Symbol.asyncIterator]().next();
  }],
  ["asyncDispose of a stream that nobody reads", async (tx) => {
    await using stream = numbered(tx, COUNT).stream();
    await stream.columns;
  }],
  ["return() before the first row", (tx) => numbered(tx, COUNT)[Symbol.asyncIterator]().return()],
  ["return() while the first row is awaited", async (tx) => {
    const rows = numbered(tx, COUNT)[Symbol.asyncIterator]();
    const first = rows.next();
    await rows.return();
    await first;
  }],
  ["cancel of its readable()", async (tx) => {
    const reader = numbered(tx, COUNT).readable().getReader();
    await reader.read();
    await reader.cancel();
  }],
];

for (const [way, leave] of ways) {
  testBoth(`TransactionSql goes on when a stream is left by ${way}`, async (open) => {
    const sql = open({ max: 1 });
    await using table = await createTable(open);
    const pid = await pidOf(sql);
    await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      await leave(tx);
      assertEquals(await openCursors(tx), 0);
      await tx`insert into ${table.name} values (2)`;
      assertEquals(await pidOf(tx), pid);
    });
    assertEquals(await table.committed(), [1, 2]);
  });
}

const aborts: readonly [name: string, errorName: string, abort: (rows: Abortable) => void][] = [
  ["its signal", "Enough", ({ controller }) => controller.abort(enough)],
  ["cancel()", "AbortError", ({ query }) => query.cancel()],
];

const enough = Object.assign(new Error("enough"), { name: "Enough" });

for (const [way, errorName, abort] of aborts) {
  testBoth(
    `TransactionSql goes on when a stream between fetches is aborted by ${way}`,
    async (open) => {
      const sql = open({ max: 1 });
      await using table = await createTable(open);
      await sql.begin(async (tx) => {
        await tx`insert into ${table.name} values (1)`;
        const rows = abortable(tx, "i");
        const reader = rows.query[Symbol.asyncIterator]();
        await reader.next();
        // Behind these no fetch is on its way: the reader has not asked for the third.
        for (let asked = 0; asked < 3; asked++) await tx`select 1`;
        abort(rows);
        assertEquals((await failureOf(reader.next()) as Error).name, errorName);
        assertEquals(await reader.next(), { done: true, value: undefined });
        assertEquals(await openCursors(tx), 0);
        await tx`insert into ${table.name} values (2)`;
      });
      assertEquals(await table.committed(), [1, 2]);
    },
  );

  testBoth(`TransactionSql fails when a fetch on its way is aborted by ${way}`, async (open) => {
    const sql = open({ max: 1 });
    await using table = await createTable(open);
    const pid = await pidOf(sql);
    const failure = await failureOf(sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      const rows = abortable(tx, "case when i > 400 then pg_sleep(600) end");
      const told = failureOf(all(rows.query));
      await untilWaiting(table.observer, pid, "PgSleep");
      abort(rows);
      assertEquals((await told as Error).name, errorName);
      const behind = await failureOf(tx`select 1`) as Error;
      assertMatch(behind.message, /^current transaction is aborted/);
    })) as Error;
    assertMatch(failure.message, /^Cannot commit/);
    assertMatch((failure.cause as Error).message, /^canceling statement/);
    assertEquals(await table.committed(), []);
    assertEquals(await pidOf(sql), pid);
  });
}

/** A query and what may abort it. */
interface Abortable {
  readonly query: Query<Numbered>;
  readonly controller: AbortController;
}

function abortable(tx: TransactionSql, expression: string): Abortable {
  const controller = new AbortController();
  const query = tx.unsafe<Numbered>(`
    select i, repeat('x', 1000), ${expression} from generate_series(1, ${COUNT}) i`);
  return { query: query.with({ signal: controller.signal }), controller };
}

/** Portals and cursors of rill that are open in the server. */
async function openCursors(tx: TransactionSql): Promise<number> {
  const { open } = await tx<{ open: number }>`
    select count(*)::int4 as open from pg_cursors where name like 'rill%'`.one();
  return open;
}
