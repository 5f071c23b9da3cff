import { connect } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { testCases, type ValueCase } from "./server_cases.ts";

/** Texts that are what they are. */
function same(...texts: readonly string[]): ValueCase[] {
  return texts.map((text) => [text, text]);
}

testCases("text", [
  ...same("", " ", "a", "it's", "''", '"', '""', "\\", "\\\\", "\\x", "\\x41", "\\N", "\\."),
  // What arrays and composites have a meaning of their own for.
  ...same("NULL", "null", "{}", "{a,b}", '{"a"}', "}", ",", ";", "a,b", "()", "[1:2]={1,2}"),
  ...same(" lead", "trail ", "two  blanks", "tab\t", "line\nbreak", "\r\n", "\v\f", "\u00a0"),
  ...same("true", "0", "-0", "1e3", "NaN", "infinity", "2000-01-01", "$1", "?", ":name", "%s"),
  ...same("--", "/* no comment */", "'; drop table t; --", "E'\\''", "$$", "U&'\\0041'"),
  ...same("é", "naïve €", "日本語", "\u{1f418}", "\u{10ffff}", "e\u0301", "\ufeffmark", "\ufffd"),
  ...same("\u0001", "\u001f\u007f\u0080", "\u2028\u2029", "\u202eabc", "\ud7ff\ue000\uffff"),
  ...same("x".repeat(24), "x".repeat(25), `${"x".repeat(30)}é`, "é".repeat(2000), "y".repeat(9000)),
]);

testCases("varchar", same("", "it's", " kept ", "NULL", "\\", "日本語"));
testCases("varchar(5)", [
  ["12345", "12345"],
  ["1234567", "12345"],
  ["日本語日本語", "日本語日本"],
  ["a    b", "a    "],
]);

const bytes = "encode(bpcharsend(v), 'hex')"; // As text a bpchar has no trailing blanks.
testCases("bpchar", same("", "ab", "ab  ", "  ", "NULL", "é "), { compare: bytes });
testCases("character(5)", [
  ["", "     "],
  ["ab", "ab   "],
  ["é", "é    "],
  ["\\", "\\    "],
  ["12345", "12345"],
  ["12345  ", "12345"],
], { compare: bytes });

testCases("name", [
  ...same("", "pg_class", "Odd Name", 'a"b', "NULL", "é", "{}", "\\", "x".repeat(63)),
  ["x".repeat(64), "x".repeat(63)],
  ["é".repeat(40), "é".repeat(31)],
]);

testCases("refcursor", same("", "c1", "<unnamed portal 1>", "NULL", "é"));
testCases("citext", same("", "MixedCase", "NULL", "ß", "{\\}"), {
  setup: "create extension if not exists citext",
});
testCases("cstring", same("", "a b", "it's", "\\x", "NULL", "日本語", '{","}'), {
  compare: "textin(v)",
});

testCases('"char"', [
  ...same("", "a", "Z", "0", " ", "\t", "\n", "\u0001", "\u007f"),
  ...same("\\", "'", '"', "{", "}", ",", "(", ")", "-"),
  ["abc", "a"],
]);
testCases('"char"', [
  ["\\200", "\\200"],
  ["\\310", "\\310"],
  ["\\377", "\\377"],
  ["\\101", "A"],
  ["\\000", ""],
  ["é", "\\303"],
], { since: 15 });

const today = await databaseUrl("3.2");
const old = await databaseUrl("2.0");

test('"char" has the same value on every server, over every protocol, for every byte', async () => {
  const all = Array.from({ length: 256 }, (_, byte) => {
    if (byte === 0) return "";
    return byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`;
  });
  const query = `select array_agg((case when i > 127 then i - 256 else i end)::"char" order by i)` +
    ` as v from generate_series(0, 255) as i`;
  const cursor = `begin; declare c binary cursor for ${query}; fetch all from c; commit`;
  for (const [url, protocolVersion] of [[today], [old], [old, "2.0"]] as const) {
    await using sql = connect(url, { max: 1, protocolVersion });
    const [inText] = await sql.unsafe(query).simple();
    assertEquals(inText.v, all);
    const [chosen] = await sql.unsafe(query);
    assertEquals(chosen.v, all);
    const { statements } = await sql.unsafe(cursor).simple();
    assertEquals([...statements[2]], [{ v: all }]);
    if (protocolVersion === "2.0") continue; // Text alone, where PostgreSQL 13 has no \ooo.
    const [{ same }] = await sql.unsafe(`select $1::"char"[] = (${query}) as same`, [all]);
    assertEquals(same, true);
    const [{ byte }] = await sql.unsafe(`select ($1::"char")::int as byte`, ["\\310"]);
    assertEquals(byte, 0o310 - 256);
  }
});

test("the text family takes numbers, bigints and booleans", async () => {
  const values = [1.5, -0, 2n ** 70n, true, "x"];
  for (const [url, protocolVersion] of [[today], [old], [old, "2.0"]] as const) {
    await using sql = connect(url, { max: 1, protocolVersion });
    for (const type of ["text", "varchar", "bpchar", "name"]) {
      const rows = await Promise.all(
        values.map((value) => sql.unsafe(`select $1::${type}::text as v`, [value])),
      );
      const texts = rows.map(([row]) => row.v);
      assertEquals(texts, ["1.5", "-0", "1180591620717411303424", "true", "x"], type);
    }
  }
});
