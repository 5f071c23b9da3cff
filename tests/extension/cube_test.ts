import { connect } from "../../mod.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { cube } from "../../lib/extension/cube/mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, hex } from "../value/fields.ts";
import { testCases, type ValueCase } from "../value/server_cases.ts";

const ONE = "3ff0000000000000";
const TWO = "4000000000000000";
const MINUS_ZERO = "8000000000000000";
const NOT_A_NUMBER = "7ff8000000000000";

test("cube.decodeText() and cube.decodeBinary() give the same value", () => {
  // The binary form: dimensions with the point flag, the corners.
  const cases: readonly (readonly [text: string, hex: string, value: unknown])[] = [
    ["()", "80000000", []],
    ["(1)", `80000001 ${ONE}`, [1]],
    ["(1, 2, -0)", `80000003 ${ONE}${TWO}${MINUS_ZERO}`, [1, 2, -0]],
    ["(NaN)", `80000001 ${NOT_A_NUMBER}`, [NaN]],
    ["(1),(2)", `00000001 ${ONE}${TWO}`, { from: [1], to: [2] }],
    ["(2, 1),(1, 2)", `00000002 ${TWO}${ONE} ${ONE}${TWO}`, { from: [2, 1], to: [1, 2] }],
    ["(NaN),(NaN)", `00000001 ${NOT_A_NUMBER}${NOT_A_NUMBER}`, { from: [NaN], to: [NaN] }],
    // Equal corners without the flag: the server prints a point.
    ["(1)", `00000001 ${ONE}${ONE}`, [1]],
    ["(-0)", `00000001 ${MINUS_ZERO} 0000000000000000`, [-0]],
    ["()", "00000000", []],
  ];
  for (const [text, bytes, value] of cases) {
    assertEquals(decodeText(cube, text), value, text);
    assertEquals(decodeBinary(cube, hex(bytes)), value, text);
  }
});

test("cube.decodeText() and cube.decodeBinary() refuse what is no cube", () => {
  const texts = ["", "(", "(1", "(1,", "(1, ", "(1),", "(1),(", "(1),(2", "(1)(2)", "(1),(2, 3)"];
  for (const text of [...texts, "1", "(x)", "(1),(2),(3)", "(1) ", "(1, )"]) {
    assertThrows(() => decodeText(cube, text), ProtocolError, "Cannot decode cube: ");
  }
  const fields = ["", "800000", "80000001", `80000001 ${ONE}00`, `00000001 ${ONE}`, "ffffffff"];
  for (const field of [...fields, `80000000 ${ONE}`, `00000002 ${ONE}${TWO}${ONE}`]) {
    assertThrows(() => decodeBinary(cube, hex(field)), ProtocolError, "Cannot decode cube: ");
  }
});

test("cube.encodeText() takes points and corners", () => {
  assertEquals(cube.encodeText([]), "()");
  assertEquals(cube.encodeText([1.5, -0, NaN]), "(1.5,-0,NaN)");
  assertEquals(cube.encodeText({ from: [1, Infinity], to: [0, 1e15] }), "(1,Infinity),(0,1e+15)");
});

test("cube.encodeText() says what is wrong with a value", () => {
  const bad: readonly (readonly [unknown, string])[] = [
    [1, "a number was given, expected an array of numbers or { from, to }"],
    [null, "null was given, expected an array of numbers or { from, to }"],
    [["secret"], "a string was given, expected a number in its coordinates"],
    [new Array(1), "undefined was given, expected a number in its coordinates"],
    [{}, "undefined was given, expected an array as from"],
    [{ from: [1] }, "undefined was given, expected an array as to"],
    [{ from: [1], to: [1n] }, "a bigint was given, expected a number in to"],
    [{ from: [1], to: [1, 2] }, "from and to differ in length"],
  ];
  for (const [value, fault] of bad) {
    const { message } = assertThrows(() => cube.encodeText(value), TypeError);
    assertEquals(message, `Cannot encode cube: ${fault}`);
  }
});

// Two sessions that create it at once would collide in pg_extension.
const setup = "begin; select pg_advisory_xact_lock(3603603); " +
  "create extension if not exists cube; commit";
const types = { cube };
const hundred = Array.from({ length: 100 }, (_, i) => i / 3);

