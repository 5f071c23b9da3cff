/** Types that users define, the option `types`, and values whose type is said; on real servers. */

import { connect, DatabaseError } from "../../mod.ts";
import type { ClientOptions, Sql } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../std_assert.ts";

const servers = [
  { protocolVersion: "3.2", url: await databaseUrl("3.2") },
  { protocolVersion: "2.0", url: await databaseUrl("2.0") },
] as const;

interface Client {
  readonly sql: Sql;
  /** Look-ups of types that were sent so far. */
  lookUps(): number;
  open(options?: ClientOptions): Sql;
}

/** The same test on both protocols, with a client of one connection and others as needed. */
function testBoth(name: string, body: (client: Client) => Promise<void>): void {
  for (const { protocolVersion, url } of servers) {
    test(`${name} (${protocolVersion})`, async () => {
      let lookUps = 0;
      const trace = (line: string) => {
        if (line.startsWith("B") && line.includes("multirangeOf")) lookUps++;
      };
      const opened: Sql[] = [];
      const open = (options: ClientOptions = {}) => {
        const sql = connect({ url, protocolVersion, trace, ...options });
        opened.push(sql);
        return sql;
      };
      try {
        await body({ sql: open({ max: 1 }), lookUps: () => lookUps, open });
      } finally {
        await Promise.all(opened.map((sql) => sql.close()));
      }
    });
  }
}

/** The rows alone. */
async function rowsOf(query: PromiseLike<readonly unknown[]>): Promise<unknown[]> {
  return [...await query];
}

const moods = "create type pg_temp.mood as enum ('sad', 'ok', 'so so')";

testBoth("connect() looks a type up once, when it is first met", async ({ sql, lookUps }) => {
  await sql.unsafe(moods);
  assertEquals(lookUps(), 0);
  for (let i = 0; i < 3; i++) {
    const [row] = await sql`select array['ok', null, 'so so']::pg_temp.mood[] as v`;
    assertEquals(row, { v: ["ok", null, "so so"] });
  }
  const [row] = await sql`select ${["sad"]}::pg_temp.mood[] as v, 'ok'::pg_temp.mood as one`;
  assertEquals(row, { v: ["sad"], one: "ok" });
  assertEquals(lookUps(), 1);
});

testBoth("connect() looks a type up that a simple query brings", async ({ sql, lookUps }) => {
  await sql.unsafe(moods);
  const [row] = await sql.unsafe("select 1; select '{ok}'::pg_temp.mood[] as v").simple();
  assertEquals(row, { v: ["ok"] });
  assertEquals(lookUps(), 1);
});

testBoth("a stream of one connection looks types up while it is open", async ({ sql }) => {
  await sql.unsafe(moods);
  const seen: unknown[] = [];
  const rows = sql.unsafe("select array['ok']::pg_temp.mood[] as v from generate_series(1, 3)");
  for await (const { v } of rows.simple()) seen.push(v);
  assertEquals(seen, [["ok"], ["ok"], ["ok"]]);
});

testBoth("queries that meet a type at once share its look-up", async ({ sql, open, lookUps }) => {
  await sql.unsafe(moods);
  const [{ schema }] = await sql<{ schema: string }>`
    select nspname as schema from pg_namespace where oid = pg_my_temp_schema()`;
  const others = open({ max: 4 });
  await Promise.all(Array.from({ length: 4 }, () => others`select 1`));
  const ask = () => others.unsafe(`select '{ok,sad}'::${schema}.mood[] as v`);
  const results = await Promise.all(Array.from({ length: 8 }, ask));
  for (const [row] of results) assertEquals(row, { v: ["ok", "sad"] });
  assertEquals(lookUps(), 1);
});

testBoth("a type that was made anew is looked up anew", async ({ sql, lookUps }) => {
  for (const label of ["first", "second"]) {
    await sql.unsafe(`create type pg_temp.again as enum ('${label}')`);
    const [row] = await sql.unsafe(`select array['${label}']::pg_temp.again[] as v`);
    assertEquals(row, { v: [label] });
    await sql.unsafe("drop type pg_temp.again");
  }
  assertEquals(lookUps(), 2);
});

testBoth("types are looked up anew when every session has ended", async ({ open, lookUps }) => {
  const sql = open({ max: 1 });
  const other = open({ max: 1 });
  const ask = async () => {
    await sql.unsafe(moods);
    assertEquals(await rowsOf(sql`select '{ok}'::pg_temp.mood[] as v`), [{ v: ["ok"] }]);
  };
  await ask();
  const [{ pid }] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
  await other`select pg_terminate_backend(${pid})`;
  while ((await other`select 1 from pg_stat_activity where pid = ${pid}`).length > 0);
  await ask().catch(ask); // The end of the old session may be noticed by the query alone.
  assertEquals(lookUps(), 2);
});

