/** Pipelines beside other queries on the same connections: each gets its own rows. */

import { DatabaseError } from "../../../mod.ts";
import type { Query, Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { Random } from "../../attribution/plan.ts";
import { assert, assertEquals, assertInstanceOf } from "../../std_assert.ts";

interface Row {
  readonly id: number;
  readonly i: number;
}

/** A query that is known by an id in each of its rows, sent in one of several ways. */
function ask(sql: Sql, id: number, random: Random): { query: Query<Row>; rows: number } {
  const rows = random.of([0, 1, 1, 3, 40, 700]);
  const queries = [
    () => sql<Row>`select ${id}::int4 as id, i from generate_series(1, ${rows}::int4) i`,
    () => sql<Row>`select (${[id]}::int4[])[1] as id, i from generate_series(1, ${rows}::int4) i`,
    () => sql.unsafe<Row>(`select ${id} as id, i from generate_series(1, ${rows}) i`),
    () => {
      const query = sql<Row>`select ${id}::int4 as id, i from generate_series(1, ${rows}::int4) i`;
      return query.with({ prepare: false });
    },
  ];
  return { query: random.of(queries)(), rows };
}

function assertOwn(rows: readonly Row[], id: number, count: number): void {
  assertEquals(rows.length, count);
  for (const [i, row] of rows.entries()) assert(row.id === id && row.i === i + 1, `${id}`);
}

/** Runs a pipeline of some queries, of which one may fail, and looks at what each gives. */
async function runPipeline(sql: Sql, id: number, random: Random): Promise<void> {
  const sync = random.of(["each", "one"] as const);
  const asked = Array.from({ length: 1 + random.below(8) }, (_, k) => ({
    id: id + k,
    ...ask(sql, id + k, random),
  }));
  const queries: Query<unknown>[] = asked.map(({ query }) => query);
  const fails = random.below(3) === 0;
  if (fails) queries.splice(random.below(queries.length + 1), 0, sql`select 1 / ${0}::int4`);
  const outcome = await sql.pipeline(queries, { sync }).catch((error) => error);
  if (fails) {
    assertInstanceOf(outcome, DatabaseError);
    assertEquals(outcome.message, "division by zero");
  }
  for (const { query, id, rows } of asked) {
    if (fails && sync === "one") await query.then(() => assert(false, "kept"), () => {});
    else assertOwn(await query, id, rows);
  }
}

testBoth(
  "SqlTag.pipeline() and queries beside it get their own rows on shared connections",
  async (open) => {
    const sql = open({ max: 2 });
    const random = new Random(20);
    const runs: (() => Promise<void>)[] = Array.from({ length: 400 }, (_, i) => async () => {
      const id = i * 10;
      if (i % 3 === 0) return await runPipeline(sql, id, random);
      if (i % 10 === 1) return await sql`select nosuch`.then(() => assert(false), () => {});
      const { query, rows } = ask(sql, id, random);
      assertOwn(await query, id, rows);
    });
    for (let start = 0; start < runs.length; start += 100) {
      await Promise.all(runs.slice(start, start + 100).map((run) => run()));
    }
  },
);
