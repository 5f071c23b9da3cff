import fc from "fast-check";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { boolCodec } from "../../lib/value/number/bool.ts";
import { byteaCodec } from "../../lib/value/text/bytea.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { float4Codec, float8Codec } from "../../lib/value/number/float.ts";
import { int2Codec, int4Codec, int8Codecs, oidCodec } from "../../lib/value/number/integer.ts";
import { jsonbCodecs, jsonCodecs } from "../../lib/value/json/json.ts";
import { numericCodecs } from "../../lib/value/number/numeric.ts";
import { formatAnyNumeric, writeAnyNumeric } from "../../lib/value/number/numeric_digits.ts";
import { shortestFloat } from "../../lib/value/number/shortest_float.ts";
import { textCodec } from "../../lib/value/text/text.ts";
import { uuidCodec } from "../../lib/value/text/uuid.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const text = textCodec("text");
const int8Codec = int8Codecs.bigint;
const numericCodec = numericCodecs.string;
const jsonCodec = jsonCodecs.parsed;
const jsonbCodec = jsonbCodecs.parsed;

/** One value in the server's text, its binary form, and what JavaScript gets. */
type Case = readonly [codec: Codec, text: string, hex: string, value: unknown];

const cases: readonly Case[] = [
  [boolCodec, "t", "01", true],
  [boolCodec, "f", "00", false],
  [int2Codec, "-32768", "8000", -32768],
  [int2Codec, "32767", "7fff", 32767],
  [int4Codec, "0", "00000000", 0],
  [int4Codec, "-2147483648", "80000000", -2147483648],
  [int4Codec, "2147483647", "7fffffff", 2147483647],
  [oidCodec, "4294967295", "ffffffff", 4294967295],
  [int8Codec, "5", "0000000000000005", 5n],
  [int8Codec, "-1", "ffffffffffffffff", -1n],
  [int8Codec, "12345678901", "00000002dfdc1c35", 12345678901n],
  [int8Codec, "-9223372036854775808", "8000000000000000", -9223372036854775808n],
  [int8Codec, "9223372036854775807", "7fffffffffffffff", 9223372036854775807n],
  [float4Codec, "0.1", "3dcccccd", 0.1],
  [float4Codec, "3.4028235e+38", "7f7fffff", 3.4028235e38],
  [float4Codec, "1e-45", "00000001", 1e-45],
  [float4Codec, "NaN", "7fc00000", NaN],
  [float4Codec, "-Infinity", "ff800000", -Infinity],
  [float8Codec, "1.5", "3ff8000000000000", 1.5],
  [float8Codec, "-0", "8000000000000000", -0],
  [float8Codec, "0.30000000000000004", "3fd3333333333334", 0.1 + 0.2],
  [float8Codec, "1e+308", "7fe1ccf385ebc8a0", 1e308],
  [float8Codec, "Infinity", "7ff0000000000000", Infinity],
  [float8Codec, "NaN", "7ff8000000000000", NaN],
  [text, "", "", ""],
  [text, "x", "78", "x"],
  [text, "naïve €", "6e61c3af766520e282ac", "naïve €"],
  [text, "\u{1f418}", "f09f9098", "\u{1f418}"],
  [text, "\ufeffmark", "efbbbf6d61726b", "\ufeffmark"],
  [byteaCodec, "\\x", "", new Uint8Array()],
  [byteaCodec, "\\x00ff5c27", "00ff5c27", hex("00ff5c27")],
  [jsonCodec, '{"a": [1, null]}', "7b2261223a205b312c206e756c6c5d7d", { a: [1, null] }],
  [jsonbCodec, '"x"', "01 227822", "x"],
  [jsonbCodec, "null", "01 6e756c6c", null],
  [
    uuidCodec,
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "a0eebc999c0b4ef8bb6d6bb9bd380a11",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  ],
  // Numeric: digits, weight, sign, scale, then the digits to base 10000.
  [numericCodec, "0", "0000 0000 0000 0000", "0"],
  [numericCodec, "0.00", "0000 0000 0000 0002", "0.00"],
  [numericCodec, "1", "0001 0000 0000 0000 0001", "1"],
  [numericCodec, "-12345.678", "0003 0001 4000 0003 0001 0929 1a7c", "-12345.678"],
  [numericCodec, "10000", "0001 0001 0000 0000 0001", "10000"],
  [numericCodec, "100000000.5", "0004 0002 0000 0001 0001 0000 0000 1388", "100000000.5"],
  [numericCodec, "0.0000000012", "0001 fffd 0000 000a 04b0", "0.0000000012"],
  [numericCodec, "1.10", "0002 0000 0000 0002 0001 03e8", "1.10"],
  [numericCodec, "NaN", "0000 0000 c000 0000", "NaN"],
  [numericCodec, "Infinity", "0000 0000 d000 0000", "Infinity"],
  [numericCodec, "-Infinity", "0000 0000 f000 0000", "-Infinity"],
];

