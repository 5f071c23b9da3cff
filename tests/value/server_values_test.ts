/**
 * Values of real servers: the same by the binary and the text path of 3.2, and by 2.0; and
 * sent back as a parameter they are what the server had.
 */

import { connect } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";

const todayUrl = await databaseUrl("3.2");
const oldUrl = await databaseUrl("2.0");

/** The texts of one type that are tried; each alone, and all of them in an array with a NULL. */
const texts: Readonly<Record<string, readonly string[]>> = {
  bool: ["t", "f"],
  int2: ["0", "-32768", "32767"],
  int4: ["0", "-2147483648", "2147483647"],
  int8: ["0", "-9223372036854775808", "9223372036854775807"],
  oid: ["0", "4294967295"],
  float4: ["0", "-0", "1.5", "3.4028235e+38", "1e-45", "0.1", "NaN", "Infinity", "-Infinity"],
  float8: ["0", "-0", "0.1", "1.7976931348623157e+308", "5e-324", "NaN", "Infinity", "-Infinity"],
  numeric: [
    "0",
    "0.00",
    "-1.50",
    "123456789012345678901234567890.123456789",
    "1e-20",
    "NaN",
    "10000",
    "99990000.0001",
  ],
  text: ["", " ", "NULL", "it's", 'a"b\\c', "{x,y}", "é€😀", "line\nbreak\ttab"],
  varchar: ["", "plain"],
  bpchar: ["x", "pad  "],
  name: ["pg_class"],
  uuid: ["00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  bytea: ["\\x", "\\x00ff27225c", "\\xdeadbeef"],
  json: ['{"a": [1, 2, null], "b": "é"}', "[]", "1.5", '"text"', "null", "true"],
  jsonb: ['{"a": [1, 2, null], "b": "é"}', "[]", "1.5", '"text"', "null", "true"],
  date: [
    "2026-11-22",
    "0001-01-01",
    "0044-03-15 BC",
    "9999-12-31",
    "12026-01-01",
    "infinity",
    "-infinity",
  ],
  time: ["00:00:00", "23:59:59.999999", "24:00:00"],
  timetz: ["00:00:00+00", "12:30:45.5-08:30"],
  timestamp: [
    "2026-11-22 12:34:56.789",
    "0001-01-01 00:00:00",
    "0044-03-15 12:00:00 BC",
    "infinity",
    "-infinity",
  ],
  timestamptz: [
    "2026-11-22 12:34:56.789+00",
    "1969-12-31 23:59:59.001+00",
    "20000-01-01 00:00:00+00",
    "infinity",
    "-infinity",
  ],
  interval: ["00:00:00", "1 year 2 mons -3 days 04:05:06.000007"],
  inet: ["127.0.0.1", "2001:db8::/32"],
  int4range: ["[1,5)", "empty"],
  point: ["(1,2)"],
};

/** What the three ways to read give for one text, all of which must be equal. */
async function read(ways: readonly Sql[], expression: string): Promise<unknown[]> {
  const [today, old] = ways;
  const ask = (sql: Sql) => sql.unsafe<{ v: unknown }>(`select ${expression} as v`);
  const results = [await ask(today), await ask(today).simple(), await ask(old)];
  return results.map(([{ v }]) => v);
}

/** True when the server takes the value back as what it was. */
async function isSame(sql: Sql, value: unknown, expression: string): Promise<boolean> {
  const type = expression.slice(expression.lastIndexOf("::") + 2);
  // The text of json keeps the blanks that stood in it, which a value does not.
  const compared = type === "json" ? "jsonb" : "text";
  const text =
    `select ($1::${type})::${compared} is not distinct from (${expression})::${compared} as same`;
  const [{ same }] = await sql.unsafe<{ same: boolean }>(text, [value]);
  return same;
}

function quoted(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/**
 * A string is always JSON text when sent, and null is NULL, so those are no round trip. Where
 * types of parameters are not told (2.0), an array is taken for one of PostgreSQL's.
 */
function canBeSent(type: string, value: unknown, protocol: "3.2" | "2.0"): boolean {
  if (type !== "json" && type !== "jsonb") return true;
  if (typeof value === "string" || value === null) return false;
  return protocol === "3.2" || !Array.isArray(value);
}

for (const [type, literals] of Object.entries(texts)) {
  test(`${type} is the same value in binary, in text and over 2.0, and can be sent back`, async () => {
    const today = connect(todayUrl, { max: 1 });
    const old = connect(oldUrl, { max: 1, protocolVersion: "2.0" });
    try {
      for (const literal of literals) {
        const expression = `${quoted(literal)}::${type}`;
        const [binary, text, overOld] = await read([today, old], expression);
        assertEquals(text, binary, expression);
        assertEquals(overOld, binary, expression);
        for (const [sql, protocol] of [[today, "3.2"], [old, "2.0"]] as const) {
          if (!canBeSent(type, binary, protocol)) continue;
          assertEquals(await isSame(sql, binary, expression), true, `${expression} on ${protocol}`);
        }
      }
      const array = `array[${literals.map(quoted).join(", ")}, null]::${type}[]`;
      const [binary, text, overOld] = await read([today, old], array);
      assertEquals(text, binary, array);
      assertEquals(overOld, binary, array);
    } finally {
      await Promise.all([today.close(), old.close()]);
    }
  });
}

test("arrays keep their dimensions, NULLs and lower bounds on the way there and back", async () => {
  const today = connect(todayUrl, { max: 1 });
  const old = connect(oldUrl, { max: 1, protocolVersion: "2.0" });
  const literals = [
    "{}",
    "{1,NULL,3}",
    "{{1,2},{3,NULL}}",
    "[0:1]={5,6}",
    "[-1:0][2:3]={{1,2},{3,4}}",
  ];
  try {
    for (const literal of literals) {
      const expression = `'${literal}'::int4[]`;
      const [binary, text, overOld] = await read([today, old], expression);
      assertEquals(text, binary, expression);
      assertEquals(overOld, binary, expression);
      assertEquals(await isSame(today, binary, expression), true, expression);
      assertEquals(await isSame(old, binary, expression), true, expression);
    }
  } finally {
    await Promise.all([today.close(), old.close()]);
  }
});

test("a type without a codec comes as its text", async () => {
  const today = connect(todayUrl, { max: 1 });
  try {
    const [row] =
      await today`select '1.2.3.4/8'::inet as i, 'a & b'::tsquery as q, '(1,2)'::point as p`;
    assertEquals(row, { i: "1.2.3.4/8", q: "'a' & 'b'", p: "(1,2)" });
  } finally {
    await today.close();
  }
});
