import { connect } from "../../mod.ts";
import { float4Codec } from "../../lib/value/number/float.ts";
import {
  exactShortest,
  roundToFloat,
  shortestFloat,
} from "../../lib/value/number/shortest_float.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assert, assertEquals } from "../std_assert.ts";
import { decodeBinary, encodeBinary } from "./fields.ts";

const view = new DataView(new ArrayBuffer(4));

function floatOf(bits: number): number {
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

function bitsOf(float: number): number {
  view.setFloat32(0, float);
  return view.getUint32(0);
}

/** Numbers from 0 to 2^32, the same in each run (xorshift). */
function* randomWords(count: number): Generator<number> {
  let word = 0x9e3779b9;
  for (let i = 0; i < count; i++) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    yield word >>> 0;
  }
}

const ODD_ONE = 0x15ae43fd; // Its shortest decimal is a double half-way to the next float.

/** Bit patterns of all kinds; none is NaN. */
function* patterns(random: number): Generator<number> {
  yield* [0, 1, 2, 3, 0x7f_ffff, 0x80_0000, 0x7f7f_ffff, 0x7f80_0000, ODD_ONE];
  for (let exponent = 0; exponent < 255; exponent++) {
    const powerOfTwo = exponent << 23 >>> 0;
    for (let i = -6; i <= 6; i++) if (powerOfTwo + i >= 0) yield powerOfTwo + i;
  }
  for (let bits = 1; bits < 500; bits++) yield bits;
  for (let power = -44; power <= 38; power++) {
    for (const digits of [1, 1.5, 2.5, 9.999999]) yield bitsOf(digits * 10 ** power);
  }
  for (const word of randomWords(random)) {
    yield word & 0x7fff_ffff; // All exponents alike.
    yield ((word >>> 8) % 40 + 117 << 23) + (word & 0x7f_ffff); // 0.001 to 10^9.
    yield word % 0x80_0000; // Below the normal floats.
    yield bitsOf((word % 1e7) / 10 ** (word % 9)); // Few digits.
    yield bitsOf(2 ** 21 + (word % 2 ** 24) / 4); // Many are half-way between two decimals.
    yield bitsOf(2 ** 24 + (word % 2 ** 24) * 10); // Decimals half-way between two floats.
  }
}

function* finite(random: number): Generator<number> {
  for (const bits of patterns(random)) {
    if (bits >= 0x7f80_0000) continue;
    yield bits;
  }
}

test("shortestFloat() gives what exact integers give", () => {
  for (const bits of finite(5000)) {
    const float = floatOf(bits);
    const isSmallInteger = float < 2 ** 24 && Number.isInteger(float);
    const wanted = isSmallInteger ? float : exactShortest(float);
    if (shortestFloat(float) !== wanted) {
      assertEquals(shortestFloat(float), wanted, bits.toString(16));
    }
    if (shortestFloat(-float) !== -wanted) assertEquals(shortestFloat(-float), -wanted);
  }
});

test("shortestFloat() keeps what is no decimal", () => {
  for (const value of [0, -0, NaN, Infinity, -Infinity]) assertEquals(shortestFloat(value), value);
});

test("roundToFloat() gives the float that a shortest decimal came from", () => {
  for (const bits of finite(5000)) {
    const float = floatOf(bits);
    const back = roundToFloat(shortestFloat(float));
    if (back !== float) assertEquals(back, float, bits.toString(16));
  }
  // Math.fround() alone gives the next one.
  const float = floatOf(ODD_ONE);
  assertEquals(shortestFloat(float), 7.038531e-26);
  assert(Math.fround(7.038531e-26) !== float);
  for (const sign of [1, -1]) {
    const bytes = encodeBinary(float4Codec, sign * 7.038531e-26);
    assertEquals(decodeBinary(float4Codec, bytes), sign * 7.038531e-26);
    assertEquals(roundToFloat(sign * 7.038531e-26), sign * float);
  }
});

interface FloatRow {
  readonly value: number;
  readonly text: string;
  readonly bytes: Uint8Array;
}

test("float4Codec.decodeBinary() gives the number that the server's text is", async () => {
  const floats: number[] = [];
  for (const bits of finite(5000)) floats.push(floatOf(bits), -floatOf(bits));
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  // Binary both ways: as float4[] to the server, as float4 from it.
  const query = "select v as value, v::text as text, float4send(v) as bytes " +
    "from unnest($1::float4[]) with ordinality as t(v, i) order by i";
  for (let at = 0; at < floats.length; at += 10_000) {
    const sent = floats.slice(at, at + 10_000);
    const rows = await sql.unsafe<FloatRow>(query, [sent]);
    assertEquals(rows.length, sent.length);
    rows.forEach(({ value, text, bytes }, i) => checkRow({ value, text, bytes }, sent[i]));
    // What was read is sent back: the same 32 bits.
    const again = await sql.unsafe<FloatRow>(query, [rows.map(({ value }) => value)]);
    again.forEach((row, i) => checkRow(row, sent[i]));
  }
  assert(floats.length > 60_000);
});

function checkRow({ value, text, bytes }: FloatRow, sent: number): void {
  const bits = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  if (bits !== bitsOf(sent)) assertEquals(bits, bitsOf(sent), `the bits of ${text}`);
  if (!Object.is(value, Number(text))) assertEquals(value, Number(text), bits.toString(16));
}
