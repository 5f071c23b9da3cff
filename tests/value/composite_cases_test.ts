import { connect } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { testCases } from "./server_cases.ts";

const schema = "rill_composite_cases";
const setup = `do $do$ begin
  perform pg_advisory_xact_lock(190002);
  if to_regnamespace('${schema}') is null then
    create schema ${schema};
    set local search_path to ${schema}, pg_catalog;
    create type pair as (id int4, label text);
    create type one as (sole text);
    create type nothing as ();
    create type mood as enum ('happy', 'so-so', 'it''s', 'a b', 'null', 'NULL', '{x},"y"\\', '', 'ä😀');
    create domain percent as int2 check (value between 0 and 100);
    create domain half_percent as percent check (value <= 50);
    create domain ints as int4[];
    create domain a_pair as pair check ((value).id is distinct from 13);
    create domain a_mood as mood;
    create type nested as (p pair, ps pair[], m mood, ms mood[], n percent, r int4range);
    create type odd as ("a b" int4, "c""d" int4, "Ü" int4, "__proto__" int4, "constructor" int4,
      "1" int4, "toString" text);
    create type deep as (n nested, ds pair[]);
    create type times as (d date, t timestamptz, f float8, b bytea, u uuid, j jsonb, x numeric,
      y bool, i int8);
    create type printed as (v tsvector, id int4);
    create table leaf (id int4, gone text, "when" date);
    create table tree (id int4, gone text, leaves leaf[]);
    alter table leaf drop column gone;
    alter table tree drop column gone;
    create table "My ""table" (id int4, "when" date);
  end if;
end $do$`;

const blank = { p: null, ps: null, m: null, ms: null, n: null, r: null };

testCases(`${schema}.pair`, [
  ["(1,a)", { id: 1, label: "a" }],
  ["(1,)", { id: 1, label: null }],
  ["(,a)", { id: null, label: "a" }],
  ["(,)", { id: null, label: null }],
  ['(1,"")', { id: 1, label: "" }],
  ['(1," ")', { id: 1, label: " " }],
  ["(1, a )", { id: 1, label: " a " }],
  ['(1,"a b")', { id: 1, label: "a b" }],
  ['(1,"a,b")', { id: 1, label: "a,b" }],
  ['(1,"(a)")', { id: 1, label: "(a)" }],
  ['(1,"a""b")', { id: 1, label: 'a"b' }],
  ['(1,a\\"b)', { id: 1, label: 'a"b' }],
  ['(1,"\\\\")', { id: 1, label: "\\" }],
  ['(1,"\\\\\\\\")', { id: 1, label: "\\\\" }],
  ['(1,"""")', { id: 1, label: '"' }],
  ['(1,"\\"\\"")', { id: 1, label: '""' }],
  ["(1,a]b[c)", { id: 1, label: "a]b[c" }],
  ["(1,])", { id: 1, label: "]" }],
  ["(1,{x})", { id: 1, label: "{x}" }],
  ["(1,NULL)", { id: 1, label: "NULL" }],
  ["(1,null)", { id: 1, label: "null" }],
  ["(1,it's)", { id: 1, label: "it's" }],
  ["(1,\n\t)", { id: 1, label: "\n\t" }],
  ["(1,ä😀)", { id: 1, label: "ä😀" }],
  ['(1,"ä,""😀")', { id: 1, label: 'ä,"😀' }],
  ["(1,\u00a0)", { id: 1, label: "\u00a0" }],
  ["(-2147483648,$1)", { id: -2147483648, label: "$1" }],
], { setup });
testCases(`${schema}.pair`, [
  ['(1,"a b")', [1, "a b"]],
  ["(,)", [null, null]],
  ['(7,"")', [7, ""]],
], { setup, types: { composite: "array" } });
testCases(`${schema}.pair`, [
  ['(1,"a b")', '(1,"a b")'],
  ["(,)", "(,)"],
  ['(7,"")', '(7,"")'],
  ['(7,"""\\\\")', '(7,"""\\\\")'],
  ["(1,\u00a0)", "(1,\u00a0)"],
  ['(1,"\u000b")', '(1,"\u000b")'],
], { setup, types: { composite: "text" } });

testCases(`${schema}.one`, [
  ["()", { sole: null }],
  ['("")', { sole: "" }],
  ["(x)", { sole: "x" }],
  ['("()")', { sole: "()" }],
], { setup });
testCases(`${schema}.nothing`, [["()", {}]], { setup });

