import { connect } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assert, assertEquals, assertRejects } from "../std_assert.ts";
import { testCases, type ValueCase } from "./server_cases.ts";

/** Texts that are what they are. */
function same(...texts: readonly string[]): ValueCase[] {
  return texts.map((text) => [text, text]);
}

const uint32: readonly ValueCase[] = [
  ["0", 0],
  ["1", 1],
  ["3", 3],
  ["2147483647", 2147483647],
  ["2147483648", 2147483648],
  ["4294967294", 4294967294],
  ["4294967295", 4294967295],
];
testCases("xid", uint32);
testCases("cid", uint32);

testCases("xid8", [
  ["0", 0n],
  ["9", 9n],
  ["4294967296", 4294967296n],
  ["9999999999", 9999999999n],
  ["10000000000", 10000000000n],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["9223372036854775808", 9223372036854775808n],
  ["18446744073709551614", 18446744073709551614n],
  ["18446744073709551615", 18446744073709551615n],
]);

testCases("tid", [
  ...same("(0,0)", "(0,1)", "(7,65535)", "(2147483648,1)", "(4294967295,65535)"),
]);

testCases("pg_lsn", [
  ...same("0/0", "0/1", "0/A", "A/0", "1/FFFFFFFF", "16/B374D848", "80000000/80000000"),
  ["FFFFFFFF/FFFFFFFF", "FFFFFFFF/FFFFFFFF"],
  ["00ab/0000000c", "AB/C"],
]);

for (const type of ["pg_snapshot", "txid_snapshot"]) {
  testCases(type, [
    ...same("1:1:", "1:9223372036854775807:", "10:20:10", "10:20:10,14,15", "10:20:19"),
    [
      "9007199254740993:9007199254740995:9007199254740994",
      "9007199254740993:9007199254740995:9007199254740994",
    ],
    [`1:1000:${ids(500)}`, `1:1000:${ids(500)}`],
    ["10:20:11,11,12", "10:20:11,12"],
  ]);
}

function ids(count: number): string {
  return Array.from({ length: count }, (_, i) => i + 2).join(",");
}

testCases("money", [
  ["0", "$0.00"],
  ["-0", "$0.00"],
  ["0.01", "$0.01"],
  ["-0.01", "-$0.01"],
  ["-.1", "-$0.10"],
  ["1.005", "$1.01"],
  ["9.99", "$9.99"],
  ["-9.90", "-$9.90"],
  ["99", "$99.00"],
  ["-100", "-$100.00"],
  ["999.99", "$999.99"],
  ["1000", "$1,000.00"],
  ["$1,234.56", "$1,234.56"],
  ["-$1,234.56", "-$1,234.56"],
  ["(5)", "-$5.00"],
  ["-999999.99", "-$999,999.99"],
  ["1000000", "$1,000,000.00"],
  ["92233720368547758.07", "$92,233,720,368,547,758.07"],
  ["-92233720368547758.08", "-$92,233,720,368,547,758.08"],
]);

testCases("jsonpath", [
  ...same("$", "strict $", "null", "true", '"x"', '"NULL"', "-1", "$[*]", "$[0]", "$.**"),
  ["lax $", "$"],
  ["$.a", '$."a"'],
  ['$."a b"', '$."a b"'],
  ["$.a[*] ? (@ > 1)", '$."a"[*]?(@ > 1)'],
  [
    '$.a ? (@.b == "é\\"x" && !exists(@.c)).size()',
    '$."a"?(@."b" == "é\\"x" && !(exists (@."c"))).size()',
  ],
  ['$."日本"', '$."日本"'],
  ["$[1,3 to last]", "$[1,3 to last]"],
  ["$v + 1.50", '($"v" + 1.50)'],
  ['$ ? (@ like_regex "^a,{}\\\\d" flag "i")', '$?(@ like_regex "^a,{}\\\\d" flag "i")'],
]);

testCases("xml", [
  ...same("", "<a/>", "text alone", " ", "<a/><b/>", "<a>é 日本 \u{1f418}</a>", "a &lt; b &amp; c"),
  ...same(
    "<a b=\"1\" c='2'/>",
    "<!-- c -->",
    "<?pi x?><a/>",
    "<a>\n  <b/>\n</a>",
    "<a>NULL</a>",
    "NULL",
  ),
  ...same("<a><![CDATA[<>&{}\\\"']]></a>", "<a>&#233;</a>", "{a,b}", "back\\slash"),
  ['<?xml version="1.0"?><a/>', "<a/>"],
  ['<?xml version="1.0" encoding="UTF-8"?><a>é</a>', "<a>é</a>"],
  // The encoding is passed over: the text itself has none.
  ['<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', "<a>é</a>"],
  ['<?xml version="1.1"?><a/>', '<?xml version="1.1"?><a/>'],
  [
    '<?xml version="1.0" encoding="UTF-16" standalone="yes"?><a>é</a>',
    '<?xml version="1.0" standalone="yes"?><a>é</a>',
  ],
  // The cast to text gives the declaration that was stored, which no client is sent.
], { compare: "textin(xml_out(v))" });