testBoth("fetchTypes: false leaves unknown types as text", async ({ open, lookUps }) => {
  const sql = open({ max: 1, fetchTypes: false });
  await sql.unsafe(moods);
  const [row] = await sql`select array['ok', null]::pg_temp.mood[] as v`;
  assertEquals(row, { v: "{ok,NULL}" });
  const [back] = await sql`select (${["ok", null]}::pg_temp.mood[])::text as v`;
  assertEquals(back, { v: "{ok,NULL}" });
  assertEquals(lookUps(), 0);
});

testBoth(
  "a look-up that fails is the failure of the query that needed it",
  async ({ sql, open }) => {
    const database = `rill_types_${crypto.randomUUID().replaceAll("-", "")}`;
    const role = `${database}_reader`;
    await sql.unsafe(`create database ${database}`);
    await sql.unsafe(`create role ${role} login`);
    const owner = open({ max: 1, database });
    const reader = open({ max: 1, database, parameters: { role } });
    try {
      await owner.unsafe("create type mood as enum ('ok')").simple();
      await owner.unsafe("revoke select on pg_catalog.pg_range from public").simple();
      const [needs, other] = await Promise.allSettled([
        reader`select '{ok}'::mood[] as v`,
        reader`select 1 as v`,
      ]);
      assertEquals(other.status, "fulfilled");
      assert(needs.status === "rejected" && needs.reason instanceof DatabaseError);
      assert(/permission denied.*pg_range/.test(needs.reason.message), needs.reason.message);
      const streaming = async () => {
        for await (const _ of reader.unsafe("select '{ok}'::mood[] as v").simple());
      };
      await assertRejects(streaming, DatabaseError, "pg_range");
      assertEquals(await rowsOf(reader`select 2 as v`), [{ v: 2 }]);

      await owner.unsafe("grant select on pg_catalog.pg_range to public").simple();
      assertEquals(await rowsOf(reader`select '{ok}'::mood[] as v`), [{ v: ["ok"] }]);
    } finally {
      await Promise.all([owner.close(), reader.close()]);
      await sql.unsafe(`drop database ${database}`);
      await sql.unsafe(`drop role ${role}`);
    }
  },
);

testBoth("options.parsers and options.serializers are live", async ({ sql }) => {
  const ask = async () => (await sql`select 5::int4 as v, '{1,NULL}'::int4[] as list`)[0];
  assertEquals(await ask(), { v: 5, list: [1, null] });
  sql.options.parsers[23] = (text) => `<${text}>`;
  assertEquals(await ask(), { v: "<5>", list: ["<1>", null] });
  sql.options.parsers[1007] = (text) => text;
  assertEquals(await ask(), { v: "<5>", list: "{1,NULL}" });
  delete sql.options.parsers[23];
  delete sql.options.parsers[1007];
  assertEquals(await ask(), { v: 5, list: [1, null] });

  sql.options.serializers[23] = (value) => String(Number(value) * 2);
  assertEquals(await rowsOf(sql`select ${5}::int4 as v, ${[1, null]}::int4[] as list`), [
    { v: 10, list: [2, null] },
  ]);
  sql.options.serializers[23] = (value) => value; // As drizzle does: left to the codec.
  assertEquals(await rowsOf(sql`select ${5}::int4 as v, ${"7"}::int4 as text`), [{
    v: 5,
    text: 7,
  }]);
});

testBoth("connect() takes types in the manner of postgres.js", async ({ open }) => {
  const sql = open({
    max: 1,
    types: {
      rect: {
        to: 603,
        from: [603],
        serialize: (rect) => {
          const { x, y, width, height } = rect as Record<string, number>;
          return `(${x},${y}),(${x + width},${y + height})`;
        },
        parse: (text) => {
          const [x2, y2, x, y] = text.match(/-?\d+/g)!.map(Number);
          return { x, y, width: x2 - x, height: y2 - y };
        },
      },
    },
  });
  const rect = { x: 1, y: 2, width: 3, height: 4 };
  assertEquals(await rowsOf(sql`select ${sql.typed.rect(rect)} as v`), [{ v: rect }]);
  assertEquals(await rowsOf(sql`select array[${rect}::box] as v`), [{ v: [rect] }]);
});

testBoth("connect() takes a codec by the name of a type", async ({ sql, open }) => {
  await sql.unsafe(moods);
  const codec = {
    name: "mood",
    decodeText: () => "a mood",
    encodeText: () => "ok",
  };
  const other = open({ max: 1, types: { mood: codec } });
  await other.unsafe(moods);
  const [row] = await other`select '{sad}'::pg_temp.mood[] as v, ${{}}::pg_temp.mood::text as sent`;
  assertEquals(row, { v: ["a mood"], sent: "ok" });
});