testCases(`${schema}.mood`, [
  ["happy", "happy"],
  ["so-so", "so-so"],
  ["it's", "it's"],
  ["a b", "a b"],
  ["null", "null"],
  ["NULL", "NULL"],
  ['{x},"y"\\', '{x},"y"\\'],
  ["", ""],
  ["ä😀", "ä😀"],
], { setup });

testCases(`${schema}.percent`, [["0", 0], ["100", 100]], { setup });
testCases(`${schema}.half_percent`, [["0", 0], ["50", 50]], { setup });
testCases(`${schema}.a_mood`, [["NULL", "NULL"], ["", ""]], { setup });
testCases(`${schema}.ints`, [
  ["{}", []],
  ["{1,NULL,3}", [1, null, 3]],
  ["{{1,2},{3,4}}", [[1, 2], [3, 4]]],
], { setup });
testCases(`${schema}.a_pair`, [
  ["(1,a)", { id: 1, label: "a" }],
  ["(,)", { id: null, label: null }],
], { setup });
testCases(`${schema}.percent[]`, [
  ["{1,NULL,3}", [1, null, 3]],
  ["{{1},{2}}", [[1], [2]]],
], { setup, array: false });
testCases(`${schema}.mood[]`, [
  ['{happy,"a b",NULL,"NULL",""}', ["happy", "a b", null, "NULL", ""]],
  ["{{happy,so-so},{it's,null}}".replace("null", '"null"'), [["happy", "so-so"], ["it's", "null"]]],
], { setup, array: false });
testCases(`${schema}.pair[]`, [
  ['{"(1,a)",NULL,"(2,\\"b c\\")"}', [{ id: 1, label: "a" }, null, { id: 2, label: "b c" }]],
  ['{{"(1,a)"},{"(2,b)"}}', [[{ id: 1, label: "a" }], [{ id: 2, label: "b" }]]],
  ["{}", []],
], { setup, array: false });
testCases(`${schema}.pair[]`, [
  ['{"(1,a)",NULL,"(2,\\"b c\\")"}', [[1, "a"], null, [2, "b c"]]],
], { setup, array: false, types: { composite: "array" } });

testCases(`${schema}.nested`, [
  ["(,,,,,)", blank],
  ['("(1,a)",,,,,)', { ...blank, p: { id: 1, label: "a" } }],
  ['("(,)","{}",,"{}",,)', { ...blank, p: { id: null, label: null }, ps: [], ms: [] }],
  [
    '("(1,""a,b"")","{""(2,\\\\""c d\\\\"")"",NULL}",it\'s,"{a b,NULL}",7,"[1,5)")',
    {
      p: { id: 1, label: "a,b" },
      ps: [{ id: 2, label: "c d" }, null],
      m: "it's",
      ms: ["a b", null],
      n: 7,
      r: { lower: 1, upper: 5, bounds: "[)" },
    },
  ],
  [
    '("(1,""\\\\\\\\"")",,"","{""""}",0,empty)',
    { p: { id: 1, label: "\\" }, ps: null, m: "", ms: [""], n: 0, r: "empty" },
  ],
], { setup });
testCases(`${schema}.nested`, [
  ['("(1,""a,b"")",,,"{""a b"",NULL}",7,"[1,5)")', [[1, "a,b"], null, null, ["a b", null], 7, {
    lower: 1,
    upper: 5,
    bounds: "[)",
  }]],
], { setup, types: { composite: "array" } });
testCases(`${schema}.nested`, [
  [
    '("(1,""a,b"")","{""(2,\\\\""c d\\\\"")"",NULL}",it\'s,"{a b,NULL}",7,"[1,5)")',
    '("(1,""a,b"")","{""(2,\\\\""c d\\\\"")"",NULL}",it\'s,"{""a b"",NULL}",7,"[1,5)")',
  ],
], { setup, types: { composite: "text" } });
testCases(`${schema}.deep`, [
  [
    '("(""(1,""""x y"""")"",,,,,)","{""(3,)""}")',
    { n: { ...blank, p: { id: 1, label: "x y" } }, ds: [{ id: 3, label: null }] },
  ],
  ["(,)", { n: null, ds: null }],
], { setup });

testCases(`${schema}.odd`, [
  ["(1,2,3,4,5,6,x)", oddly([1, 2, 3, 4, 5, 6, "x"])],
  ["(,,,,,,)", oddly([null, null, null, null, null, null, null])],
], { setup });