// Only the text has the names: binary cursors have a test of their own.
const named = { binary: false };
testCases("regclass", [
  ...same("pg_class", "pg_type", "pg_toast.pg_toast_1255", "information_schema.tables"),
  ...same('odd."Table ""1"', 'odd."1259"'),
  ["pg_catalog.pg_class", "pg_class"],
], {
  ...named,
  setup: 'create schema if not exists odd; create table if not exists odd."Table ""1" ();' +
    'create table if not exists odd."1259" ()',
});
testCases("regtype", [
  ...same("-", "integer", "text", '"char"', "integer[]", "double precision", "bit varying"),
  ...same("character varying", "timestamp with time zone", "name", "4000000000"),
  ["int4", "integer"],
  ["_int8", "bigint[]"],
  ["varchar(7)", "character varying"],
  ["char", "character"],
], named);
testCases("regproc", same("-", "now", "pi", "boolin"), named);
testCases("regprocedure", [
  ...same("-", "abs(integer)", "now()", 'count("any")', 'concat_ws(text,"any")'),
  ["abs(float8)", "abs(double precision)"],
], named);
testCases("regoper", [...same("#-", "*<>"), ["0", "0"]], named);
testCases("regoperator", [
  ...same("+(integer,integer)", "-(NONE,integer)", "||(text,text)", "@>(anyarray,anyarray)"),
  ["0", "0"],
], named);
testCases("regconfig", [...same("-", "english", "simple"), ["pg_catalog.german", "german"]], named);
testCases("regdictionary", [...same("-", "simple", "english_stem")], named);
testCases("regnamespace", [...same("-", "pg_catalog", "public"), [
  '"Odd"" Schema"',
  '"Odd"" Schema"',
]], {
  ...named,
  setup: 'create schema if not exists "Odd"" Schema"',
});
testCases("regrole", [...same("-", "postgres", "pg_monitor"), ["4294967295", "4294967295"]], named);
testCases("regcollation", [...same("-", '"C"', '"POSIX"', '"default"')], named);

testCases("int2vector", [
  ["", []],
  ["0", [0]],
  ["1 2 3", [1, 2, 3]],
  ["-32768 32767", [-32768, 32767]],
  [Array.from({ length: 60 }, (_, i) => i).join(" "), Array.from({ length: 60 }, (_, i) => i)],
]);
testCases("oidvector", [
  ["", []],
  ["26", [26]],
  ["4294967295 0 2147483648", [4294967295, 0, 2147483648]],
]);

testCases("aclitem", [
  ...same("postgres=r/postgres", "=r/postgres", "postgres=arwd/postgres", "postgres=r*w*/postgres"),
  ["=/postgres", "=/postgres"],
], named);

const today = await databaseUrl("3.2");
const old = await databaseUrl("2.0");
const ways = [[today], [old], [old, "2.0"]] as const;

/** Runs the test on every server and protocol. */
function testWays(name: string, run: (sql: Sql) => Promise<void>): void {
  test(name, async () => {
    for (const [url, protocolVersion] of ways) {
      await using sql = connect(url, { max: 1, protocolVersion });
      await run(sql);
    }
  });
}

/** The one value of a query, by each of the ways to ask. */
async function readAll(
  sql: Sql,
  query: string,
): Promise<{ text: unknown; chosen: unknown; bytes: unknown }> {
  const cursor = `begin; declare c binary cursor for ${query}; fetch all from c; commit`;
  const [text] = await sql.unsafe(query).simple();
  const [chosen] = await sql.unsafe(query);
  const { statements } = await sql.unsafe<{ v: unknown }>(cursor).simple();
  return { text: text.v, chosen: chosen.v, bytes: statements[2][0].v };
}

