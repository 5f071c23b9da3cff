/** Fragments, objects and lists in templates, by a client and on real servers. */

import { DatabaseError } from "../../../mod.ts";
import type { Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertRejects, assertThrows } from "../../std_assert.ts";

/** The same test on both protocols, with a table of its own. */
function testOnTable(name: string, body: (sql: Sql) => Promise<void>): void {
  testBoth(name, async (open) => {
    const sql = open({ max: 1 });
    await sql`create temporary table item (id int primary key, name text, tags text[])`;
    await body(sql);
  });
}

const apple = { id: 1, name: "apple", tags: ["red", "green"] };
const pear = { id: 2, name: "it's a pear", tags: [] };

testOnTable("sql(object) inserts all its keys, or the columns that are named", async (sql) => {
  await sql`insert into item ${sql(apple)}`;
  await sql`insert into item ${sql(pear, "id", "name")}`;
  await sql`insert into item ${sql({ ...pear, id: 3 }, ["id", "tags"])}`;
  assertEquals([...await sql`select * from item order by id`], [
    apple,
    { ...pear, tags: null },
    { id: 3, name: null, tags: [] },
  ]);
});

testOnTable("sql([objects]) inserts rows and names what they return", async (sql) => {
  const inserted = await sql`
    insert into item ${sql([apple, pear])} returning ${sql(["tags", "id"])}`;
  assertEquals(inserted.columns.map(({ name }) => name), ["tags", "id"]);
  assertEquals([...inserted], [{ tags: apple.tags, id: 1 }, { tags: [], id: 2 }]);
  assertEquals(inserted.count, 2);
});

testOnTable("sql([arrays]) are rows behind VALUES", async (sql) => {
  await sql`insert into item (name, id) values ${sql([["fig", 4], [null, 5]])}`;
  const rows = await sql`select id, name from item order by id`;
  assertEquals([...rows], [{ id: 4, name: "fig" }, { id: 5, name: null }]);
  const pairs = sql([[1, "a"], [2, "b"]]);
  const joined = await sql`select string_agg(t, '') as t from (values ${pairs}) as v (n, t)`.one();
  assertEquals(joined, { t: "ab" });
});

testOnTable("sql(object) updates behind SET, by columns that are named or all", async (sql) => {
  await sql`insert into item ${sql([apple, pear])}`;
  const change = { id: 99, name: "plum", tags: ["blue"] };
  const one = await sql`update item set ${sql(change, "name", "tags")} where id = ${2} returning *`;
  assertEquals([...one], [{ ...change, id: 2 }]);
  const other = await sql`update item set ${sql(change)} where id = ${2} returning *`;
  assertEquals([...other], [change]);
});

testOnTable("sql([values]) and a column of sql([objects]) stand behind IN", async (sql) => {
  await sql`insert into item ${sql([apple, pear, { id: 3, name: "kiwi", tags: null }])}`;
  const ids = async (query: PromiseLike<readonly Record<string, unknown>[]>) =>
    (await query).map(({ id }) => id);
  assertEquals(await ids(sql`select id from item where id in ${sql([1, 3])} order by id`), [1, 3]);
  assertEquals(await ids(sql`select id from item where id in (${sql([2, 7])})`), [2]);
  const fruit = [apple, pear];
  assertEquals(await ids(sql`select id from item where name in ${sql(fruit, "name")}`), [1, 2]);
  assertEquals(await ids(sql`select id from item where id in ${sql([])}`), []);
});

testOnTable("sql(object) is a list of columns behind SELECT", async (sql) => {
  const [row] = await sql`select ${sql({ fruit: "fig", 'odd "name"': "x" })}`;
  assertEquals(row, { fruit: "fig", 'odd "name"': "x" });
});

testOnTable("sql(name) and sql([names]) quote names wherever they stand", async (sql) => {
  await sql`insert into item ${sql([apple, pear])}`;
  const rows = await sql`
    select ${sql(["id", "name"])}, ${sql("item", "tags")} as ${sql("Tags; drop table item")}
    from ${sql("item")} order by ${sql(["name"])} desc`;
  assertEquals(rows.map(({ id }) => id), [2, 1]);
  assertEquals(rows[1]["Tags; drop table item"], apple.tags);
});

