/** Streams in portal mode on the pool: each in a transaction of its own. */

import type { Fragment, Query, Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertMatch, assertStrictEquals } from "../../std_assert.ts";
import { all, failureOf, pidOf, untilWaiting } from "./reading.ts";

/** What a test has. */
interface Stage {
  readonly sql: Sql;
  readonly observer: Sql;
  /** A stream whose rows each leave one behind in a table. */
  writing(expression?: string): Query<Record<string, unknown>>;
  /** Rows of the table that are committed. */
  written(): Promise<number>;
}

/** Registers a test; behind its streams the connection must be as it was. */
function testPool(name: string, body: (stage: Stage) => Promise<void>): void {
  testBoth(name, async (open) => {
    const sql = open({ max: 1 });
    const observer = open({ max: 1 });
    await using table = await createWritten(observer);
    const pid = await pidOf(sql);
    const writing = (expression = "0") =>
      sql`select ${table.write}(i), ${sql.unsafe(expression)} from generate_series(1, 3000) i`;
    const written = () => observer`select from ${table.name}`.then(({ length }) => length);
    await body({ sql, observer, writing, written });
    assertEquals(await pidOf(sql), pid);
    const backend = observer`select state from pg_stat_activity where pid = ${pid}`;
    assertEquals(await backend.one(), { state: "idle" });
  });
}

testPool(
  "RowStream in portal mode on the pool is committed at its end",
  async ({ writing, written }) => {
    const rows = writing().stream({ mode: "portal" })[Symbol.asyncIterator]();
    await rows.next();
    assertEquals(await written(), 0);
    await all(rows);
    assertEquals(await written(), 3_000);
  },
);

testPool(
  "RowStream in portal mode on the pool is committed when it is left",
  async ({ writing, written }) => {
    for await (const _ of writing().stream({ mode: "portal" })) break;
    const rows = await written();
    assert(rows > 0 && rows < 3_000, `${rows} rows`);
  },
);

testPool(
  "RowStream in portal mode on the pool is rolled back when it fails",
  async ({ writing, written }) => {
    const rows = writing("1 / (2000 - i)").stream({ mode: "portal" });
    const failure = await failureOf(all(rows)) as Error;
    assertMatch(failure.message, /^division by zero/);
    assertEquals(await written(), 0);
  },
);

testPool(
  "RowStream in portal mode on the pool is rolled back when it is aborted",
  async ({ sql, observer, writing, written }) => {
    const pid = await pidOf(sql);
    const controller = new AbortController();
    const reason = new Error("enough");
    const query = writing("case when i > 2000 then pg_sleep(600) end");
    const rows = query.with({ signal: controller.signal }).stream({ mode: "portal" });
    const told = failureOf(all(rows));
    await untilWaiting(observer, pid, "PgSleep");
    controller.abort(reason);
    assertStrictEquals(await told, reason);
    await pidOf(sql);
    assertEquals(await written(), 0);
  },
);

/** A table, and a function that writes into it for each call. */
async function createWritten(
  sql: Sql,
): Promise<AsyncDisposable & { readonly name: Fragment; readonly write: Fragment }> {
  const name = sql(`written_${crypto.randomUUID()}`);
  const write = sql(`write_${crypto.randomUUID()}`);
  await sql`create table ${name} (i int4)`;
  await sql`create function ${write}(i int4) returns int4 language plpgsql as ${
    sql.unsafe("$$ begin insert into ")
  }${name}${sql.unsafe(" values (i); return i; end $$")}`;
  return {
    name,
    write,
    async [Symbol.asyncDispose](): Promise<void> {
      await sql`drop function ${write}`;
      await sql`drop table ${name}`;
    },
  };
}
