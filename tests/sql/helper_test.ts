/** What objects and lists become in each clause. */

import { render } from "../../lib/sql/fragment.ts";
import { TypedValue } from "../../lib/value/registry/typed_value.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";
import { assertRenders, sql } from "./template.ts";

const user = { name: "Ann", age: 40 };
const users = [user, { age: 50, name: "Bob" }];
const pairs = [[1, "a"], [2, "b"]];

test("Helper writes columns and rows behind INSERT INTO", () => {
  const one = `("name","age") values ($1,$2)`;
  assertRenders(sql`insert into t ${sql(user)}`, `insert into t ${one}`, ["Ann", 40]);
  assertRenders(
    sql`insert into t ${sql(users)} returning *`,
    `insert into t ${one},($3,$4) returning *`,
    ["Ann", 40, "Bob", 50],
  );
  const quoted = sql`INSERT INTO ${sql("shop", "t")} AS x ${sql(user)}`;
  assertRenders(quoted, `INSERT INTO "shop"."t" AS x ${one}`, ["Ann", 40]);
});

test("Helper takes the columns that are named, one by one or as a list", () => {
  const expected = [`insert into t ("age") values ($1),($2)`, [40, 50]] as const;
  assertRenders(sql`insert into t ${sql(users, "age")}`, ...expected);
  assertRenders(sql`insert into t ${sql(users, ["age"])}`, ...expected);
  assertRenders(
    sql`insert into t ${sql(user, "age", ["name"])}`,
    `insert into t ("age","name") values ($1,$2)`,
    [40, "Ann"],
  );
});

test("Helper keeps a value that only some rows have as undefined", () => {
  assertRenders(
    sql`insert into t ${sql([{ a: 1, b: 2 }, { a: 3 }, { a: undefined, b: 4 }])}`,
    `insert into t ("a","b") values ($1,$2),($3,$4),($5,$6)`,
    [1, 2, 3, undefined, undefined, 4],
  );
  const named = sql`insert into t ${sql([{ a: 1, c: 0 }, { b: 2 }], "a", "b")}`;
  const text = `insert into t ("a","b") values ($1,$2),($3,$4)`;
  assertRenders(named, text, [1, undefined, undefined, 2]);
});

test("Helper writes rows behind VALUES", () => {
  const insert = sql`insert into t (name, age) values ${sql(users)}`;
  const text = "insert into t (name, age) values ($1,$2),($3,$4)";
  assertRenders(insert, text, ["Ann", 40, "Bob", 50]);
  assertRenders(sql`values ${sql(user, "age")}`, "values ($1)", [40]);
  assertRenders(sql`values ${sql(pairs)}`, "values ($1,$2),($3,$4)", [1, "a", 2, "b"]);
  assertRenders(sql`values ${sql(["a", 1, null])}`, "values ($1,$2,$3)", ["a", 1, null]);
  assertRenders(sql`values ${sql([1])}, ${sql([2])}`, "values ($1), ($2)", [1, 2]);
  assertRenders(sql`values (0), ${sql([1])}`, "values (0), ($1)", [1]);
});

test("Helper fills a parenthesis behind VALUES", () => {
  assertRenders(sql`values (${sql(["a", "b"])})`, "values ($1,$2)", ["a", "b"]);
  assertRenders(sql`values (now(), ${sql(user)})`, "values (now(), $1,$2)", ["Ann", 40]);
  assertRenders(sql`values (0, 1), (${sql([2, 3])})`, "values (0, 1), ($1,$2)", [2, 3]);
});

test("Helper writes a list behind IN, with its parenthesis or in one", () => {
  assertRenders(sql`x in ${sql([1, 2])}`, "x in ($1,$2)", [1, 2]);
  assertRenders(sql`x IN(${sql(["a", "b"])})`, "x IN($1,$2)", ["a", "b"]);
  assertRenders(sql`x in (0, ${sql([1, 2])}, 3)`, "x in (0, $1,$2, 3)", [1, 2]);
  assertRenders(sql`x not in ${sql([1])}`, "x not in ($1)", [1]);
});