testOnTable("fragments nest, and their parameters are numbered through", async (sql) => {
  await sql`insert into item ${sql([apple, pear, { id: 3, name: "kiwi", tags: null }])}`;
  const find = ({ name, ids, limit }: { name?: string; ids?: number[]; limit?: number }) => {
    const byName = name === undefined ? sql`` : sql`and name = ${name}`;
    const byId = ids === undefined ? sql`` : sql`and (id in ${sql(ids)} ${byName})`;
    const end = limit === undefined ? sql`` : sql`limit ${limit}`;
    return sql`select id from item where ${true}::bool ${byId} order by id ${end}`.values();
  };
  assertEquals([...await find({})], [[1], [2], [3]]);
  assertEquals([...await find({ ids: [3, 1] })], [[1], [3]]);
  assertEquals([...await find({ ids: [3, 1], name: "kiwi" })], [[3]]);
  assertEquals([...await find({ limit: 2 })], [[1], [2]]);
});

testOnTable("a fragment may stand in many queries, and be run itself", async (sql) => {
  const numbers = sql`select g::int4 as n from generate_series(1, ${3}::int4) g`;
  const sum = () => sql`select sum(n)::int4 as sum from (${numbers}) as t`;
  assertEquals(await sum().one(), { sum: 6 });
  assertEquals(await sql`select count(*)::int4 as n from (${numbers}) as t`.one(), { n: 3 });
  assertEquals([...await numbers], [{ n: 1 }, { n: 2 }, { n: 3 }]);
  assertEquals(await sum().one(), { sum: 6 });
});

testOnTable("a value in a helper may be a fragment, and one of a said type", async (sql) => {
  await sql`insert into item ${
    sql({ id: sql`${40}::int4 + 2`, name: sql.typed("fig", "text"), tags: sql.array(["a"]) })
  }`;
  await sql`update item set ${sql({ name: sql`upper(name)`, tags: sql`tags || ${"b"}::text` })}`;
  assertEquals([...await sql`select * from item`], [{ id: 42, name: "FIG", tags: ["a", "b"] }]);
});

testOnTable("sql(object) refuses what would be lost, and nothing is sent", async (sql) => {
  await assertRejects(
    async () => await sql`insert into item ${sql({ id: 1, name: undefined })}`,
    TypeError,
    "$2",
  );
  await assertRejects(
    async () => await sql`insert into item ${sql([apple, { id: 2, colour: "red" }])}`,
    TypeError,
    '"colour"',
  );
  await assertRejects(
    async () => await sql`insert into item ${sql(apple, "colour")}`,
    TypeError,
    '"colour"',
  );
  assertThrows(() => sql(null as never), TypeError, "null");
  assertEquals([...await sql`select count(*)::int4 as n from item`], [{ n: 0 }]);
});

testBoth(
  "sql(object) names columns as transform says, and sends undefined as NULL",
  async (open) => {
    const sql = open({ max: 1, transform: { column: "camel", undefined: null } });
    await sql`create temporary table person (first_name text, last_name text)`;
    await sql`insert into person ${sql({ firstName: "Ada", lastName: undefined })}`;
    const [row] = await sql`select ${sql(["firstName", "lastName"])} from person`;
    assertEquals(row, { firstName: "Ada", lastName: null });
  },
);

testBoth("sql.array() is of the type that is said, or that the server infers", async (open) => {
  const sql = open({ max: 1 });
  const numbers = sql.array([1, null, 3], "int4");
  assertEquals(await sql`select ${numbers} as a`.one(), { a: [1, null, 3] });
  assertEquals(await sql`select ${sql.array([], "text")} as a`.one(), { a: [] });
  assertEquals(await sql`select ${sql.array([["{}"], ['"']], "text")} as a`.one(), {
    a: [["{}"], ['"']],
  });
  const { found } = await sql`
    select array_agg(g) as found from generate_series(1, 9) g where g = any(${sql.array([2, 4])})`
    .one();
  assertEquals(found, [2, 4]);
  assertThrows(() => sql.array([1], "nosuch"), TypeError, "nosuch");
  await assertRejects(
    async () => await sql`select ${sql.array([true], "int4")}`,
    TypeError,
    "$1",
  );
});

testBoth("sql.json() is jsonb whatever its value, and sql.typed() what is said", async (open) => {
  const sql = open({ max: 1 });
  for (const value of [null, [1, null], { a: [{}] }, "5", "", 1.5, true]) {
    assertEquals(await sql`select ${sql.json(value)} as v`.one(), { v: value });
    assertEquals(await sql`select ${sql.json(value)} as v`.one(), { v: value });
  }
  const row = await sql`select ${sql.typed(5, "int8")} as a, ${sql.typed("x", 25)} as b`.one();
  assertEquals(row, { a: 5n, b: "x" });
  assertThrows(() => sql.typed(5, "nosuch"), TypeError, "nosuch");
});

testBoth("a fragment that the server refuses fails the query alone", async (open) => {
  const sql = open({ max: 1 });
  const wrong = sql`where nosuch = ${1}`;
  await assertRejects(async () => await sql`select 1 ${wrong}`, DatabaseError, "nosuch");
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});
