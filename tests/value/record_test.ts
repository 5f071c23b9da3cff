import { ProtocolError } from "../../lib/errors.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, hex } from "./fields.ts";

const registry = new TypeRegistry();
const record = registry.codec(2249);
const records = registry.codec(2287);

// Binary: the count, and of each attribute its type, its length, its bytes.
const cases: readonly (readonly [string, string, unknown])[] = [
  ["(1,a)", "00000002 00000017 00000004 00000001 00000019 00000001 61", ["1", "a"]],
  ["(,)", "00000002 00000017 ffffffff 00000019 ffffffff", [null, null]],
  ["()", "00000001 00000017 ffffffff", [null]],
  ["(t)", "00000001 00000010 00000001 01", ["t"]],
  [
    '("(5,""a b"")")',
    "00000001 000008c9 0000001b 00000002" +
    "00000017 00000004 00000005 00000019 00000003 612062",
    ['(5,"a b")'],
  ],
];

test("recordCodec() gives the same texts of text and binary", () => {
  for (const [asText, asHex, value] of cases) {
    assertEquals(decodeText(record, asText), value);
    assertEquals(decodeBinary(record, hex(asHex)), value);
    assertEquals(record.encodeText(value), asText);
  }
  assertEquals(registry.resultFormat(2249), 0);
  assertEquals(record.encodeBinary, undefined);
});

test("recordCodec() in arrays tells records from dimensions", () => {
  assertEquals(decodeText(records, '{"(1,a)",NULL,"(,)"}'), [["1", "a"], null, [null, null]]);
  assertEquals(records.encodeText([["1", "a"], null, [null, null]]), '{"(1,a)",NULL,"(,)"}');
});

test("recordCodec() has the bytes of what it does not know in hex", () => {
  assertEquals(decodeBinary(record, hex("00000001 0001869f 00000002 00ff")), ["\\x00ff"]);
});

test("recordCodec() takes texts and nulls alone", () => {
  assertThrows(() => record.encodeText({}), TypeError, "an object was given, expected an array");
  assertThrows(() => record.encodeText([1]), TypeError, "a number was given, expected a string");
  assertThrows(() => record.encodeText(["\0"]), TypeError, "zero byte");
});

test("recordCodec() takes no text and no bytes that are no record", () => {
  for (const text of ["", "(", "(1", "(1,a", "(1)x", '("1)']) {
    assertThrows(() => decodeText(record, text), ProtocolError);
  }
  for (const [, asHex] of cases) {
    const bytes = hex(asHex);
    for (let length = 0; length < bytes.length; length++) {
      assertThrows(() => decodeBinary(record, bytes.subarray(0, length)), ProtocolError);
    }
  }
});
