/** Streams of a reserved connection, where no transaction is open: they bring one of their own. */

import type { Query, ReservedSql, Sql, SqlTag } from "../../../mod.ts";
import { DatabaseError } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import type { OpenClient } from "../../both_protocols.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "../../std_assert.ts";
import { all, failureOf, numbered, pidOf, untilWaiting, upTo } from "./reading.ts";
import type { Numbered } from "./reading.ts";
import { createTable } from "./table.ts";
import type { StreamTable } from "./table.ts";

const COUNT = 1_000;

/** Registers a test with a reserved connection, and a table to write into. */
function testReserved(
  name: string,
  body: (stage: {
    readonly reserved: ReservedSql;
    readonly table: StreamTable;
    readonly sql: Sql;
  }) => Promise<void>,
): void {
  testBoth(name, async (open: OpenClient) => {
    const sql = open({ max: 1 });
    await using table = await createTable(open);
    await using reserved = await sql.reserve();
    await body({ reserved, table, sql });
  });
}

testReserved(
  "ReservedSql commits what a loop's body wrote at the stream's end",
  async ({ reserved, table }) => {
    for await (const { i } of numbered(reserved, COUNT)) {
      await reserved`insert into ${table.name} values (${i})`;
      if (i === COUNT / 2) assertEquals(await table.committed(), []);
    }
    assertEquals(await table.committed(), upTo(COUNT));
  },
);

testReserved(
  "ReservedSql commits what a loop's body wrote when the stream is left",
  async ({ reserved, table }) => {
    for await (const { i } of numbered(reserved, COUNT)) {
      await reserved`insert into ${table.name} values (${i})`;
      if (i === 50) break;
    }
    assertEquals(await table.committed(), upTo(50));
  },
);

testReserved("ReservedSql is in no transaction behind a stream", async ({ reserved, table }) => {
  const pid = await pidOf(reserved);
  await all(numbered(reserved, COUNT));
  const look = () => table.observer`select state from pg_stat_activity where pid = ${pid}`.one();
  assertEquals(await look(), { state: "idle" });
  await reserved`insert into ${table.name} values (1)`;
  assertEquals(await table.committed(), [1]);
});

testReserved(
  "ReservedSql has streams that overlap share a transaction",
  async ({ reserved, table }) => {
    const first = numbered(reserved, COUNT)[Symbol.asyncIterator]();
    await first.next();
    await reserved`insert into ${table.name} values (1)`;
    const second = numbered(reserved, COUNT)[Symbol.asyncIterator]();
    await second.next();
    await reserved`insert into ${table.name} values (2)`;
    assertEquals((await all(first)).length, COUNT - 1);
    assertEquals(await table.committed(), []);
    await reserved`insert into ${table.name} values (3)`;
    assertEquals((await all(second)).length, COUNT - 1);
    assertEquals(await table.committed(), [1, 2, 3]);
  },
);

testReserved(
  "ReservedSql has streams that are begun at once share a transaction",
  async ({ reserved, table }) => {
    const reads = await Promise.all(
      upTo(5).map(async (n) => {
        let read = 0;
        for await (const _ of numbered(reserved, COUNT)) {
          if (read++ === 0) await reserved`insert into ${table.name} values (${n})`;
        }
        return read;
      }),
    );
    assertEquals(reads, upTo(5).map(() => COUNT));
    assertEquals(await table.committed(), upTo(5));
  },
);

testReserved(
  "ReservedSql begins another transaction for a stream behind the end of one",
  async ({ reserved, table }) => {
    for (const n of upTo(3)) {
      for await (const _ of numbered(reserved, COUNT)) {
        await reserved`insert into ${table.name} values (${n})`;
        break;
      }
      assertEquals(await table.committed(), upTo(n));
    }
  },
);

testReserved(
  "ReservedSql rolls back what a loop's body wrote when the stream fails",
  async ({ reserved, table }) => {
    const failing = reserved<{ i: number }>`
    select i, repeat('x', 1000), 1 / (500 - i) from generate_series(1, 1000) i`;
    const failure = await failureOf((async () => {
      for await (const { i } of failing) {
        if (i <= 20) await reserved`insert into ${table.name} values (${i})`;
      }
    })());
    assertInstanceOf(failure, DatabaseError);
    assertEquals(failure.message, "division by zero");
    await reserved`insert into ${table.name} values (1000)`;
    assertEquals(await table.committed(), [1000]);
  },
);

testReserved(
  "ReservedSql has a stream fail when another of its transaction did",
  async ({ reserved, table }) => {
    const other = numbered(reserved, COUNT)[Symbol.asyncIterator]();
    await other.next();
    await reserved`insert into ${table.name} values (1)`;
    await assertRejects(() => all(reserved`select 1 / (500 - i) from generate_series(1, 1000) i`));
    const failure = await failureOf(all(other)) as Error;
    assertMatch(failure.message, /^current transaction is aborted|^Cannot commit/);
    await reserved`insert into ${table.name} values (2)`;
    assertEquals(await table.committed(), [2]);
  },
);

