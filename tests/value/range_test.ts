import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { int4Codec } from "../../lib/value/number/integer.ts";
import { rangeCodec } from "../../lib/value/container/range.ts";
import { textCodec } from "../../lib/value/text/text.ts";
import { fitsBinary } from "../../lib/value/text_form.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const int4range = rangeCodec("int4range", { oid: 23, codec: int4Codec });
const textrange = rangeCodec("textrange", { oid: 25, codec: textCodec("text") });

// Binary: flags (1 empty, 2 lower inclusive, 4 upper inclusive, 8 no lower, 16 no upper), and
// each bound behind its length.
const cases: readonly (readonly [Codec, string, string, unknown])[] = [
  [int4range, "empty", "01", "empty"],
  [int4range, "(,)", "18", { lower: null, upper: null, bounds: "()" }],
  [int4range, "[1,5)", "02 00000004 00000001 00000004 00000005", {
    lower: 1,
    upper: 5,
    bounds: "[)",
  }],
  [int4range, "[1,5]", "06 00000004 00000001 00000004 00000005", {
    lower: 1,
    upper: 5,
    bounds: "[]",
  }],
  [int4range, "(,5]", "0c 00000004 00000005", { lower: null, upper: 5, bounds: "(]" }],
  [int4range, "[-1,)", "12 00000004 ffffffff", { lower: -1, upper: null, bounds: "[)" }],
  [textrange, '("",a)', "00 00000000 00000001 61", { lower: "", upper: "a", bounds: "()" }],
  [textrange, '["a""b","c\\\\d"]', "06 00000003 612262 00000003 635c64", {
    lower: 'a"b',
    upper: "c\\d",
    bounds: "[]",
  }],
];

test("rangeCodec() gives the same ranges of text and binary, and both of them again", () => {
  for (const [codec, asText, asHex, value] of cases) {
    assertEquals(decodeText(codec, asText), value, asText);
    assertEquals(decodeBinary(codec, hex(asHex)), value, asText);
    if (value === "empty") continue; // A string is its own text form.
    assertEquals(codec.encodeText(value), asText);
    assertEquals(encodeBinary(codec, value), hex(asHex));
  }
});

test("rangeCodec() ignores flags of no meaning, as the server does", () => {
  assertEquals(decodeBinary(int4range, hex("fe")), { lower: null, upper: null, bounds: "()" });
});

test("rangeCodec() fills in what a range leaves out", () => {
  assertEquals(int4range.encodeText({ lower: 1 }), "[1,)");
  assertEquals(int4range.encodeText({ upper: 5, lower: undefined }), "(,5)");
  assertEquals(encodeBinary(int4range, { bounds: "[]" }), hex("18"));
});

test("rangeCodec() goes as text when a bound is given as text", () => {
  assert(fitsBinary(int4range, { lower: 1, upper: null }));
  assert(!fitsBinary(int4range, { lower: "1", upper: 2 }));
  assert(!fitsBinary(int4range, "[1,2)"));
  assert(fitsBinary(textrange, { lower: "1", upper: "2" }));
  assertEquals(int4range.encodeText({ lower: "1", upper: 2 }), "[1,2)");
});

test("rangeCodec() says what is no range", () => {
  const message = (value: unknown) =>
    assertThrows(() => int4range.encodeText(value), Error).message;
  const wanted = "expected an object with lower, upper and bounds, or a string";
  assertEquals(message(5), `Cannot encode int4range: a number was given, ${wanted}`);
  assertEquals(message([1, 5]), `Cannot encode int4range: an array was given, ${wanted}`);
  assertEquals(message({}), `Cannot encode int4range: an object was given, ${wanted}`);
  assertEquals(message(new Date(0)), `Cannot encode int4range: a Date was given, ${wanted}`);
  assertEquals(message(null), `Cannot encode int4range: null was given, ${wanted}`);
  assertEquals(
    message({ lower: 1, uper: 2 }),
    'Cannot encode int4range: ranges have no "uper", expected lower, upper and bounds',
  );
  assertEquals(
    message({ lower: 1, bounds: "[[" }),
    "Cannot encode int4range: bounds are none of [], [), (], ()",
  );
  assertEquals(
    message({ lower: true }),
    "Cannot encode int4: a boolean was given, expected a number or a bigint",
  );
});

test("rangeCodec() takes no text that is no range", () => {
  for (
    const text of [
      "",
      "[",
      "[1",
      "[1,",
      "[1,2",
      "[1,2)x",
      "1,2",
      "[1)",
      "[1,2,3)",
      "emptyx",
      '["1,2)',
    ]
      .concat('["1"', '["1",', "[1\\", "[1,2\\", '[1,"2)', "(", ")", "[,", "{}")
  ) {
    assertThrows(() => decodeText(int4range, text), ProtocolError);
  }
});

test("rangeCodec() takes no bytes that are cut short or too many", () => {
  for (const [codec, , asHex] of cases) {
    const bytes = hex(asHex);
    for (let length = 0; length < bytes.length; length++) {
      assertThrows(() => decodeBinary(codec, bytes.subarray(0, length)), ProtocolError);
    }
    assertThrows(() => decodeBinary(codec, hex(`${asHex}00`)), ProtocolError, "1 bytes are left");
  }
  assertThrows(() => decodeBinary(int4range, hex("10 ffffffff")), ProtocolError, "cut short");
  assertThrows(() => decodeBinary(int4range, hex("10 7fffffff")), ProtocolError, "cut short");
});

test("rangeCodec() reads any text that it writes", () => {
  const bound = fc.option(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")));
  const bounds = fc.constantFrom("[]", "[)", "(]", "()");
  fc.assert(fc.property(fc.record({ lower: bound, upper: bound, bounds }), (range) => {
    const read = decodeText(textrange, textrange.encodeText(range)) as typeof range;
    assertEquals([read.lower, read.upper], [range.lower, range.upper]);
    const binary = decodeBinary(textrange, encodeBinary(textrange, range));
    assertEquals(binary, read);
  }));
});
