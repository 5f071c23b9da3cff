import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { compositeCodec } from "../../lib/value/container/composite.ts";
import { int4Codec } from "../../lib/value/number/integer.ts";
import { textCodec } from "../../lib/value/text/text.ts";
import { fitsBinary } from "../../lib/value/text_form.ts";
import { timetzCodec } from "../../lib/value/date_time/time.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const id = { name: "id", oid: 23, codec: int4Codec };
const label = { name: "label", oid: 25, codec: textCodec("text") };
const pair = compositeCodec({ name: "pair", attributes: [id, label] });
const pairArray = compositeCodec({ name: "pair", attributes: [id, label], shape: "array" });
const nothing = compositeCodec({ name: "nothing", attributes: [] });

// Binary: the count, and of each attribute its type, its length, its bytes.
const cases: readonly (readonly [string, string, { id: number | null; label: string | null }])[] = [
  ["(1,a)", "00000002 00000017 00000004 00000001 00000019 00000001 61", { id: 1, label: "a" }],
  ["(,)", "00000002 00000017 ffffffff 00000019 ffffffff", { id: null, label: null }],
  ['(-1,"")', "00000002 00000017 00000004 ffffffff 00000019 00000000", { id: -1, label: "" }],
  ['(,"a""b")', "00000002 00000017 ffffffff 00000019 00000003 612262", { id: null, label: 'a"b' }],
  ["(,])", "00000002 00000017 ffffffff 00000019 00000001 5d", { id: null, label: "]" }],
];

test("compositeCodec() gives the same of text and binary, and both of it again", () => {
  for (const [asText, asHex, value] of cases) {
    for (const [codec, shaped] of [[pair, value], [pairArray, [value.id, value.label]]] as const) {
      assertEquals(decodeText(codec, asText), shaped);
      assertEquals(decodeBinary(codec, hex(asHex)), shaped);
      for (const sent of [value, [value.id, value.label]]) {
        assertEquals(codec.encodeText(sent), asText);
        assertEquals(encodeBinary(codec, sent), hex(asHex));
      }
    }
  }
});

test("compositeCodec() has types without attributes", () => {
  assertEquals(decodeText(nothing, "()"), {});
  assertEquals(decodeBinary(nothing, hex("00000000")), {});
  assertEquals(nothing.encodeText({}), "()");
  assertEquals(encodeBinary(nothing, {}), hex("00000000"));
});

test("compositeCodec() has __proto__ as a property like any other", () => {
  const attributes = [{ ...label, name: "__proto__" }, id];
  const codec = compositeCodec({ name: "odd", attributes });
  const read = decodeText(codec, "(x,1)") as object;
  assertEquals(Object.entries(read), [["__proto__", "x"], ["id", 1]]);
  assertEquals(Object.getPrototypeOf(read), Object.prototype);
  assertEquals(codec.encodeText(read), "(x,1)");
  assertThrows(() => codec.encodeText({ id: 1 }), TypeError, 'attribute "__proto__" is undefined');
});

test("compositeCodec() goes as text when an attribute is given as text", () => {
  assert(fitsBinary(pair, { id: 1, label: "a" }));
  assert(fitsBinary(pair, [null, "a"]));
  assert(!fitsBinary(pair, { id: "1", label: "a" }));
  assertEquals(pair.encodeText({ id: "1", label: "a" }), "(1,a)");
});

test("compositeCodec() has the sides that all attributes have, and text where one prefers it", () => {
  const textOnly = { ...label, codec: { ...label.codec, decodeBinary: undefined } };
  const noBytes = compositeCodec({ name: "c", attributes: [id, textOnly] });
  assertEquals([noBytes.decodeBinary, typeof noBytes.encodeBinary], [undefined, "function"]);
  const zoned = compositeCodec({ name: "c", attributes: [id, { ...label, codec: timetzCodec }] });
  assertEquals([pair.prefersText, zoned.prefersText], [false, true]);
  assertEquals(zoned.encodeBinary, undefined);
});

test("compositeCodec() says what does not fit, without the value", () => {
  const message = (value: unknown) => assertThrows(() => pair.encodeText(value), Error).message;
  assertEquals(
    message({ id: 1 }),
    'Cannot encode pair: attribute "label" is undefined, expected null for NULL',
  );
  assertEquals(
    message({ id: undefined, label: "a" }),
    'Cannot encode pair: attribute "id" is undefined, expected null for NULL',
  );
  assertEquals(
    message({ id: 1, label: "a", lable: 1 }),
    'Cannot encode pair: it has no attribute "lable"',
  );
  assertEquals(message([1]), "Cannot encode pair: 1 attributes were given, expected 2");
  assertEquals(
    message(5),
    "Cannot encode pair: a number was given, expected an object by the names of the attributes, or a string",
  );
  assertThrows(() => encodeBinary(pair, new Array(2)), TypeError, 'attribute "id" is undefined');
  const odd = compositeCodec({ name: "odd", attributes: [{ ...id, name: "constructor" }] });
  assertThrows(() => odd.encodeText({}), TypeError, 'attribute "constructor" is undefined');
});

test("compositeCodec() tells when the type is another than it was", () => {
  let calls = 0;
  const attributes = [id, label];
  const codec = compositeCodec({ name: "pair", attributes, onStale: () => calls++ });
  const wanted = "Cannot decode pair: its attributes have changed since they were looked up; " +
    "the next query will look again";
  for (const text of ["()", "(1)", "(1,a,b)", "(1,)".replace(")", ",)")]) {
    assertEquals(assertThrows(() => decodeText(codec, text), ProtocolError).message, wanted);
  }
  for (
    const bytes of [
      "00000000",
      "00000001 00000017 ffffffff",
      "00000003 00000017 ffffffff 00000019 ffffffff 00000019 ffffffff",
      "00000002 00000019 ffffffff 00000019 ffffffff",
    ]
  ) {
    assertEquals(
      assertThrows(() => decodeBinary(codec, hex(bytes)), ProtocolError).message,
      wanted,
    );
  }
  assertEquals(calls, 8);
  assertThrows(() => decodeText(codec, "(x,1)"), ProtocolError, "Cannot decode int4");
  assertEquals(calls, 9);
});

test("compositeCodec() takes no text and no bytes that are no record", () => {
  for (
    const text of ["", "(", ")", "1,a", "(1", "(1,", "(1,a", "(1,a)x", '(1,"a)', "(1,a\\", '(1,"']
  ) {
    assertThrows(() => decodeText(pair, text), ProtocolError);
  }
  for (const [, asHex] of cases) {
    const bytes = hex(asHex);
    for (let length = 0; length < bytes.length; length++) {
      assertThrows(() => decodeBinary(pair, bytes.subarray(0, length)), ProtocolError);
    }
    assertThrows(() => decodeBinary(pair, hex(`${asHex}00`)), ProtocolError, "1 bytes are left");
  }
  for (const bytes of ["ffffffff", "7fffffff", "00000002 00000017 fffffffe 00000019 ffffffff"]) {
    assertThrows(() => decodeBinary(pair, hex(bytes)), ProtocolError);
  }
});

test("compositeCodec() reads any text that it writes", () => {
  const text = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(fc.property(fc.option(fc.integer()), fc.option(text), (id, label) => {
    const value = { id, label };
    assertEquals(decodeText(pair, pair.encodeText(value)), value);
    assertEquals(decodeBinary(pair, encodeBinary(pair, value)), value);
    const outer = compositeCodec({ name: "o", attributes: [{ name: "p", oid: 1, codec: pair }] });
    assertEquals(decodeText(outer, outer.encodeText({ p: value })), { p: value });
  }));
});
