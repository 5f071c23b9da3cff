import fc from "fast-check";
import { connect } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { quote, testCases } from "./server_cases.ts";

const longLexeme = "x".repeat(2046);
const manyPositions = Array.from({ length: 255 }, (_, i) => i + 1).join(",");

testCases("tsvector", [
  ["", ""],
  ["   ", ""],
  ["a", "'a'"],
  ["b a b", "'a' 'b'"],
  ["B b", "'B' 'b'"],
  ["fat:2A rat:5,3", "'fat':2A 'rat':3,5"],
  ["a:1A,2B,3C,4D", "'a':1A,2B,3C,4"],
  ["a:1a,1d", "'a':1A"],
  ["a:16383", "'a':16383"],
  ["a:99999", "'a':16383"],
  ["a:16383A b:16383D", "'a':16383A 'b':16383"],
  [`a:${manyPositions}`, `'a':${manyPositions}`],
  [`a:${manyPositions},300`, `'a':${manyPositions},300`],
  [`a:${manyPositions},256,300,400`, `'a':${manyPositions},256`],
  [longLexeme, `'${longLexeme}'`],
  ["bb a ccc", "'a' 'bb' 'ccc'"],
  ["'a b'", "'a b'"],
  ["'  '", "'  '"],
  ["''''", "''''"],
  ["'it''s':1", "'it''s':1"],
  ["'back\\\\slash'", "'back\\\\slash'"],
  ["'\\''", "''''"],
  ["'''\\\\'''", "'''\\\\'''"],
  ["'a:b':3B", "'a:b':3B"],
  ["'1':1", "'1':1"],
  ["NULL null", "'NULL' 'null'"],
  ["'{}' '\"' ','", `'\"' ',' '{}'`],
  ["'line\nbreak\ttab'", "'line\nbreak\ttab'"],
  ["naïve €:7", "'naïve' '€':7"],
  ["😀:1 é", "'é' '😀':1"],
  ["a & b | !c", "'!c' '&' 'a' 'b' '|'"],
]);

testCases("tsquery", [
  ["", ""],
  ["a", "'a'"],
  ["!a", "!'a'"],
  ["!!a", "!!'a'"],
  ["!!!a", "!!!'a'"],
  ["a & b", "'a' & 'b'"],
  ["a | b", "'a' | 'b'"],
  ["a <-> b", "'a' <-> 'b'"],
  ["a <1> b", "'a' <-> 'b'"],
  ["a <0> b", "'a' <0> 'b'"],
  ["a <2> b", "'a' <2> 'b'"],
  ["a <16384> b", "'a' <16384> 'b'"],
  ["a & b | c", "'a' & 'b' | 'c'"],
  ["a & (b | c)", "'a' & ( 'b' | 'c' )"],
  ["(a | b) & (c | d)", "( 'a' | 'b' ) & ( 'c' | 'd' )"],
  ["a | b & c", "'a' | 'b' & 'c'"],
  ["(a & b) & c", "'a' & 'b' & 'c'"],
  ["a & (b & c)", "'a' & 'b' & 'c'"],
  ["a | (b | c)", "'a' | 'b' | 'c'"],
  ["!(a & b)", "!( 'a' & 'b' )"],
  ["!(a <-> b)", "!( 'a' <-> 'b' )"],
  ["!a & !b", "!'a' & !'b'"],
  ["!(!a | b)", "!( !'a' | 'b' )"],
  ["!a <-> b", "!'a' <-> 'b'"],
  ["a <-> !b", "'a' <-> !'b'"],
  ["a <-> b <-> c", "'a' <-> 'b' <-> 'c'"],
  ["a <-> (b <-> c)", "'a' <-> ( 'b' <-> 'c' )"],
  ["(a <2> b) <3> c", "'a' <2> 'b' <3> 'c'"],
  ["a <2> (b <3> c)", "'a' <2> ( 'b' <3> 'c' )"],
  ["a <-> (b & c)", "'a' <-> ( 'b' & 'c' )"],
  ["(a | b) <-> c", "( 'a' | 'b' ) <-> 'c'"],
  ["a <-> b & c", "'a' <-> 'b' & 'c'"],
  ["a <-> !(b <-> c)", "'a' <-> !( 'b' <-> 'c' )"],
  ["a <-> !(b | (c & !d))", "'a' <-> !( 'b' | 'c' & !'d' )"],
  ["a:A", "'a':A"],
  ["a:d", "'a':D"],
  ["a:dcba", "'a':ABCD"],
  ["a:bd", "'a':BD"],
  ["a:*", "'a':*"],
  ["a:*A", "'a':*A"],
  ["a:C*d", "'a':*CD"],
  ["!a:*B & b:A", "!'a':*B & 'b':A"],
  ["'a b'", "'a b'"],
  ["'it''s':*", "'it''s':*"],
  ["'back\\\\slash'", "'back\\\\slash'"],
  ["'a & b' & '!c'", "'a & b' & '!c'"],
  ["'( '", "'( '"],
  ["NULL | null", "'NULL' | 'null'"],
  ["'{\"}' & ','", "'{\"}' & ','"],
  ["naïve & €", "'naïve' & '€'"],
  ["😀:*B <-> é", "'😀':*B <-> 'é'"],
  [longLexeme, `'${longLexeme}'`],
  [Array(300).fill("a").join("&"), Array(300).fill("'a'").join(" & ")],
]);