test("Helper writes rows behind IN", () => {
  const where = sql`where (a, b) in ${sql(pairs)}`;
  assertRenders(where, "where (a, b) in (($1,$2),($3,$4))", [1, "a", 2, "b"]);
  const inside = sql`(a, b) in ((0, ''), ${sql(pairs)})`;
  assertRenders(inside, "(a, b) in ((0, ''), ($1,$2),($3,$4))", [1, "a", 2, "b"]);
});

test("Helper takes the columns of objects that are named behind IN", () => {
  assertRenders(sql`age in ${sql(users, "age")}`, "age in ($1,$2)", [40, 50]);
  assertRenders(sql`age in (${sql(user, "age")})`, "age in ($1)", [40]);
  const rows = sql`(age, name) in ${sql(users, "age", "name")}`;
  assertRenders(rows, "(age, name) in (($1,$2),($3,$4))", [40, "Ann", 50, "Bob"]);
});

test("Helper makes an empty list NULL behind IN: no row has it", () => {
  assertRenders(sql`where x in ${sql([])}`, "where x in (null)", []);
  assertRenders(sql`where x in (${sql([], "id")})`, "where x in (null)", []);
  assertRenders(sql`not a and x in ${sql([])}`, "not a and x in (null)", []);
});

test("Helper writes assignments behind SET", () => {
  const set = `set "name" = $1, "age" = $2`;
  assertRenders(sql`update t set ${sql(user)}`, `update t ${set}`, ["Ann", 40]);
  const named = sql`update t set n = n + ${1}, ${sql(user, "age")} where id = ${7}`;
  assertRenders(named, `update t set n = n + $1, "age" = $2 where id = $3`, [1, 40, 7]);
  assertRenders(
    sql`insert into t ${sql({ id: 1 })} on conflict (${sql(["id"])}) do update set ${sql(user)}`,
    `insert into t ("id") values ($1) on conflict ("id") do update set "name" = $2, "age" = $3`,
    [1, "Ann", 40],
  );
});

test("Helper writes values with names behind SELECT and RETURNING", () => {
  assertRenders(sql`select ${sql(user)}`, `select $1 as "name", $2 as "age"`, ["Ann", 40]);
  assertRenders(sql`select a, ${sql(user, "age")} from t`, `select a, $1 as "age" from t`, [40]);
  assertRenders(sql`select all ${sql({ a: 1 })}`, `select all $1 as "a"`, [1]);
  assertRenders(sql`select distinct on (b) ${sql({ a: 1 })}`, 'select distinct on (b) $1 as "a"', [
    1,
  ]);
  const returning = sql`delete from t returning ${sql({ a: 1 })}`;
  assertRenders(returning, `delete from t returning $1 as "a"`, [1]);
});

test("Helper writes names where nothing else is meant", () => {
  const columns = sql(["a", 'B"c']);
  const list = `"a", "B""c"`;
  assertRenders(sql`${columns}`, list, []);
  assertRenders(sql`select ${columns} from t`, `select ${list} from t`, []);
  assertRenders(sql`select x, ${columns}`, `select x, ${list}`, []);
  assertRenders(sql`insert into t (${columns}) select 1`, `insert into t (${list}) select 1`, []);
  assertRenders(sql`order by ${columns}`, `order by ${list}`, []);
  assertRenders(sql`group by x, ${columns}`, `group by x, ${list}`, []);
  assertRenders(sql`delete from t returning ${columns}`, `delete from t returning ${list}`, []);
  assertRenders(sql`on conflict (x, ${columns})`, `on conflict (x, ${list})`, []);
  assertRenders(sql`values (f(${columns}))`, `values (f(${list}))`, []);
  assertRenders(sql`set search_path to ${columns}`, `set search_path to ${list}`, []);
  assertRenders(
    sql`select 1 from t for update of ${columns}`,
    `select 1 from t for update of ${list}`,
    [],
  );
});

test("Helper writes fragments among its values as SQL", () => {
  const now = sql`now() - ${"1 day"}::interval`;
  assertRenders(
    sql`insert into t ${sql([{ a: 1, at: now }, { a: 2, at: 3 }])}`,
    `insert into t ("a","at") values ($1,now() - $2::interval),($3,$4)`,
    [1, "1 day", 2, 3],
  );
  assertRenders(sql`set ${sql({ at: now, b: 1 })}`, `set "at" = now() - $1::interval, "b" = $2`, [
    "1 day",
    1,
  ]);
  assertRenders(sql`select ${sql({ at: now })}`, `select now() - $1::interval as "at"`, ["1 day"]);
  assertRenders(sql`x in ${sql([1, sql`2`])}`, "x in ($1,2)", [1]);
  const order = sql`order by ${sql(["a", sql`b desc`, sql("t", "c")])}`;
  assertRenders(order, `order by "a", b desc, "t"."c"`, []);
});

