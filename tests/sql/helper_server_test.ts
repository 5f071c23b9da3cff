/** What objects and lists become, as real servers read it. */

import { DatabaseError } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { testBoth } from "../both_protocols.ts";
import { assertEquals, assertRejects } from "../std_assert.ts";
import { sql as helper } from "./template.ts";

/** The same test on both protocols, with a table of its own. */
function testOnTable(name: string, body: (sql: Sql) => Promise<void>): void {
  testBoth(name, async (open) => {
    const sql = open({ max: 1 });
    await sql`create temporary table item (id int primary key, "a""b" text, tags text[])`;
    await body(sql);
  });
}

testOnTable("Helper inserts, updates and finds rows", async (sql) => {
  const rows = [{ id: 1, 'a"b': "it's", tags: ["x"] }, { id: 2, 'a"b': null, tags: [] }];
  const inserted = await sql`insert into item ${helper(rows)} returning ${helper(["id", "tags"])}`;
  assertEquals([...inserted], [{ id: 1, tags: ["x"] }, { id: 2, tags: [] }]);
  const change = helper({ tags: sql`tags || ${"y"}::text` });
  await sql`update item set ${change} where id in ${helper([1, 3])}`;
  const order = helper(["id"]);
  const found = await sql`select * from item where id in (${helper(rows, "id")}) order by ${order}`;
  assertEquals([...found], [{ ...rows[0], tags: ["x", "y"] }, rows[1]]);
});

testOnTable("Helper writes rows for VALUES, ON CONFLICT and a CTE", async (sql) => {
  await sql`insert into item (id, tags) values ${helper([[1, ["a"]], [2, null]])}`;
  const [changed] = await sql`
    with changed as (
      insert into item ${helper({ id: 1, tags: ["b"] })}
      on conflict (${helper(["id"])}) do update set ${helper({ tags: ["c"] })} returning *
    )
    select tags, ${helper({ by: "rill" })} from changed`;
  assertEquals(changed, { tags: ["c"], by: "rill" });
  const pairs = helper([[1, 1], [2, 3]]);
  const matches = await sql`select id from item where (id, cardinality(tags)) in ${pairs}`;
  assertEquals([...matches], [{ id: 1 }]);
});

testOnTable("Helper finds nothing in an empty list", async (sql) => {
  await sql`insert into item ${helper({ id: 1 })}`;
  assertEquals((await sql`select from item where id in ${helper([])}`).length, 0);
  assertEquals((await sql`select from item where (id, id) in ${helper([])}`).length, 0);
});

testOnTable("Helper never lets a key be more than a name", async (sql) => {
  const key = `id") values (1); drop table item; --`;
  const insert = sql`insert into item ${helper({ [key]: 1 })}`;
  await assertRejects(async () => await insert, DatabaseError, "does not exist");
  assertEquals((await sql`select from item`).length, 0);
});
