import { Fragment, identifier, render } from "../../lib/sql/fragment.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";

function fragment(strings: TemplateStringsArray, ...values: unknown[]): Fragment {
  return new Fragment({ strings, values });
}

test("render() gives a text without values as it is", () => {
  assertEquals(render(fragment`select 1`.parts), { text: "select 1", values: [] });
});

test("render() puts numbered parameters in the places of values", () => {
  const { parts } = fragment`select ${"a"}, ${1} where x = ${null}`;
  assertEquals(render(parts), {
    text: "select $1, $2 where x = $3",
    values: ["a", 1, null],
  });
});

test("render() counts on through nested fragments", () => {
  const condition = fragment`b = ${2} and ${fragment`c = ${3}`}`;
  const { parts } = fragment`select ${1} where ${condition} limit ${4}`;
  assertEquals(render(parts), {
    text: "select $1 where b = $2 and c = $3 limit $4",
    values: [1, 2, 3, 4],
  });
});

test("render() writes a fragment out each time it is used", () => {
  const now = fragment`now() - ${"1 day"}`;
  assertEquals(render(fragment`select ${now}, ${now}`.parts), {
    text: "select now() - $1, now() - $2",
    values: ["1 day", "1 day"],
  });
});

test("render() never takes a value for SQL", () => {
  const values = ["'; drop table x --", "$1", ["a"], { strings: ["x"], values: [] }, undefined];
  assertEquals(render({ strings: ["", ", ", ", ", ", ", ", ", ""], values }), {
    text: "$1, $2, $3, $4, $5",
    values,
  });
});

test("render() reads a template's cooked text", () => {
  assertEquals(render(fragment`select 'a\n\u00e4'`.parts).text, "select 'a\nä'");
});

test("identifier() quotes a name and doubles its quotes", () => {
  assertEquals(render(fragment`select ${identifier('a"b')}`.parts), {
    text: 'select "a""b"',
    values: [],
  });
});

test("identifier() joins a path of names with dots", () => {
  assertEquals(render(identifier("Shop", "order.s").parts).text, '"Shop"."order.s"');
});

test("identifier() refuses an empty name", () => {
  assertThrows(() => identifier("shop", ""), TypeError, "empty");
});
