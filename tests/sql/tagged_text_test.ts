import { skipToken } from "../../lib/value/literal/sql_scanner.ts";
import { tagged } from "../../lib/sql/tagged_text.ts";
import { test } from "../harness.ts";
import { assert, assertEquals } from "../std_assert.ts";
import fc from "fast-check";

test("tagged() puts the tag in a comment in front", () => {
  assertEquals(tagged("select 1", "GET /users/:id"), "/* GET /users/:id */ select 1");
});

test("tagged() leaves a text without a tag as it is", () => {
  assertEquals(tagged("select 1", ""), "select 1");
  assertEquals(tagged("select 1", " \n*/"), "select 1");
});

test("tagged() makes spaces of what could end the comment or break the line", () => {
  const texts = [
    ["a*/b", "a b"],
    ["a/*b", "a b"],
    ["*/*/", ""],
    ["/*/", "/"],
    ["**//", "* /"],
    ["*\0/", "* /"],
    ["a\r\nb\u2028c\u0085d", "a  b c d"],
    ["*", "*"],
    ["/", "/"],
  ];
  for (const [tag, safe] of texts) {
    assertEquals(tagged("x", tag), safe === "" ? "x" : `/* ${safe} */ x`);
  }
});

test("tagged() makes one comment of any tag", () => {
  const tag = fc.string({ unit: fc.constantFrom("*", "/", "-", "\n", "\0", "'", "a", " ") });
  fc.assert(fc.property(tag, (tag) => {
    const text = tagged("x", tag);
    assert(text === "x" || skipToken(text, 0, {}) === text.length - " x".length);
  }));
});
