import { connect } from "../../mod.ts";
import { JsonNumber } from "../../lib/value/json/json_number.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { testCases, type ValueCase } from "./server_cases.ts";

/** Numbers have several texts, and json keeps white space: values are compared, not texts. */
const json = { compare: "v::jsonb" };
const jsonb = { compare: "v" };
const oneProto = JSON.parse('{"__proto__": {"admin": true}, "constructor": null}');

/** The same in every shape that parses. */
const common: readonly ValueCase[] = [
  ["true", true],
  ["false", false],
  ["0", 0],
  ["-1", -1],
  ["2147483648", 2147483648],
  ["9007199254740991", 9007199254740991],
  ["-9007199254740991", -9007199254740991],
  ["1.5", 1.5],
  ["1.10", 1.1],
  ["100", 100],
  ["1e3", 1000],
  ["1E-3", 0.001],
  ["-1.25e+2", -125],
  ["0.1", 0.1],
  ["0.30000000000000004", 0.1 + 0.2],
  ["5e-324", 5e-324],
  ["1.7976931348623157e308", Number.MAX_VALUE],
  ["9007199254740992", 9007199254740992],
  ["1e21", 1e21],
  ['""', ""],
  ['"a"', "a"],
  ['"null"', "null"],
  ['"NULL"', "NULL"],
  ['"true"', "true"],
  ['"1"', "1"],
  ['"{}"', "{}"],
  ['"[1,2]"', "[1,2]"],
  ['"\\"quoted\\""', '"quoted"'],
  ['"it\'s"', "it's"],
  ['"back\\\\slash"', "back\\slash"],
  ['"a\\/b"', "a/b"],
  ['"\\b\\f\\n\\r\\t"', "\b\f\n\r\t"],
  ['"\\u0001\\u001f\\u007f"', "\u0001\u001f\u007f"],
  ['"\\u00e9"', "é"],
  ['"\\u20AC"', "€"],
  ['"\\ud83d\\ude00"', "😀"],
  ['"😀👩‍👩‍👧"', "😀👩‍👩‍👧"],
  ['"naïve €"', "naïve €"],
  ['"\u2028\u2029\ufeff"', "\u2028\u2029\ufeff"],
  ['"\\u2028"', "\u2028"],
  ['"\\\\u0000"', "\\u0000"],
  ['"$1 ?"', "$1 ?"],
  ["[]", []],
  ["{}", {}],
  ["[[]]", [[]]],
  ["[null]", [null]],
  ["[[null], null]", [[null], null]],
  ["[1, 2, 3]", [1, 2, 3]],
  ["[[1, 2], [3]]", [[1, 2], [3]]],
  ['[true, "a", null, 1.5, {}]', [true, "a", null, 1.5, {}]],
  ["[{}, []]", [{}, []]],
  [" [ 1 ,\n\t2 ] ", [1, 2]],
  ['{"a": null}', { a: null }],
  ['{"": ""}', { "": "" }],
  ['{" ": {"": {"": []}}}', { " ": { "": { "": [] } } }],
  ['{"a": 1, "b": [{"c": "d"}]}', { a: 1, b: [{ c: "d" }] }],
  ['{"a": 1, "a": 2}', { a: 2 }],
  ['{"b": 1, "a": 2, "10": 3, "9": 4}', { a: 2, b: 1, 9: 4, 10: 3 }],
  ['{"\\"": "\\\\"}', { '"': "\\" }],
  ['{"é😀": "\\u00e9"}', { "é😀": "é" }],
  ['{"toJSON": 1, "length": 2}', { toJSON: 1, length: 2 }],
  ['{"__proto__": {"admin": true}, "constructor": null}', oneProto],
  ['{"lowerBounds": [0]}', { lowerBounds: [0] }],
  [JSON.stringify("x".repeat(5000)), "x".repeat(5000)],
  [
    JSON.stringify(Array.from({ length: 500 }, (_, i) => i)),
    Array.from({ length: 500 }, (_, i) => i),
  ],
  [`${"[".repeat(60)}${"]".repeat(60)}`, JSON.parse(`${"[".repeat(60)}${"]".repeat(60)}`)],
];

testCases("json", common, json);
testCases("jsonb", common, jsonb);
testCases("json", common, { ...json, types: { json: "exact" } });
testCases("jsonb", common, { ...jsonb, types: { jsonb: "exact" } });

// What jsonb refuses; the texts are as JSON.stringify writes them.
const jsonOnly: readonly ValueCase[] = [
  ['"\\u0000"', "\0"],
  ['{"a":"b\\u0000c"}', { a: "b\0c" }],
  ['"\\ud83d"', "\ud83d"],
  ['"\\ude00\\ud83d"', "\ude00\ud83d"],
];
testCases("json", jsonOnly);
testCases("json", jsonOnly, { types: { json: "exact" } });

const rounded = "numbers round";
testCases("jsonb", [
  ["9007199254740993", 9007199254740992],
  ["12345678901234567890", 12345678901234567000],
  ["0.1234567890123456789", 0.12345678901234568],
  ["1e400", Infinity],
  ["-1e400", -Infinity],
  ["1e-400", 0],
], { notSent: rounded });
testCases("json", [
  ["9007199254740993", 9007199254740992],
  ["-0", -0],
  ["-0.0", -0],
  ["1e400", Infinity],
  ["1e-400", 0],
], { notSent: rounded });

const onlyNull: readonly ValueCase[] = [["null", null], [" null ", null]];
const nullIsNull = "null is NULL";
testCases("json", onlyNull, { notSent: nullIsNull });
testCases("jsonb", onlyNull, { notSent: nullIsNull });
testCases("json", onlyNull, { notSent: nullIsNull, types: "lossless" });
testCases("jsonb", onlyNull, { notSent: nullIsNull, types: "lossless" });