testWays("reg types are OIDs out of binary cursors, which are taken back", async (sql) => {
  const cases = [
    ["regclass", "pg_class", "1259"],
    ["regclass", "-", "0"], // Not from text to regclass by a cast, hence here.
    ["regclass", "4294967295", "4294967295"],
    ["regtype", "integer", "23"],
    ["regproc", "now", "1299"],
    ["regprocedure", "abs(integer)", "1397"],
    ["regoper", "#-", "3287"],
    ["regoperator", "+(integer,integer)", "551"],
    ["regconfig", "simple", "3748"],
    ["regdictionary", "simple", "3765"],
    ["regnamespace", "pg_catalog", "11"],
    ["regrole", "postgres", "10"],
    ["regcollation", '"C"', "950"],
  ];
  for (const [type, name, digits] of cases) {
    const { text, chosen, bytes } = await readAll(sql, `select '${name}'::${type} as v`);
    assertEquals({ type, text, chosen, bytes }, { type, text: name, chosen: name, bytes: digits });
    const back = await sql.unsafe(
      `select $1::${type}::oid = $3 and $2::${type}::oid = $3 and $4::${type}::oid = $3 as v`,
      [name, digits, Number(digits), BigInt(digits)],
    );
    assertEquals([...back], [{ v: true }], type);
  }
});

testWays("reg types take OIDs as numbers in arrays, and names beside them", async (sql) => {
  const query = "select $1::regclass[]::text as v";
  for (const value of [[1259, 1247n, null], ["pg_class", 1247, null]]) {
    const [{ v }] = await sql.unsafe(query, [value]);
    assertEquals(v, "{pg_class,pg_type,NULL}");
  }
});

testWays("void is the empty string", async (sql) => {
  assertEquals(await readAll(sql, "select pg_sleep(0) as v"), { text: "", chosen: "", bytes: "" });
});

testWays("pg_node_tree is its text", async (sql) => {
  const query = "select ev_action as v from pg_rewrite where ev_class = 'pg_views'::regclass";
  const { text, chosen, bytes } = await readAll(sql, query);
  assert(typeof text === "string" && text.startsWith("({QUERY "));
  assertEquals(chosen, text);
  assertEquals(bytes, text);
});

testWays("statistics are text, and bytes where PostgreSQL shows nothing else", async (sql) => {
  await sql.unsafe(
    "create temp table numbers as select i % 10 as a, i % 5 as b from generate_series(1, 1000) i;" +
      "create statistics pg_temp.of_numbers (ndistinct, dependencies, mcv) on a, b from numbers;" +
      "analyze numbers",
  ).simple();
  const from = "from pg_statistic_ext_data join pg_statistic_ext s on s.oid = stxoid " +
    "where stxrelid = 'numbers'::regclass";
  const distinct = await readAll(sql, `select stxdndistinct as v ${from}`);
  assertEquals(distinct.text, '{"1, 2": 10}');
  assertEquals(distinct.chosen, distinct.text);
  assert(distinct.bytes instanceof Uint8Array);
  const dependencies = await readAll(sql, `select stxddependencies as v ${from}`);
  assertEquals(dependencies.text, '{"1 => 2": 1.000000}');
  assertEquals(dependencies.chosen, dependencies.text);
  assert(dependencies.bytes instanceof Uint8Array);
  const common = await readAll(sql, `select stxdmcv as v ${from}`);
  assert(common.text instanceof Uint8Array && common.text.length > 100);
  assertEquals(common.chosen, common.text);
  assertEquals(common.bytes, common.text);
});

testWays("vectors of the catalogue come and go", async (sql) => {
  const [row] = await sql.unsafe(
    "select proargtypes, (select indkey from pg_index where indexrelid = 'pg_attribute_relid_attnam_index'::regclass)" +
      " from pg_proc where oid = 'abs(int)'::regprocedure",
  );
  assertEquals(row, { proargtypes: [23], indkey: [1, 2] });
  const [{ n }] = await sql.unsafe(
    "select count(*)::int as n from pg_proc where proname = 'abs' and proargtypes = $1::oidvector",
    ["23"],
  );
  assertEquals(n, 1);
});

testWays("money takes whole numbers and the server's own text", async (sql) => {
  const query = "select $1::money::text || ' ' || $2::money::text || ' ' || $3::money::text as v";
  const [{ v }] = await sql.unsafe(query, [-1500, 10n ** 16n, "1.5"]);
  assertEquals(v, "-$1,500.00 $10,000,000,000,000,000.00 $1.50");
});

test("money refuses fractions: where the comma separates them the server would take 1.5 for 15", async () => {
  await using sql = connect(today, { max: 1 });
  const query = "select $1::money as v";
  await assertRejects(
    async () => await sql.unsafe(query, [1.5]),
    TypeError,
    "Cannot send parameter $1 as money: the number is no safe integer",
  );
});

testWays("xid8 and xid take each other's shapes", async (sql) => {
  const query = "select $1::xid8::text || ' ' || $2::xid::text || ' ' || $3::xid[]::text as v";
  const [{ v }] = await sql.unsafe(query, [5, 6n, [7, 4294967295n]]);
  assertEquals(v, "5 6 {7,4294967295}");
});
