import fc from "fast-check";
import { interpolate } from "../../lib/value/literal/interpolate.ts";
import { quoteIdentifier, quoteLiteral } from "../../lib/value/literal/literal.ts";
import { untypedText } from "../../lib/value/untyped.ts";
import { findPlaceholders } from "../../lib/value/literal/placeholders.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { hex } from "./fields.ts";

test("quoteLiteral() writes a literal that means the text under either setting", () => {
  assertEquals(quoteLiteral(""), "''");
  assertEquals(quoteLiteral("it's"), "'it''s'");
  assertEquals(quoteLiteral("a\\'b"), "E'a\\\\''b'");
  assertEquals(quoteLiteral("a\\'b", { standardConformingStrings: true }), "'a\\''b'");
  assertEquals(quoteLiteral("a\\'b", { standardConformingStrings: false }), "E'a\\\\''b'");
});

test("quoteLiteral() and quoteIdentifier() refuse what PostgreSQL cannot hold", () => {
  for (const quote of [quoteLiteral, quoteIdentifier]) {
    assertThrows(() => quote("a\0b"), TypeError, "zero byte");
    assertThrows(() => quote("a\ud800"), TypeError, "surrogate");
  }
  assertThrows(() => quoteIdentifier(""), TypeError, "empty");
});

test("quoteIdentifier() doubles quotes", () => {
  assertEquals(quoteIdentifier('Mixed "case"'), '"Mixed ""case"""');
});

const literal = (value: unknown): string => quoteLiteral(untypedText(value));

test("untypedText() writes values of unknown type", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [5, "'5'"],
    [-5n, "'-5'"],
    [-0, "'-0'"],
    [NaN, "'NaN'"],
    [true, "'true'"],
    ["it's", "'it''s'"],
    [[1, null, [2][0]], "'{1,NULL,2}'"],
    [["a'b", "\\"], "E'{a''b,\"\\\\\\\\\"}'"],
    [[[true], [false]], "'{{true},{false}}'"],
    [new Date("2026-01-31T12:00:00Z"), "'2026-01-31 12:00:00+00'"],
    [hex("00ff"), "E'\\\\x00ff'"],
    [{ a: "it's" }, "'{\"a\":\"it''s\"}'"],
    [Object.create(null), "'{}'"],
    [{ toJSON: () => 5 }, "'5'"],
  ];
  for (const [value, wanted] of cases) assertEquals(literal(value), wanted);
  for (const value of [undefined, Symbol("s"), () => 1, new Map(), new (class Other {})()]) {
    assertThrows(() => literal(value), TypeError, "Cannot encode");
  }
  assertThrows(() => literal(new Date(NaN)), RangeError);
});

/** What the server's scanner makes of a literal that stands alone, under a setting. */
function serverReads(sql: string, standardConformingStrings: boolean): string {
  const escapes = sql.startsWith("E") || !standardConformingStrings;
  let at = sql.indexOf("'") + 1;
  let text = "";
  for (;; at++) {
    if (sql[at] === "\\" && escapes) text += sql[++at];
    else if (sql[at] === "'" && sql[at + 1] === "'") text += sql[++at];
    else if (sql[at] === "'") break;
    else text += sql[at];
  }
  assertEquals(at, sql.length - 1, "the literal ends before its end");
  return text;
}

const hostile = fc.string({ unit: fc.constantFrom("'", "\\", "a", "$", "1", "-", "\n", '"', ";") });

test("quoteLiteral() cannot be left by any text", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      assertEquals(serverReads(quoteLiteral(text), true), text);
      assertEquals(serverReads(quoteLiteral(text), false), text);
      const known = quoteLiteral(text, { standardConformingStrings: true });
      assertEquals(serverReads(known, true), text);
    }),
    { numRuns: 500 },
  );
});

const place = (query: string, ...values: unknown[]) =>
  interpolate(query, values.map((value) => ({ text: value === null ? null : untypedText(value) })));

test("interpolate() puts values in parentheses where parameters stand", () => {
  assertEquals(place("select $1", 5), "select ('5')");
  assertEquals(place("select $1, $2, $1", null, "b"), "select (NULL), ('b'), (NULL)");
  assertEquals(place("select -$1::int4", -5), "select -('-5')::int4");
  assertEquals(place("select $1::int[]", [1, 2]), "select ('{1,2}')::int[]");
  assertEquals(place("select 'a'\n$1", "b"), "select 'a'\n('b')");
  assertEquals(place("select 1e5$1", 1), "select 1e5('1')");
  assertEquals(place("$2$1", 1, 2), "('2')('1')");
  const ten = [...Array(9).fill(null), 5];
  assertEquals(place("$1$2$3$4$5$6$7$8$9$10", ...ten).endsWith("(NULL)('" + "5')"), true);
});