/** `__proto__` in an object literal would be its prototype. */
function oddly(values: readonly unknown[]): object {
  const names = ["a b", 'c"d', "Ü", "__proto__", "constructor", "1", "toString"];
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

const uuid = "01234567-89ab-cdef-0123-456789abcdef";
testCases(`${schema}.times`, [
  [
    `(2024-02-29,"2024-02-29 12:00:00+00",-0.5,"\\\\x00ff",${uuid},"{""a"": [1]}",1.50,t,9007199254740993)`,
    {
      d: new Date("2024-02-29T00:00Z"),
      t: new Date("2024-02-29T12:00Z"),
      f: -0.5,
      b: Uint8Array.of(0, 255),
      u: uuid,
      j: { a: [1] },
      x: "1.50",
      y: true,
      i: 9007199254740993n,
    },
  ],
  [
    "(infinity,-infinity,NaN,\\\\x,,[],NaN,f,0)",
    {
      d: Infinity,
      t: -Infinity,
      f: NaN,
      b: new Uint8Array(),
      u: null,
      j: [],
      x: "NaN",
      y: false,
      i: 0n,
    },
  ],
], { setup });
testCases(`${schema}.times`, [
  [
    `(2024-02-29,"2024-02-29 12:00:00+00",1e15,"\\\\x00ff",${uuid},"{""a"": [1]}",1.50,t,9007199254740993)`,
    `(2024-02-29,"2024-02-29 12:00:00+00",1e+15,"\\\\x00ff",${uuid},"{""a"": [1]}",1.50,t,9007199254740993)`,
  ],
], { setup, types: { composite: "text" } });
testCases(`${schema}.printed`, [
  ["(\"'a':1 'b'\",2)", { v: "'a':1 'b'", id: 2 }],
], { setup });
testCases(`${schema}."My ""table"`, [
  ["(1,2024-01-02)", { id: 1, when: new Date("2024-01-02T00:00Z") }],
], { setup });

testCases(`${schema}.tree`, [
  ["(1,)", { id: 1, leaves: null }],
  ["(1,{})", { id: 1, leaves: [] }],
  ['(1,"{""(2,)"",NULL,""(,2024-01-02)""}")', {
    id: 1,
    leaves: [
      { id: 2, when: null },
      null,
      { id: null, when: new Date("2024-01-02T00:00Z") },
    ],
  }],
], { setup });
testCases(`${schema}.tree`, [
  ['(1,"{""(2,)"",NULL}")', [1, [[2, null], null]]],
  ["(1,{})", [1, []]],
], { setup, types: { composite: "array" } });

/** The text by two protocols, and the bytes of a binary cursor. */
async function readRecords(version: "3.2" | "2.0", expression: string): Promise<unknown[]> {
  const protocolVersion = version === "2.0" ? version : undefined;
  await using sql = connect(await databaseUrl(version), { max: 1, protocolVersion });
  await sql.unsafe(setup).simple();
  const [row] = await sql.unsafe<{ v: unknown }>(`select ${expression} as v`);
  const { statements } = await sql.unsafe<{ v: unknown }>(
    `begin; declare c binary cursor for select ${expression} as v; fetch c; commit`,
  ).simple();
  return [row.v, (statements[2][0] as { v: unknown }).v];
}

const records: readonly (readonly [expression: string, value: unknown])[] = [
  ["row(1, 'a'::text)", ["1", "a"]],
  ["row(null::int4)", [null]],
  ["row(null::int4, ''::text, 'NULL'::text)", [null, "", "NULL"]],
  [`row('a b'::text, 'c"d\\e,(f)'::text)`, ["a b", 'c"d\\e,(f)']],
  ["row(true, false)", ["t", "f"]],
  ["row(1::int2, 2::int8, 3.50::numeric, 4::oid)", ["1", "2", "3.50", "4"]],
  ["row(1e15::float8, 1e14::float8, -0.00001::float8, 'NaN'::float8, '-0'::float8)", [
    "1e+15",
    "100000000000000",
    "-1e-05",
    "NaN",
    "-0",
  ]],
  [
    "row(1e6::float4, 999999::float4, 0.1::float4, 1e-5::float4, 1e23::float4, '-Infinity'::float4)",
    [
      "1e+06",
      "999999",
      "0.1",
      "1e-05",
      "1e+23",
      "-Infinity",
    ],
  ],
  ["row('2024-02-29'::date, '0044-03-15 BC'::date, 'infinity'::date)", [
    "2024-02-29",
    "0044-03-15 BC",
    "infinity",
  ]],
  ["row('2024-02-29 12:34:56.000001'::timestamp, '08:30'::time)", [
    "2024-02-29 12:34:56.000001",
    "08:30:00",
  ]],
  [
    "row('1 year -2 mons 3 days -04:05:06.7'::interval, '0'::interval, '-1 day +1 hour'::interval)",
    ["10 mons 3 days -04:05:06.7", "00:00:00", "-1 days +01:00:00"],
  ],
  ["row('-1 year 1 mon 2 days'::interval, '123456:00:00.000001'::interval)", [
    "-11 mons +2 days",
    "123456:00:00.000001",
  ]],
  ["row('\\x00ff'::bytea, b'101', '{\"a\": 1}'::jsonb)", ["\\x00ff", "101", '{"a": 1}']],
  [`row(array[1, null], array['a b', 'NULL', ''], array[true])`, [
    "{1,NULL}",
    '{"a b","NULL",""}',
    "{t}",
  ]],
  ["row('[0:1]={5,6}'::int4[], '{}'::int4[])", ["[0:1]={5,6}", "{}"]],
  ["row(int4range(1, 5), tsrange('2024-01-01', null), 'empty'::numrange)", [
    "[1,5)",
    '["2024-01-01 00:00:00",)',
    "empty",
  ]],
  ["row(row(1, 'a b'::text), row(null::int4, ''::text))", ['(1,"a b")', '(,"")']],
  ["row(row(row(1, 'x y'::text)))", ['("(1,""x y"")")']],
  ["array[row(1, 'a b'::text), row(2, null::text)]", [["1", "a b"], ["2", null]]],
  ["row(array[row(1, 'a'::text), row(2, 'b c'::text)])", ['{"(1,a)","(2,\\"b c\\")"}']],
  ["row('(1,2)'::point, '1.2.3.4/24'::inet, 'a'::\"char\")", ["(1,2)", "1.2.3.4/24", "a"]],
];

for (const version of ["3.2", "2.0"] as const) {
  test(`record: ${records.length} values over ${version}, as text and by binary cursor`, async () => {
    for (const [expression, value] of records) {
      assertEquals(await readRecords(version, expression), [value, value], expression);
    }
  });
}

test("record: an attribute of a type that users define is hex out of a binary cursor", async () => {
  const read = await readRecords("3.2", `row(1, 'happy'::${schema}.mood)`);
  assertEquals(read, [["1", "happy"], ["1", "\\x6861707079"]]);
});

for (const version of ["3.2", "2.0"] as const) {
  test(`composite types that were altered are looked up anew by the next query on ${version}`, async () => {
    const protocolVersion = version === "2.0" ? version : undefined;
    await using sql = connect(await databaseUrl(version), { max: 1, protocolVersion });
    await sql.unsafe("create temp table altered (a int4, b int4)");
    await sql.unsafe("insert into altered values (1, 2)");
    const read = async () => (await sql.unsafe("select array[altered] as v from altered"))[0].v;
    assertEquals(await read(), [{ a: 1, b: 2 }]);
    await sql.unsafe("alter table altered add column c text default 'x'");
    const error = await read().then(() => undefined, (error) => error);
    assertEquals(
      error?.message,
      "Cannot decode altered: its attributes have changed since they were looked up; " +
        "the next query will look again",
    );
    assertEquals(await read(), [{ a: 1, b: 2, c: "x" }]);
  });
}

test("composite types of which an attribute got another type are looked up anew", async () => {
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  await sql.unsafe("create temp table altered (a int4, b int4)");
  await sql.unsafe("insert into altered values (1, 2)");
  const read = async () => (await sql.unsafe("select altered as v from altered"))[0].v;
  assertEquals(await read(), { a: 1, b: 2 });
  await sql.unsafe("alter table altered alter column b type text");
  assertEquals(await read().then(() => "", (error) => error.name), "ProtocolError");
  assertEquals(await read(), { a: 1, b: "2" });
});

test("PostgreSQL takes no composite type that contains itself", async () => {
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  const query = "create temp table self (a int4); alter table self add column b self[]";
  const error = await sql.unsafe(query).simple().then(() => undefined, (error) => error);
  assertEquals(error?.message, "composite type self cannot be made a member of itself");
});
