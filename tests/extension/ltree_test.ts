import { ProtocolError } from "../../lib/errors.ts";
import { lquery, ltree, ltxtquery } from "../../lib/extension/ltree/mod.ts";
import { fitsBinary, textForm } from "../../lib/value/text_form.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, hex } from "../value/fields.ts";

const codecs = [ltree, lquery, ltxtquery];

test("ltree, lquery and ltxtquery are their text, behind a version in binary", () => {
  for (const codec of codecs) {
    assertEquals(decodeText(codec, "Top.Science"), "Top.Science");
    assertEquals(decodeBinary(codec, hex("01 546f702e c3a9")), "Top.é");
    assertEquals(decodeBinary(codec, hex("01")), "");
  }
});

test("ltree, lquery and ltxtquery refuse another version", () => {
  for (const codec of codecs) {
    for (const bytes of ["", "00 61", "02 61", "61"]) {
      const error = assertThrows(() => decodeBinary(codec, hex(bytes)), ProtocolError);
      const fault = "its version is unknown, expected 1";
      assertEquals(error.message, `Cannot decode ${codec.name}: ${fault}`);
    }
  }
});

test("ltree, lquery and ltxtquery are asked for in text and take strings alone", () => {
  for (const codec of codecs) {
    assertEquals(codec.prefersText, true); // Servers before 13 have no binary form.
    assertEquals(fitsBinary(codec, "a.b"), false);
    assertEquals(textForm(codec, "a.b"), "a.b");
    for (const value of [1, ["a"], { a: 1 }]) {
      assertThrows(() => textForm(codec, value), TypeError, "expected a string");
    }
  }
});