test("findPlaceholders() sees only what the server takes for a parameter", () => {
  const none = [
    "select '$1'",
    "select 'it''s $1'",
    'select "$1", "a""$1"',
    'select U&"$1"',
    "select U&'\\0041 $1'",
    "select E'\\'$1'",
    "select e'\\\\''$1'",
    "select E'a'\n 'b\\'$1'",
    "select E'a' -- it's\n -- $1\n '\\'$1'",
    "select $$ $1 $$",
    "select $a$ $1 $$ $b$ $1 $a$",
    "select $é$ $1 $é$",
    "select a$1, _$1, é$1",
    "select 1 -- $1",
    "select 1 -- ' \r -- $1",
    "select 1 /* $1 */",
    "select 1 /* /* */ $1 */",
    "select 1 /* ' */ -- $1",
    "select '$1",
    'select "$1',
    "select $$ $1",
    "select E'$1",
    "select E'$1\\",
    "select /* $1 /* */",
    "$",
    "select $a",
  ];
  for (const query of none) assertEquals(findPlaceholders(query), [], query);

  const one = [
    "select $1",
    "select $1abc",
    "select ''$1''",
    "select 'a''' || $1",
    "select 'a' 'b' || $1",
    "select N'a'||$1",
    "select E'\\\\'||$1",
    "select E'a' 'b'||$1",
    "select nameE'a'||$1",
    "select \"e\"'a'||$1",
    "select u & '1' | $1",
    "select $a$ $A$ $a$||$1",
    "select a$b$c, $1",
    "select /* /* */ */ $1",
    "select 1 - -$1",
    "select 1 -- '\n, $1",
    "select 1.5$1",
    "select .5e3$1",
    "select 1 $1$$ $2 $$",
    "select x::int/$1",
  ];
  for (const query of one) {
    assertEquals(findPlaceholders(query).map((found) => found.index), [1], query);
  }
});

test("findPlaceholders() asks for the setting where a backslash could be an escape", () => {
  const query = "select 'a\\' , $1, ' '";
  assertThrows(() => findPlaceholders(query), TypeError, "standard_conforming_strings");
  assertEquals(findPlaceholders(query, { standardConformingStrings: true }).length, 1);
  assertEquals(findPlaceholders(query, { standardConformingStrings: false }).length, 0);
});

test("findPlaceholders() is done with hostile comments in linear time", () => {
  const query = `select E'a' ${"-- ".repeat(50_000)}`;
  assertEquals(findPlaceholders(query), []);
});

test("interpolate() casts values whose type is named", () => {
  const values = [{ text: "1", typeName: "int4" }, { text: null, typeName: '"My type"[]' }];
  assertEquals(interpolate("select $1, $2", values), `select ('1'::int4), (NULL::"My type"[])`);
});

test("interpolate() wants each value once and each placeholder filled", () => {
  assertThrows(() => place("select $1"), RangeError, "Cannot place $1: 0 values were given");
  assertThrows(() => place("select $0", 1), RangeError, "Cannot place $0");
  assertThrows(() => place("select $3", 1, 2), RangeError, "Cannot place $3: 2 values");
  assertThrows(() => place("select $99999999999999999999", 1), RangeError);
  assertThrows(() => place("select $1", 1, 2), TypeError, "Cannot place value 2");
  assertThrows(() => place("select '$1'", 1), TypeError, "Cannot place value 1");
});

test("interpolate() puts no placeholder where there was none, whatever the values", () => {
  const pieces = fc.constantFrom(
    " $1 ",
    " $2 ",
    " '$1' ",
    "'it''s'",
    '"$2"',
    "$$ $1 $$",
    "$q$ $2' $q$",
    "E'\\'$1'",
    "/* $1 /* ' */ */",
    "-- $2 '\n",
    " a$1 ",
    "1",
    "\n",
    "-",
    "/",
  );
  const queries = fc.array(pieces).map((parts) => `$1 $2 ${parts.join(" ")}`);
  fc.assert(
    fc.property(queries, hostile, hostile, (query, first, second) => {
      const wanted = findPlaceholders(query);
      const placed = interpolate(query, [{ text: first }, { text: second }]);
      // The values are literals to the scanner too: nothing in them is a placeholder.
      assertEquals(findPlaceholders(placed, { standardConformingStrings: true }), []);
      // Outside of the literals the query is unchanged.
      let rest = placed;
      for (const { index } of wanted) {
        const value = `(${literal(index === 1 ? first : second)})`;
        const at = rest.indexOf(value);
        assert(at >= 0);
        rest = rest.slice(at + value.length);
      }
      assertEquals(rest, query.slice(wanted.at(-1)!.end));
    }),
    { numRuns: 300 },
  );
});