test("Helper writes helpers among its values", () => {
  const count = sql`(select count(*) from u where id in ${sql([1, 2])})`;
  assertRenders(
    sql`update t set ${sql({ n: count, name: "x" })}`,
    `update t set "n" = (select count(*) from u where id in ($1,$2)), "name" = $3`,
    [1, 2, "x"],
  );
});

test("Helper knows its place behind fragments that were written before", () => {
  const inside = sql`id in ${sql([1, 2])}`;
  assertRenders(
    sql`${sql`select ${sql(["a"])} from ${sql("t")}`} where ${inside} and b = ${3}`,
    `select "a" from "t" where id in ($1,$2) and b = $3`,
    [1, 2, 3],
  );
  const keyword = sql`values`;
  assertRenders(sql`insert into t (a) ${keyword} ${sql([1])}`, "insert into t (a) values ($1)", [
    1,
  ]);
});

test("Helper gives the same each time it is used", () => {
  const list = sql(["a", "b"]);
  assertRenders(
    sql`select ${list} from t where x in ${list} order by ${list}`,
    `select "a", "b" from t where x in ($1,$2) order by "a", "b"`,
    ["a", "b"],
  );
});

test("Helper takes own keys alone, whatever their names", () => {
  const odd = JSON.parse(`{ "__proto__": 1, "constructor": 2, "a'b": 3 }`);
  assertRenders(
    sql`insert into t ${sql([odd, JSON.parse(`{ "a'b": 4 }`)])}`,
    `insert into t ("__proto__","constructor","a'b") values ($1,$2,$3),($4,$5,$6)`,
    [1, 2, 3, undefined, undefined, 4],
  );
  assertRenders(
    sql`set ${sql(Object.assign(Object.create(null), { a: 1 }))}`,
    `set "a" = $1`,
    [1],
  );
});

test("Helper takes objects of classes as rows where only rows can stand, else as values", () => {
  class User {
    id = 1;
  }
  const one = new User();
  const date = new Date(0);
  assertRenders(sql`insert into t ${sql(one)}`, `insert into t ("id") values ($1)`, [1]);
  assertRenders(sql`insert into t ${sql([one])}`, `insert into t ("id") values ($1)`, [1]);
  assertRenders(sql`id in ${sql([one], "id")}`, "id in ($1)", [1]);
  assertRenders(sql`id in ${sql([date])}`, "id in ($1)", [date]);
  const json = new TypedValue({ a: 1 }, 114);
  assertRenders(sql`values ${sql([json, { b: 2 }])}`, "values ($1,$2)", [json, { b: 2 }]);
});

test("Helper takes the holes of a list for undefined", () => {
  // deno-lint-ignore no-sparse-arrays
  assertRenders(sql`x in ${sql([1, , 2])}`, "x in ($1,$2,$3)", [1, undefined, 2]);
  // deno-lint-ignore no-sparse-arrays
  assertRenders(sql`values ${sql([[1, , 2]])}`, "values ($1,$2,$3)", [1, undefined, 2]);
});

test("render() names the columns of helpers, not identifiers", () => {
  const columnName = (name: string) => name.toUpperCase();
  const texts = [
    [sql`insert into ${sql("t")} ${sql({ a: 1 })}`, `insert into "t" ("A") values ($1)`],
    [sql`update t set ${sql({ a: 1 })}`, `update t set "A" = $1`],
    [sql`select ${sql({ a: 1 }, "a")}`, `select $1 as "A"`],
    [sql`order by ${sql(["a", sql("b"), sql`c`])}`, `order by "A", "b", c`],
    [sql`x in ${sql([{ a: 1 }], "a")}`, `x in ($1)`],
  ] as const;
  for (const [{ parts }, text] of texts) assertEquals(render(parts, { columnName }).text, text);
});