const cases: readonly ValueCase[] = [
  ["()", []],
  ["(),()", []],
  ["0", [0]],
  ["-0", [-0]],
  ["1", [1]],
  ["(1)", [1]],
  ["1,2", [1, 2]],
  ["(1,2,3)", [1, 2, 3]],
  ["(1),(2)", { from: [1], to: [2] }],
  ["[(1),(2)]", { from: [1], to: [2] }],
  ["(2),(1)", { from: [2], to: [1] }],
  ["(1,2),(3,4)", { from: [1, 2], to: [3, 4] }],
  ["(3,2),(1,4)", { from: [3, 2], to: [1, 4] }],
  ["(1,2),(1,2)", [1, 2]],
  ["(1,2),(1,3)", { from: [1, 2], to: [1, 3] }],
  ["(0),(-0)", [0]],
  ["(-0),(0)", [-0]],
  ["(-0,1),(0,2)", { from: [-0, 1], to: [0, 2] }],
  ["NaN", [NaN]],
  ["(NaN),(NaN)", { from: [NaN], to: [NaN] }],
  ["(NaN,1),(1,NaN)", { from: [NaN, 1], to: [1, NaN] }],
  ["inf,-Infinity", [Infinity, -Infinity]],
  ["(-inf),(inf)", { from: [-Infinity], to: [Infinity] }],
  ["5e-324,1e-320", [5e-324, 1e-320]],
  ["1.7976931348623157e308", [1.7976931348623157e308]],
  ["(1e15,1e23),(1e-5,1e-4)", { from: [1e15, 1e23], to: [1e-5, 1e-4] }],
  ["0.1,0.30000000000000004", [0.1, 0.1 + 0.2]],
  [`(${hundred})`, hundred],
  [`(${hundred}),(${hundred.toReversed()})`, { from: hundred, to: hundred.toReversed() }],
];

// Binary cursors have a test of their own: older servers have no binary form.
testCases("cube", cases, { types, setup, binary: false });

test("cube.decodeBinary() reads what cube_send gives", async () => {
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  await sql.unsafe(setup).simple();
  const rows = await sql.unsafe<{ bytes: Uint8Array }>(
    "select cube_send(v::cube) as bytes from unnest($1::text[]) with ordinality as t(v, i) order by i",
    [cases.map(([literal]) => literal)],
  );
  assertEquals(rows.length, cases.length);
  rows.forEach(({ bytes }, i) => assertEquals(decodeBinary(cube, bytes), cases[i][1]));
});

test("cube.decodeText() reads what a server prints, and the server what cube.encodeText() gives", async () => {
  for (const version of ["3.2", "2.0"] as const) {
    await using sql = connect(await databaseUrl(version), { max: 1 });
    await sql.unsafe(setup).simple();
    const literals = cases.map(([literal]) => literal);
    const query =
      "select v::cube::text as v from unnest($1::text[]) with ordinality as t(v, i) order by i";
    const printed = await sql.unsafe<{ v: string }>(query, [literals]);
    const sent = cases.map(([, value]) => cube.encodeText(value));
    const printedAgain = await sql.unsafe<{ v: string }>(query, [sent]);
    printed.forEach(({ v }, i) => assertEquals(decodeText(cube, v), cases[i][1]));
    assertEquals(printedAgain.map(({ v }) => v), printed.map(({ v }) => v));
  }
});

test("cube.decodeBinary() reads binary cursors, alone and in arrays", async () => {
  await using sql = connect(await databaseUrl("3.2"), { max: 1, types });
  await sql.unsafe(setup).simple();
  const [one, two] = ["'(1,2),(3,4)'::cube", "'()'::cube"];
  const { statements } = await sql.unsafe<{ v: unknown; all: unknown }>(
    `begin; declare c binary cursor for select ${one} as v, array[${one}, null, ${two}] as all; ` +
      "fetch c; commit",
  ).simple();
  const wanted = { from: [1, 2], to: [3, 4] };
  assertEquals(Array.from(statements[2]), [{ v: wanted, all: [wanted, null, []] }]);
});

test("cube is asked for and sent in text", () => {
  assert(cube.prefersText);
  assert(cube.takesArrays);
  assertEquals(cube.encodeBinary, undefined);
});