/** Lexemes of all that must be quoted, as literals. */
const lexeme = fc.array(
  fc.constantFrom("a", "b", "Z", " ", "'", "\\", ":", "*", "&", "(", ")", "!", "<", "é", "😀", '"'),
  { minLength: 1, maxLength: 6 },
).map((letters) => `'${letters.join("").replace(/['\\]/g, "$&$&")}'`);

const position = fc.tuple(fc.integer({ min: 1, max: 16_383 }), fc.constantFrom("", "A", "B", "C"))
  .map((parts) => parts.join(""));
const word = fc.tuple(lexeme, fc.uniqueArray(position, { maxLength: 5 })).map(([text, positions]) =>
  positions.length === 0 ? text : `${text}:${positions.join(",")}`
);
const vector = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));

const leaf = fc.tuple(lexeme, fc.boolean(), fc.subarray(["A", "B", "C", "D"])).map(
  ([text, prefix, weights]) => {
    const flags = (prefix ? "*" : "") + weights.join("");
    return flags === "" ? text : `${text}:${flags}`;
  },
);
const operator = fc.oneof(
  fc.constantFrom("&", "|", "<->"),
  fc.integer({ min: 0, max: 16_384 }).map((distance) => `<${distance}>`),
);
const { query } = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 6, depthSize: "max" },
    { weight: 2, arbitrary: leaf },
    { weight: 1, arbitrary: tie("query").map((inner) => `!(${inner})`) },
    {
      weight: 4,
      arbitrary: fc.tuple(tie("query"), operator, tie("query"))
        .map(([left, sign, right]) => `(${left}) ${sign} (${right})`),
    },
  ),
}));

for (const protocol of ["3.2", "2.0"] as const) {
  const url = await databaseUrl(protocol);
  const protocolVersion = protocol === "2.0" ? protocol : undefined;
  for (const [type, literals] of [["tsvector", vector], ["tsquery", query]] as const) {
    test(`${type}: 1000 random values are what the server prints, over ${protocol}`, async () => {
      await using sql = connect(url, { max: 1, protocolVersion });
      const rows = fc.sample(literals, 1000).map((text) => `(${quote(text)}::${type})`);
      const { statements } = await sql.unsafe<{ v: unknown; printed: unknown }>(
        `begin; declare c binary cursor for select v, v::text as printed from (values ${rows}) ` +
          `as t(v); fetch all from c; commit`,
      ).simple();
      assertEquals(statements[2].length, 1000);
      for (const { v, printed } of statements[2]) assertEquals(v, printed);
    });
  }
}
