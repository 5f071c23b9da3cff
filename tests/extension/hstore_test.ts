import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { hstore } from "../../lib/extension/hstore/mod.ts";
import { fitsBinary, textForm } from "../../lib/value/text_form.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "../value/fields.ts";

const proto = Object.fromEntries([["__proto__", "x"], ["constructor", null]]);

/** PostgreSQL's text, the bytes (count, each key and value behind its length), and the value. */
const cases: readonly (readonly [string, string, Record<string, string | null>])[] = [
  ["", "00000000", {}],
  ['"a"=>"1"', "00000001 00000001 61 00000001 31", { a: "1" }],
  ['"a"=>NULL', "00000001 00000001 61 ffffffff", { a: null }],
  ['""=>""', "00000001 00000000 00000000", { "": "" }],
  ['"a"=>"NULL", "b"=>NULL', "00000002 00000001 61 00000004 4e554c4c 00000001 62 ffffffff", {
    a: "NULL",
    b: null,
  }],
  ['"\\"\\\\"=>", \\"=>"', "00000001 00000002 225c 00000005 2c20223d3e", { '"\\': ', "=>' }],
  ['"é"=>"😀"', "00000001 00000002 c3a9 00000004 f09f9880", { é: "😀" }],
  ['"a\nb"=>"\t"', "00000001 00000003 610a62 00000001 09", { "a\nb": "\t" }],
  [
    '"__proto__"=>"x", "constructor"=>NULL',
    "00000002 00000009 5f5f70726f746f5f5f 00000001 78 0000000b 636f6e7374727563746f72 ffffffff",
    proto,
  ],
];

test("hstore is an object from both formats, and back", () => {
  for (const [text, bytes, value] of cases) {
    assertEquals(decodeText(hstore, text), value);
    assertEquals(decodeBinary(hstore, hex(bytes)), value);
    assertEquals(hstore.encodeText(value), text);
    assertEquals(encodeBinary(hstore, value), hex(bytes));
    const map = new Map(Object.entries(value));
    assertEquals(hstore.encodeText(map), text);
    assertEquals(encodeBinary(hstore, map), hex(bytes));
  }
});

test("hstore makes __proto__ a property", () => {
  const [text, bytes] = cases.at(-1)!;
  for (const value of [decodeText(hstore, text), decodeBinary(hstore, hex(bytes))]) {
    assertStrictEquals(Object.getPrototypeOf(value), Object.prototype);
    assertEquals(Object.entries(value as object), [["__proto__", "x"], ["constructor", null]]);
  }
});

test("hstore comes back as it was given", () => {
  const strings = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(fc.property(fc.dictionary(strings, fc.option(strings)), (pairs) => {
    const value = { ...pairs }; // fast-check also makes objects without a prototype.
    assertEquals(decodeText(hstore, hstore.encodeText(pairs)), value);
    assertEquals(decodeBinary(hstore, encodeBinary(hstore, pairs)), value);
  }));
});

test("hstore refuses bytes and texts that are cut or go on", () => {
  for (const [text, bytes] of cases) {
    const whole = hex(bytes);
    for (let length = 0; length < whole.length; length++) {
      assertThrows(() => decodeBinary(hstore, whole.subarray(0, length)), ProtocolError);
    }
    assertThrows(() => decodeBinary(hstore, hex(`${bytes} 00`)), ProtocolError, "bytes are left");
    for (let length = 1; length < text.length; length++) {
      const part = text.slice(0, length);
      if (part === '"a"=>"NULL"') continue;
      if (part === '"__proto__"=>"x"') continue;
      assertThrows(() => decodeText(hstore, part), ProtocolError, "another form");
    }
  }
  for (const bytes of ["ffffffff", "00000001 ffffffff", "00000001 00000000 fffffffe"]) {
    assertThrows(() => decodeBinary(hstore, hex(bytes)), ProtocolError, "Cannot decode hstore: ");
  }
  for (const text of ["a=>1", '"a"=>1', '"a"=>null', '"a"=>"1","b"=>"2"', '"a"', '"a"=>"1", ']) {
    assertThrows(() => decodeText(hstore, text), ProtocolError, "Cannot decode hstore: ");
  }
});

test("hstore takes plain objects and Maps of strings and null alone", () => {
  const bad: readonly (readonly [unknown, string])[] = [
    [1, "a number was given, expected a plain object or a Map"],
    [null, "null was given, expected a plain object or a Map"],
    [["secret"], "an array was given, expected a plain object or a Map"],
    [new Date(0), "a Date was given, expected a plain object or a Map"],
    [new Set(["secret"]), "an object was given, expected a plain object or a Map"],
    [{ secret: 1 }, "a number was given, expected a string or null as each value"],
    [{ secret: true }, "a boolean was given, expected a string or null as each value"],
    [{ secret: undefined }, "undefined was given, expected a string or null as each value"],
    [{ secret: {} }, "an object was given, expected a string or null as each value"],
    [new Map([[1, "secret"]]), "a number was given, expected a string as each key"],
    [{ a: "secret\0" }, "the text contains a zero byte"],
    [{ "secret\0": null }, "the text contains a zero byte"],
    [{ "\ud800": "secret" }, "the text contains half a surrogate pair"],
  ];
  for (const [value, fault] of bad) {
    for (const encode of [() => textForm(hstore, value), () => encodeBinary(hstore, value)]) {
      assertEquals(assertThrows(encode, TypeError).message, `Cannot encode hstore: ${fault}`);
    }
  }
  assertEquals(textForm(hstore, "a=>1"), "a=>1");
  assertEquals(fitsBinary(hstore, "a=>1"), false);
  assert(fitsBinary(hstore, {}));
});
