import { ProtocolError } from "../../lib/errors.ts";
import { int4Codec } from "../../lib/value/number/integer.ts";
import { multirangeCodec } from "../../lib/value/container/multirange.ts";
import { rangeCodec } from "../../lib/value/container/range.ts";
import { textCodec } from "../../lib/value/text/text.ts";
import { fitsBinary } from "../../lib/value/text_form.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const int4range = rangeCodec("int4range", { oid: 23, codec: int4Codec });
const textrange = rangeCodec("textrange", { oid: 25, codec: textCodec("text") });
const int4multirange = multirangeCodec("int4multirange", { oid: 3904, codec: int4range });
const textmultirange = multirangeCodec("textmultirange", { oid: 1, codec: textrange });

const half = (lower: number | null, upper: number | null) => ({ lower, upper, bounds: "[)" });

// Binary: the count, and each range behind its length.
const cases: readonly (readonly [string, string, unknown[]])[] = [
  ["{}", "00000000", []],
  ["{[1,3)}", "00000001 00000011 02 00000004 00000001 00000004 00000003", [half(1, 3)]],
  [
    "{(,1),[5,)}",
    "00000002 00000009 08 00000004 00000001 00000009 12 00000004 00000005",
    [{ lower: null, upper: 1, bounds: "()" }, half(5, null)],
  ],
];

test("multirangeCodec() gives the same arrays of text and binary, and both of them again", () => {
  for (const [asText, asHex, value] of cases) {
    assertEquals(decodeText(int4multirange, asText), value);
    assertEquals(decodeBinary(int4multirange, hex(asHex)), value);
    assertEquals(int4multirange.encodeText(value), asText);
    assertEquals(encodeBinary(int4multirange, value), hex(asHex));
  }
});

test("multirangeCodec() finds the end of quoted bounds", () => {
  assertEquals(decodeText(textmultirange, '{["}","]"),(",)","\\\\"]}'), [
    { lower: "}", upper: "]", bounds: "[)" },
    { lower: ",)", upper: "\\", bounds: "(]" },
  ]);
});

test("multirangeCodec() takes what the range takes, also in text", () => {
  assertEquals(int4multirange.encodeText(["empty", "[1,2)", { lower: 5 }]), "{empty,[1,2),[5,)}");
  assert(!fitsBinary(int4multirange, [{ lower: 5 }, "empty"]));
  assert(fitsBinary(int4multirange, [{ lower: 5 }]));
});

test("multirangeCodec() says what is no multirange", () => {
  const message = (value: unknown) =>
    assertThrows(() => int4multirange.encodeText(value), Error).message;
  assertEquals(
    message({ lower: 1 }),
    "Cannot encode int4multirange: an object was given, expected an array of ranges, or a string",
  );
  assertEquals(
    message([half(1, 2), null]),
    "Cannot encode int4range: null was given, expected an object with lower, upper and bounds, or a string",
  );
  assertThrows(() => encodeBinary(int4multirange, [undefined]), TypeError, "undefined was given");
  assertThrows(() => encodeBinary(int4multirange, new Array(1)), TypeError, "undefined was given");
});

test("multirangeCodec() takes no text and no bytes that are no multirange", () => {
  for (const text of ["", "{", "{[1,2)", "{[1,2),", "{[1,2),}", "{}x", "[1,2)", "{[1,2)[3,4)}"]) {
    assertThrows(() => decodeText(int4multirange, text), ProtocolError);
  }
  for (const [, asHex] of cases) {
    const bytes = hex(asHex);
    for (let length = 0; length < bytes.length; length++) {
      assertThrows(() => decodeBinary(int4multirange, bytes.subarray(0, length)), ProtocolError);
    }
    assertThrows(() => decodeBinary(int4multirange, hex(`${asHex}00`)), ProtocolError);
  }
  for (const bytes of ["7fffffff", "ffffffff", "00000001 ffffffff", "00000001 00000005 01"]) {
    assertThrows(() => decodeBinary(int4multirange, hex(bytes)), ProtocolError);
  }
});