test("Codec.decodeText() and Codec.decodeBinary() give the same value", () => {
  for (const [codec, asText, asHex, value] of cases) {
    assertEquals(decodeText(codec, asText), value, `${codec.name} ${asText}`);
    assertEquals(decodeBinary(codec, hex(asHex)), value, `${codec.name} ${asHex}`);
  }
});

test("Codec.encodeBinary() gives the server's bytes", () => {
  for (const [codec, , asHex, value] of cases) {
    if (codec === jsonCodec) continue; // JSON.stringify has its own white space.
    assertEquals(encodeBinary(codec, value), hex(asHex), `${codec.name} ${asHex}`);
  }
});

test("Codec.encodeText() gives the server's text", () => {
  for (const [codec, asText, , value] of cases) {
    if (codec === jsonCodec) continue;
    assertEquals(codec.encodeText(value), asText, `${codec.name} ${asText}`);
  }
});

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const decimal = fc.tuple(int64, fc.nat(40)).map(([digits, scale]) => {
  const size = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const sign = digits < 0n ? "-" : "";
  return scale === 0 ? sign + size : `${sign}${size.slice(0, -scale)}.${size.slice(-scale)}`;
});
const cleanText = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));

const identities: readonly (readonly [Codec, fc.Arbitrary<unknown>])[] = [
  [boolCodec, fc.boolean()],
  [int2Codec, fc.integer({ min: -0x8000, max: 0x7fff })],
  [int4Codec, fc.integer()],
  [oidCodec, fc.nat(0xffffffff)],
  [int8Codec, int64],
  [float4Codec, fc.float().map(shortestFloat)],
  [float8Codec, fc.double()],
  [text, cleanText],
  [byteaCodec, fc.uint8Array({ maxLength: 200 })],
  [jsonCodec, fc.jsonValue({ noUnicodeString: false }).map((v) => JSON.parse(JSON.stringify(v)))],
  [jsonbCodec, fc.jsonValue().map((v) => JSON.parse(JSON.stringify(v)))],
  [uuidCodec, fc.uuid()],
  [numericCodec, decimal],
];

test("Codec.encodeText() and Codec.encodeBinary() are undone by decoding", () => {
  for (const [codec, values] of identities) {
    fc.assert(fc.property(values, (value) => {
      assertEquals(decodeText(codec, codec.encodeText(value)), value);
      assertEquals(decodeBinary(codec, encodeBinary(codec, value)), value);
    }));
  }
});

test("int8Codec.decodeText() is exact at every length of text", () => {
  const around = [0n, 2n ** 53n, 9_000_000n * 10n ** 9n, 2n ** 63n - 6n];
  for (let digits = 1n; digits < 19n; digits++) around.push(10n ** digits);
  for (const middle of around) {
    for (let value = middle - 5n; value <= middle + 5n; value++) {
      assertEquals(decodeText(int8Codec, String(value)), value);
      assertEquals(decodeText(int8Codec, String(-value)), -value);
    }
  }
});

test("Codec.decodeText() never loses or invents: any text is a value or a ProtocolError", () => {
  const codecs = [boolCodec, int2Codec, int4Codec, oidCodec, int8Codec, float8Codec, byteaCodec];
  fc.assert(fc.property(fc.constantFrom(...codecs), fc.string(), (codec, garbage) => {
    try {
      decodeText(codec, garbage);
    } catch (error) {
      assert(error instanceof ProtocolError);
    }
  }));
});