const pi = "3.14159265358979323846264338327950288419716939937510";
const tiny = `0.${"0".repeat(399)}1`;
const longest = `1${"0".repeat(131_070)}1`;

/** The same digits in json and jsonb. */
const digits: readonly ValueCase[] = [
  ["9007199254740993", 9007199254740993n],
  ["-9007199254740993", -9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["-9223372036854775808", -9223372036854775808n],
  ["18446744073709551616", 18446744073709551616n],
  ["9007199254740993.0", new JsonNumber("9007199254740993.0")],
  ["0.1234567890123456789", new JsonNumber("0.1234567890123456789")],
  ["-0.1234567890123456789", new JsonNumber("-0.1234567890123456789")],
  [pi, new JsonNumber(pi)],
  ["1.0000000000000000000001", new JsonNumber("1.0000000000000000000001")],
  ["1.0000000000000000000000", 1],
  [tiny, new JsonNumber(tiny)],
  [`1${"0".repeat(399)}`, 10n ** 399n],
  [`1${"0".repeat(400)}.5`, new JsonNumber(`1${"0".repeat(400)}.5`)],
  ["[9007199254740993, 1]", [9007199254740993n, 1]],
  ['{"a": [{"b": 12345678901234567890}], "c": "12345678901234567890"}', {
    a: [{ b: 12345678901234567890n }],
    c: "12345678901234567890",
  }],
  [`{"__proto__": ${pi}}`, Object.fromEntries([["__proto__", new JsonNumber(pi)]])],
  [`["\\ud83d\\ude00 \\"1e5\\" \\\\", ${pi}, "", {}, [], true, false, null]`, [
    '😀 "1e5" \\',
    new JsonNumber(pi),
    "",
    {},
    [],
    true,
    false,
    null,
  ]],
  [` {\n "a" : ${pi} ,\t"b" : [ ] , "a" : 2 }`, { a: 2, b: [] }],
  [longest, BigInt(longest)],
];
testCases("json", digits, { ...json, types: "lossless" });
testCases("jsonb", digits, { ...jsonb, types: "lossless" });

// jsonb writes exponents out, json keeps them.
testCases("json", [
  ["1e400", new JsonNumber("1e400")],
  ["-1.5E+400", new JsonNumber("-1.5E+400")],
  ["1e-400", new JsonNumber("1e-400")],
  ["9007199254740993e0", new JsonNumber("9007199254740993e0")],
  ["0e-5", 0],
  ["-0", -0],
], { ...json, types: { json: "exact" } });
testCases("jsonb", [
  ["1e400", 10n ** 400n],
  ["-1.5E+400", -15n * 10n ** 399n],
  ["1e-400", new JsonNumber(tiny)],
  ["9007199254740993e0", 9007199254740993n],
  ["-0", 0],
], { ...jsonb, types: { jsonb: "exact" } });

testCases("json", [
  ["null", "null"],
  [" null ", " null "],
  ["1.10", "1.10"],
  ["-0", "-0"],
  ["1e400", "1e400"],
  ['"a"', '"a"'],
  ['"\\u00e9\\u0000"', '"\\u00e9\\u0000"'],
  ['{"a": 1,  "a" : 2}', '{"a": 1,  "a" : 2}'],
  ["[1,2]", "[1,2]"],
  ["{}", "{}"],
], { types: { json: "text" } });
testCases("jsonb", [
  ["null", "null"],
  [" null ", "null"],
  ["1.10", "1.10"],
  ["-0", "0"],
  ["1e5", "100000"],
  ['"a"', '"a"'],
  ['"\\u00e9"', '"é"'],
  ['{"b": 1,  "a" : 2, "b": 3}', '{"a": 2, "b": 3}'],
  ["[1,2]", "[1, 2]"],
  ["{}", "{}"],
], { types: { jsonb: "text" } });

const url = await databaseUrl("3.2");

test("json and jsonb come and go nested as deeply as the server has them", async () => {
  await using sql = connect(url, { max: 1 });
  for (const type of ["json", "jsonb"]) {
    const text = `${'[{"a":'.repeat(2500)}1${"}]".repeat(2500)}`;
    const [{ v }] = await sql.unsafe(`select $1::text::${type} as v`, [text]);
    const [{ same }] = await sql.unsafe(
      `select $1::${type}::jsonb = $2::text::jsonb as same`,
      [v, text],
    );
    assertEquals(same, true);
  }
});

test("an element null of a json array is NULL", async () => {
  await using sql = connect(url, { max: 1 });
  const query = "select v is null as absent, v::text as text from unnest($1::jsonb[]) as t(v)";
  assertEquals([...await sql.unsafe(query, [[null, [null], "null"]])], [
    { absent: true, text: null },
    { absent: false, text: "[null]" },
    { absent: false, text: '"null"' },
  ]);
});

test("json parameters are what JSON.stringify makes of them, bigints with all digits", async () => {
  await using sql = connect(url, { max: 1 });
  const cases: readonly (readonly [unknown, string])[] = [
    [
      { at: new Date(0), big: 2n ** 64n, none: undefined },
      '{"at":"1970-01-01T00:00:00.000Z","big":18446744073709551616}',
    ],
    [[new JsonNumber("1.50"), undefined, NaN], "[1.50,null,null]"],
    [12345678901234567890n, "12345678901234567890"],
    [new JsonNumber("1.50"), "1.50"],
    ["[1]", '"[1]"'],
    [false, "false"],
  ];
  for (const [value, text] of cases) {
    const [{ v }] = await sql.unsafe("select $1::json::text as v", [value]);
    assertEquals(v, text);
  }
});
