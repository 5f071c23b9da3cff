/** Queries of one connection run in the order in which they were started. */

import type { Sql, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals } from "../../std_assert.ts";

/**
 * Starts queries in one turn, each of which sees what those before it did: some whose types must
 * be asked for, some that go out at once, some that are prepared already. Gives the rows that
 * each saw.
 */
async function startAll(sql: SqlTag): Promise<number[]> {
  const rows = () => sql`select count(*)::int4 as n from item`.values();
  const queries = [
    sql`insert into item values (${1.5})`, // Its type must be asked for.
    rows(),
    sql`insert into item values (${2})`,
    sql`insert into item values (3)`,
    rows(),
    sql`insert into item values (${"4"})`,
    sql.unsafe("select count(*)::int4 as n from item").values(),
    sql`insert into item select ${5.5}::float8`.values(),
    rows(),
  ].map((query) => query.then((result) => result));
  return (await Promise.all(queries)).flat(2) as number[];
}

async function createTable(sql: Sql): Promise<void> {
  await sql`create temporary table item (n float8)`;
}

const expected = [1, 3, 4, 5];

testBoth("queries of a transaction run in the order they were started", async (open) => {
  const sql = open({ max: 1 });
  await createTable(sql);
  for (let i = 0; i < 3; i++) { // What is prepared by then is another each time.
    assertEquals(await sql.begin(startAll), expected);
    await sql`truncate item`;
  }
});

testBoth("queries of a savepoint run in the order they were started", async (open) => {
  const sql = open({ max: 1 });
  await createTable(sql);
  assertEquals(await sql.begin((tx) => tx.savepoint(startAll)), expected);
});

testBoth("queries of a reserved connection run in the order they were started", async (open) => {
  const sql = open({ max: 1 });
  await createTable(sql);
  await using reserved = await sql.reserve();
  for (let i = 0; i < 3; i++) {
    assertEquals(await startAll(reserved), expected);
    await reserved`truncate item`;
  }
});

testBoth("queries that begin() is given in an array run in their order", async (open) => {
  const sql = open({ max: 1 });
  await createTable(sql);
  const [, [seen]] = await sql.begin((tx) => [
    tx`insert into item values (${1.5})`,
    tx`select count(*)::int4 as n from item`,
  ]);
  assertEquals(seen, { n: 1 });
});

testBoth("queries of a pipeline run in their order", async (open) => {
  const sql = open({ max: 1 });
  await createTable(sql);
  const [, [seen]] = await sql.pipeline([
    sql`insert into item values (${1.5})`,
    sql`select count(*)::int4 as n from item`,
  ]);
  assertEquals(seen, { n: 1 });
});

testBoth("a query that fails before it is sent holds up no other", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const outcomes = await Promise.allSettled([
      tx`select ${Symbol("no value")}::text`,
      tx`select 1 as one`.values(),
      tx`select ${undefined}::text`,
      tx`select 2 as two`.values(),
    ]);
    assertEquals(outcomes.map(({ status }) => status), [
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
  });
});