test("Codec decoders refuse bytes that are not of their type", () => {
  const bad: readonly (readonly [Codec, string, string | undefined])[] = [
    [boolCodec, "yes", "0000"],
    [int2Codec, "1x", "000001"],
    [int4Codec, "", "0001"],
    [int4Codec, "-", ""],
    [int4Codec, "1.5", "0000000001"],
    [int8Codec, "-", "00000001"],
    [int8Codec, "1 ", ""],
    [float4Codec, "", "0000"],
    [float8Codec, "1,5", "00000000"],
    [byteaCodec, "\\x123", undefined],
    [byteaCodec, "\\x1g", undefined],
    [byteaCodec, "\\77", undefined],
    [byteaCodec, "\\777", undefined],
    [jsonCodec, "{", "7b"],
    [jsonbCodec, "", "02 31"],
    [jsonbCodec, "nope", ""],
    [uuidCodec, "a0eebc99", "a0eebc99"],
    [numericCodec, "", "0001 0000 0000 0000"],
    [numericCodec, "", "0001 0000 1234 0000 0001"],
    [numericCodec, "", "0001 0000 0000"],
    [numericCodec, "", "0002 0001 0000 0000 0001 2710"],
  ];
  for (const [codec, asText, asHex] of bad) {
    if (codec !== numericCodec) {
      assertThrows(() => decodeText(codec, asText), ProtocolError, "Cannot decode ");
    }
    if (asHex === undefined) continue;
    assertThrows(() => decodeBinary(codec, hex(asHex)), ProtocolError, "Cannot decode ");
  }
});

test("Codec.encodeText() and Codec.encodeBinary() refuse what does not fit, and do not show it", () => {
  const bad: readonly (readonly [Codec, unknown])[] = [
    [boolCodec, 1],
    [boolCodec, "secret"],
    [int2Codec, 32768],
    [int2Codec, 1.5],
    [int4Codec, NaN],
    [int4Codec, 2n ** 31n],
    [int4Codec, "secret"],
    [oidCodec, -1],
    [int8Codec, 2 ** 53],
    [int8Codec, 2n ** 63n],
    [int8Codec, new Date(0)],
    [float4Codec, 1e39],
    [float4Codec, 1e-60],
    [float8Codec, 2n ** 53n + 1n],
    [text, { secret: 1 }],
    [text, "secret\0"],
    [text, "secret\ud800"],
    [byteaCodec, [1, 2]],
    [byteaCodec, "secret"],
    [jsonCodec, undefined],
    [jsonCodec, () => 1],
    [uuidCodec, "secret"],
    [numericCodec, "secret"],
    [numericCodec, "."],
    [numericCodec, true],
  ];
  for (const [codec, value] of bad) {
    for (const encode of [() => codec.encodeText(value), () => encodeBinary(codec, value)]) {
      const error = assertThrows(encode, Error, "Cannot encode ");
      assert(error instanceof TypeError || error instanceof RangeError);
      assertEquals(error.message.includes("secret"), false);
    }
  }
});

test("byteaCodec.decodeText() reads the escape form", () => {
  assertEquals(decodeText(byteaCodec, "a\\\\b\\000\\377"), hex("61 5c 62 00 ff"));
  assertEquals(decodeText(byteaCodec, ""), hex(""));
});

test("byteaCodec.decodeBinary() gives a copy", () => {
  const source = hex("0102");
  const value = decodeBinary(byteaCodec, source) as Uint8Array;
  assertEquals(value.buffer.byteLength, 2);
  assertStrictEquals(Object.getPrototypeOf(value), Uint8Array.prototype);
});

test("numericCodecs.string.encodeBinary() takes what PostgreSQL's text takes", () => {
  const same: readonly (readonly [unknown, string])[] = [
    ["1.5e3", "1500"],
    ["15e-3", "0.015"],
    ["1.5e-3", "0.0015"],
    ["+007.50", "7.50"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-0", "0"],
    ["123456e-2", "1234.56"],
    [1e21, "1000000000000000000000"],
    [12n, "12"],
    ["inf", "Infinity"],
  ];
  for (const [value, wanted] of same) {
    assertEquals(decodeBinary(numericCodec, encodeBinary(numericCodec, value)), wanted);
  }
  assertThrows(() => encodeBinary(numericCodec, "1e999999999"), RangeError, "exponent");
  assertThrows(() => encodeBinary(numericCodec, `0.${"1".repeat(20_000)}`), RangeError, "digits");
});

const smallDecimal = fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.nat(9))
  .map(([digits, scale]) => {
    const size = String(Math.abs(digits)).padStart(scale + 1, "0");
    const sign = digits < 0 ? "-" : "";
    return scale === 0 ? sign + size : `${sign}${size.slice(0, -scale)}.${size.slice(-scale)}`;
  });

