/** The option `transform`, checked, and on both protocols and a real server each. */

import { type ClientOptions, ConfigError, type Sql } from "../../mod.ts";
import { camel, kebab, pascal } from "../../lib/client/options/letter_case.ts";
import { checkOptions } from "../../lib/client/options/options.ts";
import { testBoth } from "../both_protocols.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../std_assert.ts";

/** The same test on both protocols, with clients of one connection each. */
function testTransform(
  name: string,
  body: (open: (transform: ClientOptions["transform"]) => Sql) => Promise<void>,
): void {
  testBoth(name, (open) => body((transform) => open({ max: 1, transform })));
}

/** Options as JavaScript may give them. */
function check(transform: unknown) {
  return checkOptions({ transform } as ClientOptions).transform;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const one = () => "1";
const two = () => "2";

test("checkOptions() takes transform apart", () => {
  const { from, to } = camel.column;
  assertEquals(check("camel"), { columnFrom: from, columnTo: to });
  assertEquals(check({ column: "camel" }), { columnFrom: from, columnTo: to });
  assertEquals(check({ ...camel, undefined: null }), {
    columnFrom: from,
    columnTo: to,
    undefined: null,
  });
  assertEquals(check("pascal"), check(pascal));
  assertEquals(check("kebab"), check(kebab));
  assertEquals(check({ column: one, value: two, row: one }), {
    columnFrom: one,
    valueFrom: two,
    rowFrom: one,
  });
  assertEquals(check({ column: { to: two }, value: { from: one }, row: { from: two } }), {
    columnTo: two,
    valueFrom: one,
    rowFrom: two,
  });
  assertEquals(check({ undefined: undefined, column: { from: undefined, to: one }, row: {} }), {
    columnTo: one,
  });
  assertEquals(check({}), {});
});

test("checkOptions() names the part of transform that cannot be used, and what was expected", () => {
  const whole = 'expected "camel", "pascal", "kebab", or an object of undefined, column, value';
  const wrong: [unknown, string][] = [
    ["snake", `the given string does not fit, ${whole}`],
    ["toString", `the given string does not fit, ${whole}`],
    [null, "the given null does not fit"],
    [["camel"], "the given array does not fit"],
    [one, "the given function does not fit"],
    [{ undefined: 0 }, '"undefined" is to be null'],
    [{ column: "snake" }, '"column" is to be "camel", "pascal", "kebab", a function or { from, to'],
    [{ column: null }, '"column" is to be "camel"'],
    [{ column: { form: one } }, '"column" is to be "camel"'],
    [{ column: { from: "camel" } }, '"column" is to be "camel"'],
    [{ value: "camel" }, '"value" is to be a function or { from }'],
    [{ value: { from: one, to: two } }, '"value" is to be a function or { from }'],
    [{ row: [one] }, '"row" is to be a function or { from }'],
    [{ rows: one }, 'it has no "rows", only undefined, column, value, row'],
    [{ constructor: one }, 'it has no "constructor"'],
  ];
  for (const [transform, text] of wrong) {
    const error = assertThrows(() => check(transform), ConfigError, text);
    assert(error.message.startsWith('Cannot use option "transform": '), error.message);
  }
});

testTransform("transform: a letter case names the columns of rows", async (open) => {
  const names = {
    camel: ["userId", "a_1", "_b", "c__d", "alreadyCamel"],
    pascal: ["UserId", "A_1", "_b", "C__d", "AlreadyCamel"],
    kebab: ["user-id", "a-1", "-b", "c--d", "alreadyCamel"],
  };
  for (const [letterCase, expected] of Object.entries(names)) {
    const sql = open(letterCase as keyof typeof names);
    const query = () => sql`select 1 as user_id, 2 as a_1, 3 as _b, 4 as c__d, 5 as "alreadyCamel"`;
    const rows = await query();
    assertEquals(Object.keys(rows[0]), expected);
    assertEquals(Object.values(rows[0]), [1, 2, 3, 4, 5]);
    assertEquals(rows.columns[0].name, "user_id");
    assertEquals(await collect(query()), [...rows]);
    assertEquals(await collect(query().batches()), [[...rows]]);
    assertEquals([...await query().values()], [[1, 2, 3, 4, 5]]);
    assertEquals((await query().raw())[0].length, 5);
    assertEquals([...await query().simple()], [...rows]);
  }
});

testTransform(
  "transform: the inside of JSON and of composite values is not touched",
  async (open) => {
    const sql = open("camel");
    const [row] = await sql`
    select '{"user_id": [{"a_b": 1}]}'::jsonb as some_facts, array['a_b'] as some_list`;
    assertEquals(row, { someFacts: { user_id: [{ a_b: 1 }] }, someList: ["a_b"] });
    const [back] = await sql`select (${row.someFacts}::jsonb)->'user_id' as user_id`;
    assertEquals(back, { userId: [{ a_b: 1 }] });
  },
);

testTransform("transform: types are looked up by rill's own names and values", async (open) => {
  const sql = open({ column: () => "x", value: () => "changed", row: (row) => [row] });
  await sql`create type pg_temp.pair as (first_one int4, second_one text)`;
  const plain = open({ ...camel, value: (value) => value });
  await plain`create type pg_temp.pair as (first_one int4, second_one text)`;
  assertEquals([...await sql`select '(1,a)'::pg_temp.pair as p`], [[{ x: "changed" }]]);
  const [row] = await plain`select '(1,a)'::pg_temp.pair as my_pair, ${2}::int4 as n`;
  assertEquals(row, { myPair: { first_one: 1, second_one: "a" }, n: 2 });
});

testTransform(
  "transform: value gets each value and its column, row the row, last",
  async (open) => {
    const sql = open({
      ...camel,
      value: (value, column) => `${column.name}=${value}`,
      row: (row) => ({ row }),
    });
    const query = () =>
      sql`select g as user_id, nullif(g, 2) as second from generate_series(1, 2) g`;
    const objects: unknown[] = [
      { row: { userId: "user_id=1", second: "second=1" } },
      { row: { userId: "user_id=2", second: "second=null" } },
    ];
    const arrays: unknown[] = [{ row: ["user_id=1", "second=1"] }, {
      row: ["user_id=2", "second=null"],
    }];
    assertEquals([...await query()], objects);
    assertEquals(await collect(query()), objects);
    assertEquals((await collect(query().batches())).flat(), objects);
    assertEquals([...await query().values()], arrays);
    assertEquals(await collect(query().values()), arrays);
    const [raw] = await query().raw() as unknown as { row: Uint8Array[] }[];
    assert(raw.row.every((bytes) => bytes instanceof Uint8Array));
  },
);

testTransform("transform: many rows are all transformed", async (open) => {
  const sql = open({ value: (value) => Number(value) * 2, row: (row) => row.g });
  const query = () => sql`select g from generate_series(1, 20000) g`;
  const expected = Array.from({ length: 20000 }, (_, i) => 2 * (i + 1));
  assertEquals([...await query()] as unknown[], expected);
  assertEquals(await collect(query()) as unknown[], expected);
});

testTransform(
  "transform: what a function throws fails its query, not the connection",
  async (open) => {
    const failAtThree = (value: unknown) => {
      if (value === 3) throw new RangeError("three");
      return value;
    };
    const transforms = [
      { value: failAtThree },
      { row: ({ g, ...row }: Record<string, unknown>) => ({ g: failAtThree(g), ...row }) },
    ];
    for (const transform of transforms) {
      const sql = open(transform);
      const [{ pid }] = await sql`select 1 as g, pg_backend_pid() as pid`;
      const query = () => sql`select g from generate_series(1, 20000) g`;
      const rows: unknown[] = [];
      const iterate = async () => {
        for await (const row of query()) rows.push(row);
      };
      await assertRejects(() => query().then(), RangeError, "three");
      await assertRejects(iterate, RangeError, "three");
      assertEquals(rows, [{ g: 1 }, { g: 2 }]);
      await assertRejects(() => collect(query().batches()), RangeError, "three");
      assertEquals([...await sql`select 1 as g, pg_backend_pid() as pid`], [{ g: 1, pid }]);
    }
  },
);

testTransform("transform: a name that cannot be made fails its query alone", async (open) => {
  const sql = open({
    column: (name) => {
      if (name === "bad") throw new RangeError("bad name");
      return name;
    },
  });
  const [{ pid }] = await sql`select pg_backend_pid() as pid`;
  await assertRejects(() => sql`select 1 as bad`.then(), RangeError, "bad name");
  await assertRejects(() => collect(sql`select 1 as bad`), RangeError, "bad name");
  assertEquals([...await sql`select pg_backend_pid() as pid`], [{ pid }]);
});
