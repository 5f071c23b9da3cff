import { connect, DatabaseError } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { Random } from "../attribution/plan.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "../std_assert.ts";
import { withoutUnhandledRejections } from "./unhandled.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

const protocols = [
  { name: "18 over 3.2", url: pg18.url({ sslmode: "disable" }) },
  { name: "18 over 3.2 and TLS", url: pg18.url({ sslmode: "require" }) },
  { name: "13 over 2.0", url: pg13.url({ sslmode: "disable", protocolVersion: "2.0" }) },
] as const;

/** Ways to leave a loop over far more rows than anybody would wait for. */
const ways: readonly [name: string, leave: (sql: Sql, endless: string) => Promise<unknown>][] = [
  ["break", async (sql, endless) => {
    for await (const _ of sql.unsafe(endless)) break;
  }],
  ["break out of batches", async (sql, endless) => {
    for await (const _ of sql.unsafe(endless).batches()) break;
  }],
  ["return", async (sql, endless) => {
    await (async () => {
      for await (const row of sql.unsafe(endless)) return row;
    })();
  }],
  ["throw", async (sql, endless) => {
    const thrown = new Error("enough");
    const error = await assertRejects(async () => {
      for await (const _ of sql.unsafe(endless)) throw thrown;
    });
    assertStrictEquals(error, thrown);
  }],
  ["asyncDispose", async (sql, endless) => {
    await using rows = sql.unsafe(endless)[Symbol.asyncIterator]();
    await rows.next();
  }],
  ["return() before the first row", async (sql, endless) => {
    await sql.unsafe(endless)[Symbol.asyncIterator]().return();
  }],
  ["a signal in the loop", async (sql, endless) => {
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error("enough");
    const error = await assertRejects(async () => {
      for await (const _ of sql.unsafe(endless).with({ signal })) controller.abort(reason);
    });
    assertStrictEquals(error, reason);
  }],
  ["cancel()", async (sql, endless) => {
    const query = sql.unsafe(endless);
    const error = await assertRejects(async () => {
      for await (const _ of query) query.cancel();
    }, DOMException);
    assertEquals(error.name, "AbortError");
  }],
  ["a signal while all rows are awaited", async (sql) => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort(reason), 20);
    const query = sql`select pg_sleep(600)`.with({ signal });
    assertStrictEquals(await assertRejects(() => Promise.resolve(query)), reason);
  }],
];

for (const { name, url } of protocols) {
  for (const [way, leave] of ways) {
    test(`Query left by ${way} frees its connection and stops on the server, on ${name}`, () =>
      withoutUnhandledRejections(async () => {
        await using sql = connect(url, { max: 1 });
        const pid = await pidOf(sql);
        // The two are left in other ways: the one is stopped in its rows, the other before them.
        for (const rest of ["generate_series(1, 100000000)", "pg_sleep(600)"]) {
          if (rest.startsWith("pg") && !way.includes("before")) continue;
          await leave(sql, `select ${rest} as i`);
          assertEquals(await pidOf(sql), pid);
        }
        assertEquals(await pidOf(sql), pid);
        await using observer = connect(url, { max: 1 });
        const [backend] = await observer`select state from pg_stat_activity where pid = ${pid}`;
        assertEquals(backend, { state: "idle" });
      }));
  }

  test(`Query with a signal that was aborted before is never sent, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using sql = connect(url, { max: 1 });
      const reason = new Error("enough");
      const signal = AbortSignal.abort(reason);
      const query = () => sql`create table never_sent ()`.with({ signal });
      assertStrictEquals(await assertRejects(() => Promise.resolve(query())), reason);
      const rows = query()[Symbol.asyncIterator]();
      assertStrictEquals(await assertRejects(() => rows.next()), reason);
      assertEquals(await rows.return(), { done: true, value: undefined });
      const [table] = await sql`select to_regclass('never_sent') as oid`;
      assertEquals(table, { oid: null });
    }));

  test(`RowIterator rejects behind the rows that came before an error, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using sql = connect(url, { max: 1 });
      const rows: unknown[] = [];
      const error = await assertRejects(
        async () => {
          const failing = sql`select i, 1 / (10001 - i) from generate_series(1, 20000) i`;
          for await (const { i } of failing) rows.push(i);
        },
        DatabaseError,
        "division by zero",
      );
      assertEquals(error.code, url.includes("2.0") ? undefined : "22012");
      assertEquals(rows, Array.from({ length: 10_000 }, (_, i) => i + 1));
      await pidOf(sql);
    }));

  test(`Query.cancel() never hits another query, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      const random = new Random(20_261_122);
      await using sql = connect(url, { max: 2 });
      let cancelled = 0;
      for (let round = 0; round < 200; round++) {
        const controller = new AbortController();
        const { signal } = controller;
        const seconds = random.below(8) / 1000;
        const doomed = settle(sql`select pg_sleep(${seconds}::float8)`.with({ signal }));
        const before = random.below(2) ? settle(sql`select ${round}::int4 as round`) : undefined;
        await new Promise((resolve) => setTimeout(resolve, random.below(8)));
        const reason = new Error("enough");
        controller.abort(reason);
        const after = settle(sql`select pg_sleep(0.001), ${round}::int4 as round`);
        const end = await doomed;
        if (end !== undefined) assertStrictEquals(end, reason);
        if (end !== undefined) cancelled++;
        assertEquals(await before, undefined);
        assertEquals(await after, undefined);
      }
      assert(cancelled > 20 && cancelled < 200, `${cancelled} of 200 were cancelled`);
    }));
}

test("DatabaseError points at the line that asked", async () => {
  await using sql = connect(protocols[0].url, { max: 1 });
  const error = await assertRejects(() => Promise.resolve(sql`select 1 / 0`));
  assertInstanceOf(error, DatabaseError);
  assert(error.stack!.includes("leaving_early_test"));
});

/** What a query rejects with; undefined when it does not. */
function settle(query: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(query).then(() => undefined, (error) => error);
}

async function pidOf(sql: Sql): Promise<number> {
  const [{ pid }] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
  return pid;
}