test("numericCodecs read and write short numbers as they do all others", () => {
  fc.assert(
    fc.property(fc.oneof(smallDecimal, decimal), (text) => {
      const writer = new ByteWriter();
      writeAnyNumeric(text, writer);
      const bytes = writer.take();
      assertEquals(encodeBinary(numericCodec, text), bytes);
      const view = new DataView(bytes.buffer);
      const sign = view.getUint16(4) === 0 ? "" : "-";
      assertEquals(decodeBinary(numericCodec, bytes), sign + formatAnyNumeric(view, 0));
      assertEquals(decodeBinary(numericCodecs.number, bytes), Number(text) + 0);
      assertEquals(decodeText(numericCodecs.number, text), Number(text));
    }),
    { numRuns: 2000 },
  );
});

test("numericCodecs.number gives the numbers that are none", () => {
  const values: readonly (readonly [string, string, number])[] = [
    ["NaN", "0000 0000 c000 0000", NaN],
    ["Infinity", "0000 0000 d000 0000", Infinity],
    ["-Infinity", "0000 0000 f000 0000", -Infinity],
  ];
  for (const [text, asHex, value] of values) {
    assertEquals(decodeText(numericCodecs.number, text), value);
    assertEquals(decodeBinary(numericCodecs.number, hex(asHex)), value);
    assertEquals(encodeBinary(numericCodecs.number, value), hex(asHex));
  }
  for (const text of ["", "x", "1.2.3"]) {
    assertThrows(() => decodeText(numericCodecs.number, text), ProtocolError, "Cannot decode");
  }
});

test("numericCodecs refuse bytes that are cut anywhere", () => {
  const whole = hex("0003 0001 4000 0003 0001 0929 1a7c");
  for (let length = 0; length < whole.length; length++) {
    for (const codec of [numericCodecs.string, numericCodecs.number]) {
      assertThrows(() => decodeBinary(codec, whole.subarray(0, length)), ProtocolError, "numeric");
    }
  }
});

test("int8Codecs give one value in three shapes", () => {
  fc.assert(fc.property(int64, (value) => {
    const bytes = encodeBinary(int8Codecs.bigint, value);
    for (const shape of ["bigint", "number", "string"] as const) {
      const wanted = { bigint: value, number: Number(value), string: String(value) }[shape];
      assertEquals(decodeBinary(int8Codecs[shape], bytes), wanted);
      assertEquals(decodeText(int8Codecs[shape], String(value)), wanted);
      assertEquals(encodeBinary(int8Codecs[shape], value), bytes);
    }
  }));
  assertStrictEquals(decodeText(int8Codecs.number, "-0"), 0);
  assertThrows(() => decodeText(int8Codecs.number, "1.5"), ProtocolError, "no integer");
  assertThrows(() => decodeBinary(int8Codecs.string, hex("00")), ProtocolError, "1 bytes");
  assertThrows(() => int8Codecs.number.encodeText(2 ** 53), RangeError, "expected a bigint");
});

test("uuidCodec gives what padding every word with zeros gives", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const parts = [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]];
    const text = parts.map(([start, end]) => digits.slice(start, end)).join("-");
    assertEquals(decodeBinary(uuidCodec, bytes), text);
    assertEquals(encodeBinary(uuidCodec, text), bytes);
    assertEquals(encodeBinary(uuidCodec, text.toUpperCase()), bytes);
  }));
});

test("uuidCodec refuses every text with one character that is wrong", () => {
  const text = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  for (let at = 0; at < text.length; at++) {
    for (const wrong of ["g", "`", "@", "/", ":", "-0", "", "é", "G"]) {
      const spoilt = text.slice(0, at) + wrong + text.slice(at + 1);
      assertThrows(() => encodeBinary(uuidCodec, spoilt), TypeError, "Cannot encode uuid");
    }
  }
});

test("jsonCodec.decodeText() makes __proto__ a property", () => {
  const value = decodeText(jsonCodec, '{"__proto__": {"admin": true}}') as object;
  assertEquals(Object.hasOwn(value, "__proto__"), true);
  assertEquals("admin" in value, false);
});
