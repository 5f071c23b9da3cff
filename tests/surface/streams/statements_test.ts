/** Every statement that yields rows, streamed in a transaction. */

import type { Query, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertGreater, assertRejects } from "../../std_assert.ts";
import { all } from "./reading.ts";
import { StreamLog } from "./stream_log.ts";

interface Statement {
  readonly name: string;
  /** True when a cursor of 2.0 takes it. */
  readonly isDeclarable: boolean;
  readonly query: (sql: SqlTag) => Query<Record<string, unknown>>;
}

const statements: readonly Statement[] = [
  declarable("SELECT", (sql) => sql`select i, filler from streamed order by i`),
  declarable("SELECT FOR UPDATE", (sql) => sql`select i from streamed order by i for update`),
  declarable("SELECT in brackets", (sql) => sql`((select i from streamed) order by i)`),
  declarable(
    "SELECT between comments",
    (sql) =>
      sql`/* insert */ -- update
    select i, 'into' as into_ from streamed order by i -- delete`,
  ),
  declarable("SELECT with a semicolon", (sql) => sql`select i from streamed order by i;`),
  declarable("VALUES", (sql) => sql`values (1, ${"a"}), (2, 'b'), (3, null)`),
  declarable("TABLE", (sql) => sql`table streamed`),
  declarable("WITH", (sql) => sql`with a as (select i from streamed) select i from a order by i`),
  other(
    "INSERT RETURNING",
    (sql) => sql`insert into streamed select i + 1000, filler from streamed returning i, filler`,
  ),
  other("UPDATE RETURNING", (sql) => sql`update streamed set i = -i returning i, filler`),
  other("DELETE RETURNING", (sql) => sql`delete from streamed where i > 7 returning i, filler`),
  other(
    "WITH INSERT",
    (sql) => sql`with a as (insert into streamed values (7) returning i) select i from a`,
  ),
  other("SHOW", (sql) => sql`show search_path`),
  other("EXPLAIN", (sql) => sql`explain select i from streamed`),
  other("FETCH", (sql) => sql`fetch forward 700 from of_the_user`),
  other("CREATE TABLE", (sql) => sql`create temp table another (i int4)`),
];

function declarable(name: string, query: Statement["query"]): Statement {
  return { name, isDeclarable: true, query };
}

function other(name: string, query: Statement["query"]): Statement {
  return { name, isDeclarable: false, query };
}

for (const { name, isDeclarable, query } of statements) {
  testBoth(`TransactionSql streams ${name} as it would give it whole`, async (open, on) => {
    const log = new StreamLog();
    const sql = open({ max: 1, trace: log.trace });
    await sql.begin(async (tx) => {
      await createStreamed(tx);
      const whole = await undone(tx, async (sp) => await query(sp));
      await tx`move absolute 0 in of_the_user`; // No savepoint brings a cursor back.
      log.clear();
      const stream = query(tx).stream();
      const rows = await all(stream);
      assertEquals(rows.length, whole.length);
      rows.forEach((row, i) => assertEquals(row, whole[i]));
      const byPortal = isDeclarable || on.protocolVersion === "3.2";
      // On 2.0 what is fetched from a cursor of the user's own looks as if rill did it.
      if (name !== "FETCH") assertEquals(log.mode, byPortal ? "portal" : "flow");
      const { command, count, columns, complete } = await stream.summary;
      assertEquals({ command, count, complete }, {
        command: whole.command,
        count: whole.count,
        complete: true,
      });
      assertEquals(columns.map((column) => column.name), whole.columns.map(({ name }) => name));
    });
  });
}

for (const name of ["INSERT RETURNING", "UPDATE RETURNING", "DELETE RETURNING", "FETCH"]) {
  const { query } = statements.find((one) => one.name === name)!;
  testBoth(
    `TransactionSql runs the queries of a loop over ${name}, on 2.0 says why not`,
    async (open, on) => {
      const sql = open({ max: 1 });
      await sql.begin(async (tx) => {
        await createStreamed(tx);
        let rows = 0;
        for await (const _ of query(tx)) {
          if (rows++ > 0) continue;
          const ask = () => tx`select 1 as one`.one();
          if (on.protocolVersion === "3.2") assertEquals(await ask(), { one: 1 });
          else await assertRejects(ask, TypeError, "busy with a stream in flow mode");
        }
        assertGreater(rows, 600);
        assertEquals(await tx`select 1 as one`.one(), { one: 1 });
      });
    },
  );
}

/** A table of 700 rows of 1000 bytes, more than waits in a process that reads one row. */
async function createStreamed(tx: SqlTag): Promise<void> {
  await tx`create temp table streamed on commit drop as
    select i, repeat('x', 1000) as filler from generate_series(1, 700) i`;
  await tx`declare of_the_user scroll cursor for select i, filler from streamed order by i`;
}

/** What `fn` gives; what it did in the transaction is undone. */
async function undone<T>(
  tx: { savepoint(fn: (sp: SqlTag) => Promise<unknown>): Promise<unknown> },
  fn: (sp: SqlTag) => Promise<T>,
): Promise<T> {
  let result: T;
  const enough = new Error("enough");
  await tx.savepoint(async (sp) => {
    result = await fn(sp);
    throw enough;
  }).catch((error) => {
    if (error !== enough) throw error;
  });
  return result!;
}
