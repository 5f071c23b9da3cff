import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { ByteSource } from "../../lib/value/field_source.ts";
import { fitsBinary, textForm } from "../../lib/value/text_form.ts";
import { charCodec, textCodec } from "../../lib/value/text/text.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

/** The field's bytes in text (18, then 13) and in binary, and the value. */
const bytes: readonly (readonly [string, string, string, string])[] = [
  ["", "", "00", ""],
  ["01", "01", "01", "\u0001"],
  ["20", "20", "20", " "],
  ["41", "41", "41", "A"],
  ["5c", "5c", "5c", "\\"],
  ["7f", "7f", "7f", "\u007f"],
  ["5c323030", "80", "80", "\\200"],
  ["5c333033", "c3", "c3", "\\303"],
  ["5c333130", "c8", "c8", "\\310"],
  ["5c333737", "ff", "ff", "\\377"],
];

test("charCodec gives the same of text, of the text of old servers, and of binary", () => {
  for (const [today, old, binary, value] of bytes) {
    assertEquals(decodeText(charCodec, latin1(today)), value);
    assertEquals(charCodec.decodeText(source(old), 1, 1 + old.length / 2), value);
    assertEquals(decodeBinary(charCodec, hex(binary)), value);
    assertEquals(encodeBinary(charCodec, value), hex(binary));
    assertEquals(charCodec.encodeText(value), value);
  }
});

test("charCodec reads what an old server has converted from its own encoding", () => {
  assertEquals(decodeText(charCodec, "é"), "é");
});

test("charCodec takes digits, and octal digits of any byte", () => {
  assertEquals(encodeBinary(charCodec, 7), hex("37"));
  assertEquals(encodeBinary(charCodec, 7n), hex("37"));
  assertEquals(encodeBinary(charCodec, "\\101"), hex("41"));
  assertEquals(charCodec.encodeText("\\101"), "A");
  assertEquals(charCodec.encodeText("\\000"), "");
});

test("charCodec refuses more than one byte", () => {
  for (const value of ["ab", "é", "\u{1f418}", "\\400", "\\2000", "\\38", "\\208", 10, -1, true]) {
    const message = "Cannot encode char: the text is more than one byte";
    assertThrows(() => charCodec.encodeText(value), RangeError, message);
    assertThrows(() => encodeBinary(charCodec, value), RangeError, message);
  }
  assertThrows(() => charCodec.encodeText("\0"), TypeError, "zero byte");
  assertThrows(() => charCodec.encodeText([]), TypeError, "an array was given, expected a string");
  for (const binary of ["", "4142"]) {
    assertThrows(() => decodeBinary(charCodec, hex(binary)), ProtocolError, "Cannot decode char");
  }
});

test("textCodec() has one form for text and binary, whatever stands in it", () => {
  const codec = textCodec("text");
  const texts = fc.string({ unit: "binary" }).filter((text) =>
    !text.includes("\0") && text.isWellFormed()
  );
  fc.assert(fc.property(texts, (text) => {
    const field = new TextEncoder().encode(text);
    assertEquals(encodeBinary(codec, text), field);
    assertEquals(codec.encodeText(text), text);
    assertEquals(decodeText(codec, text), text);
    assertEquals(decodeBinary(codec, field), text);
  }));
});

test("textCodec() writes numbers, bigints and booleans as PostgreSQL does", () => {
  const codec = textCodec("varchar");
  const cases = [
    [5, "5"],
    [-0, "-0"],
    [0.1, "0.1"],
    [1e21, "1e+21"],
    [NaN, "NaN"],
    [
      Infinity,
      "Infinity",
    ],
    [-5n, "-5"],
    [true, "true"],
    [false, "false"],
  ] as const;
  for (const [value, text] of cases) {
    assertEquals(codec.encodeText(value), text);
    assertEquals(encodeBinary(codec, value), new TextEncoder().encode(text));
  }
});

test("textCodec() refuses what has no text, and does not show it", () => {
  const codec = textCodec("name");
  const cases: readonly (readonly [unknown, string])[] = [
    [undefined, "undefined was given, expected a string"],
    [null, "null was given, expected a string"],
    [{ secret: 1 }, "an object was given, expected a string"],
    [["secret"], "an array was given, expected a string"],
    [new Date(0), "a Date was given, expected a string"],
    [new Uint8Array(1), "a Uint8Array was given, expected a string"],
    [Symbol("secret"), "a symbol was given, expected a string"],
    [() => "secret", "a function was given, expected a string"],
    ["secret\0", "the text contains a zero byte"],
    ["secret\udc00", "the text contains half a surrogate pair"],
    ["\ud83d secret", "the text contains half a surrogate pair"],
  ];
  for (const [value, fault] of cases) {
    const message = `Cannot encode name: ${fault}`;
    const error = assertThrows(() => codec.encodeText(value), TypeError);
    assertEquals(error.message, message);
    assertThrows(() => encodeBinary(codec, value), TypeError, message);
  }
});

test("the registry has the text family, in binary, with strings as values", () => {
  const registry = new TypeRegistry();
  for (const oid of [18, 19, 25, 705, 1042, 1043, 1790, 2275]) {
    const codec = registry.codec(oid);
    assertEquals(registry.resultFormat(oid), 1, codec.name);
    assertEquals(fitsBinary(codec, "x"), true, codec.name);
    assertEquals(textForm(codec, "x"), "x", codec.name);
  }
});

function latin1(digits: string): string {
  return String.fromCharCode(...hex(digits));
}

/** The bytes between two others: they need not be UTF-8. */
function source(digits: string): Parameters<typeof charCodec.decodeText>[0] {
  return new ByteSource(hex(`b5${digits}b5`));
}
