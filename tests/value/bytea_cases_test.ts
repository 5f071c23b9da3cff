import { connect } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { hex } from "./fields.ts";
import { testCases, type ValueCase } from "./server_cases.ts";

const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const cases: readonly ValueCase[] = [
  ["\\x", hex("")],
  ["", hex("")],
  ["\\x00", hex("00")],
  ["\\x0000", hex("0000")],
  ["\\xff", hex("ff")],
  ["\\xdeadBEEF", hex("deadbeef")],
  ["\\x de ad", hex("dead")],
  ["\\x5c", hex("5c")],
  ["\\x5c5c", hex("5c5c")],
  ["\\x5c78", hex("5c78")], // The text \x, which is no hex form.
  ["\\x5c303030", hex("5c303030")],
  ["\\x22", hex("22")],
  ["\\x27", hex("27")],
  ["\\x7b7d", hex("7b7d")],
  ["\\x2c", hex("2c")],
  ["\\x20", hex("20")],
  ["\\x4e554c4c", hex("4e554c4c")], // NULL
  ["\\x6e756c6c", hex("6e756c6c")],
  ["\\x0a0d09", hex("0a0d09")],
  ["\\xc3a9", hex("c3a9")],
  ["\\xc328", hex("c328")], // No UTF-8.
  ["\\xeda080", hex("eda080")], // Half a surrogate pair.
  ["\\x7e7f8081", hex("7e7f8081")],
  ["abc", hex("616263")],
  ["a\\\\b\\000\\377", hex("615c6200ff")],
  ["\\134\\134", hex("5c5c")],
  [`\\x${"0123456789abcdef".repeat(300)}`, hex("0123456789abcdef".repeat(300))],
  [`\\x${Array.from(all, (byte) => byte.toString(16).padStart(2, "0")).join("")}`, all],
];

testCases("bytea", cases);
// The other form of the text.
testCases("bytea", cases, { setup: "set bytea_output = escape" });

test("bytea of megabytes is the same there and back", async () => {
  const value = new Uint8Array(3_000_001).map((_, i) => (i * 7919) >> 3);
  const ways = [[await databaseUrl("3.2")], [await databaseUrl("2.0"), "2.0"]] as const;
  for (const [url, protocolVersion] of ways) {
    await using sql = connect(url, { max: 1, protocolVersion });
    const [{ v, array }] = await sql.unsafe(
      "select $1::bytea as v, array[$1::bytea, null] as array",
      [
        value,
      ],
    );
    assertEquals(equal(v as Uint8Array, value), true);
    const [first, second] = array as [Uint8Array, null];
    assertEquals(equal(first, value), true);
    assertEquals(second, null);
  }
});

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

test("bytea takes a view of other bytes, and a subclass", async () => {
  class Special extends Uint8Array {}
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  for (const value of [hex("00112233").subarray(1, 3), Special.of(0x11, 0x22)]) {
    const [row] = await sql.unsafe("select $1::bytea as v, $2::bytea[] as many", [value, [value]]);
    assertEquals(row, { v: hex("1122"), many: [hex("1122")] });
  }
});