testBoth("connect() gives the shapes that option types says", async ({ open }) => {
  const sql = open({ max: 1, types: { int8: "number", numeric: "number", timestamptz: "text" } });
  const [row] = await sql`select 5::int8 as i, '{5}'::int8[] as l, 1.5::numeric as n,
    '2026-01-31 12:00:00.000001+00'::timestamptz at time zone 'UTC' as t`;
  assertEquals([row.i, row.l, row.n], [5, [5], 1.5]);
  assert(row.t instanceof Date);
});

test("connect() refuses types that make no sense, and names them", () => {
  const wrong = [
    [{ int8: "float" }, "int8"],
    [{ int4: "number" }, "int4"],
    [{ rect: { to: "box", from: [] } }, "rect"],
    [{ rect: 5 }, "rect"],
    ["lossy", "types"],
  ] as const;
  for (const [types, name] of wrong) {
    assertThrows(
      () => connect({ types } as unknown as ClientOptions),
      Error,
      `"${name}"`,
    );
  }
});

testBoth("sql.typed, sql.json and sql.array say the types of parameters", async ({ sql }) => {
  const typeOf = async (value: unknown) => {
    const [row] = await sql<{ type: string; v: string }>`
      select pg_typeof(v)::text as type, v::text as v from (select ${value} as v) as given`;
    return [row.type, row.v];
  };
  assertEquals(await typeOf("5"), ["text", "5"]);
  assertEquals(await typeOf(sql.typed(5, "int8")), ["bigint", "5"]);
  assertEquals(await typeOf(sql.typed("1.50", "numeric")), ["numeric", "1.50"]);
  assertEquals(await typeOf(sql.typed(2, "double precision")), ["double precision", "2"]);
  assertEquals(await typeOf(sql.typed("(1,2)", 600)), ["point", "(1,2)"]);
  assertEquals(await typeOf(sql.typed(["a", null], "text[]")), ["text[]", "{a,NULL}"]);
  assertEquals(await typeOf(sql.array([1, 2], "integer")), ["integer[]", "{1,2}"]);
  assertEquals(await typeOf(sql.array([1, 2], 23)), ["integer[]", "{1,2}"]);
  assertEquals(await typeOf(sql.array([1, 2], 1007)), ["integer[]", "{1,2}"]);
  assertEquals(await typeOf(sql.json({ a: [1] })), ["jsonb", '{"a": [1]}']);
  assertEquals(await typeOf(sql.json(["a"])), ["jsonb", '["a"]']);
  assertEquals(await typeOf(sql.json("a")), ["jsonb", '"a"']);
  assertEquals(await typeOf(sql.json(null)), ["jsonb", "null"]);
  const [list] = await sql`select ${sql.array([1, 2])}::int4[] as v`;
  assertEquals(list.v, [1, 2]);
  assertThrows(() => sql.typed(1, "no such type"), TypeError, '"no such type"');
});

testBoth("a value that does not fit is a TypeError that says why", async ({ sql }) => {
  const wrong: readonly (readonly [unknown, string, string])[] = [
    [true, "int4", "$1 as int4: a boolean"],
    [70000, "int2", "$1 as int2: not in -32768 to 32767"],
    [{}, "bool", "$1 as bool: an object"],
    [[{}], "int4[]", "$1 as int4: an object"],
    [undefined, "int4", "$1: it is undefined"],
  ];
  for (const [value, type, reason] of wrong) {
    const ask = () => sql.unsafe(`select $1::${type}`, [value]);
    await assertRejects(async () => await ask(), TypeError, reason);
  }
  assertEquals(await rowsOf(sql`select ${1}::int4 as v`), [{ v: 1 }]);
});

testBoth("transform: { undefined: null } sends undefined as NULL", async ({ open }) => {
  const sql = open({ max: 1, transform: { undefined: null } });
  assertEquals(await rowsOf(sql`select ${undefined}::int4 is null as v`), [{ v: true }]);
});

test("a query on 2.0 is prepared for its types only when it is one statement", async () => {
  await using sql = connect({ ...servers[1], max: 1 });
  await sql`create temporary table t (v jsonb)`;
  await sql`insert into t values (${[1, "a"]}); -- ; `;
  await sql.unsafe("insert into t values ($1); insert into t values ($2)", ['"b"', "[]"]);
  await sql.unsafe("/* ; */ with x as (select $1::jsonb as v) insert into t select v from x;", [
    {},
  ]);
  assertEquals(await rowsOf(sql`select v from t`.values()), [[[1, "a"]], ["b"], [[]], [{}]]);
});

test("an error of 2.0 points into the query, not into what asked for its types", async () => {
  await using sql = connect({ ...servers[1], max: 1 });
  const query = "select nothing from pg_class where oid = $1";
  const error = await assertRejects(async () => await sql.unsafe(query, [1]), DatabaseError);
  assertEquals(error.query, query);
  if (error.position !== undefined) assertEquals(error.position, 8);
});