testReserved(
  "ReservedSql rolls back what a query of the loop's body broke",
  async ({ reserved, table }) => {
    for await (const { i } of numbered(reserved, COUNT)) {
      await reserved`insert into ${table.name} values (${i})`;
      if (i < 10) continue;
      await assertRejects(() => reserved`select 1 / 0`.then(), DatabaseError, "division by zero");
      break;
    }
    await reserved`insert into ${table.name} values (1000)`;
    assertEquals(await table.committed(), [1000]);
  },
);

testReserved(
  "ReservedSql rolls back when a stream that waits for its reader is aborted",
  async ({ reserved, table }) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const rows = numbered(reserved, COUNT).with({ signal: controller.signal })
      [Symbol.asyncIterator]();
    await rows.next();
    await reserved`insert into ${table.name} values (1)`;
    await reserved`select 1`;
    controller.abort(reason);
    assertStrictEquals(await failureOf(rows.next()), reason);
    await reserved`insert into ${table.name} values (2)`;
    assertEquals(await table.committed(), [2]);
  },
);

testReserved(
  "ReservedSql rolls back when a fetch on its way is aborted, and is usable",
  async ({ reserved, table }) => {
    const pid = await pidOf(reserved);
    const controller = new AbortController();
    const reason = new Error("enough");
    const told = failureOf((async () => {
      for await (const { i } of fallingAsleep(reserved).with({ signal: controller.signal })) {
        if (i === 1) await reserved`insert into ${table.name} values (1)`;
      }
    })());
    await untilWaiting(table.observer, pid, "PgSleep");
    controller.abort(reason);
    assertStrictEquals(await told, reason);
    await reserved`insert into ${table.name} values (2)`;
    assertEquals(await table.committed(), [2]);
    assertEquals(await pidOf(reserved), pid);
  },
);

testReserved(
  "ReservedSql.release() ends an open stream, and rolls back",
  async ({ reserved, table, sql }) => {
    const pid = await pidOf(reserved);
    const rows = numbered(reserved, COUNT)[Symbol.asyncIterator]();
    await rows.next();
    await reserved`insert into ${table.name} values (1)`;
    await reserved`select 1`;
    await reserved.release();
    const failure = await failureOf(rows.next()) as Error;
    assertMatch(failure.message, /^Cannot .+ connection was released$/);
    assertEquals(await pidOf(sql), pid);
    assertEquals(await table.committed(), []);
  },
);

testReserved(
  "ReservedSql.release() stops the fetch of an open stream",
  async ({ reserved, table, sql }) => {
    const pid = await pidOf(reserved);
    const told = failureOf(all(fallingAsleep(reserved)));
    await untilWaiting(table.observer, pid, "PgSleep");
    await reserved.release();
    assertMatch((await told as Error).message, /^Cannot .+ connection was released$/);
    assertEquals(await pidOf(sql), pid);
  },
);

testReserved(
  "ReservedSql.release() ends an open stream in flow mode",
  async ({ reserved, sql }) => {
    const pid = await pidOf(reserved);
    const rows = numbered(reserved, 20_000).stream({ mode: "flow" })[Symbol.asyncIterator]();
    await rows.next();
    await reserved.release();
    const failure = await failureOf(rows.next()) as Error;
    assertMatch(failure.message, /^Cannot .+ connection was released$/);
    assertEquals(await pidOf(sql), pid);
  },
);

testReserved(
  "ReservedSql keeps a transaction that its user began for a stream",
  async ({ reserved, table }) => {
    await reserved`begin`;
    for await (const { i } of numbered(reserved, COUNT)) {
      if (i === 1) await reserved`insert into ${table.name} values (1)`;
    }
    for await (const _ of numbered(reserved, COUNT)) break;
    assertEquals(await table.committed(), []);
    await reserved`commit`;
    assertEquals(await table.committed(), [1]);
  },
);

testReserved(
  "ReservedSql refuses its own queries while a transaction of it is open",
  async ({ reserved, table }) => {
    const tx = await reserved.transaction();
    for (
      const ask of [
        () => reserved`select 1`,
        () => all(numbered(reserved, 1)),
        () => reserved.pipeline([reserved`select 1`]),
        () => reserved.begin(() => {}),
      ]
    ) {
      await assertRejects(() => Promise.resolve(ask()), TypeError, "a transaction is open");
    }
    for await (const { i } of numbered(tx, 100)) {
      await tx`insert into ${table.name} values (${i})`;
    }
    await tx.commit();
    assertEquals(await table.committed(), upTo(100));
    assertEquals(await reserved`select 1 as one`.one(), { one: 1 });
  },
);

/** Rows of which a fetch behind the first ones sleeps for longer than any test may last. */
function fallingAsleep(sql: SqlTag): Query<Numbered> {
  return sql.unsafe(`
    select i, repeat('x', 1000), case when i > 400 then pg_sleep(600) end
    from generate_series(1, 1000) i`);
}
