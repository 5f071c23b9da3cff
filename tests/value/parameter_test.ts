import { encodeParameter } from "../../lib/value/parameter.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { hex } from "./fields.ts";

const registry = new TypeRegistry();

/** `text:` or `hex:` and what is sent; NULL as such. */
function sent(typeOid: number, value: unknown): string {
  const { format, bytes } = encodeParameter(registry, { typeOid, value, index: 1 });
  if (bytes === null) return "NULL";
  if (format === 0) return `text:${new TextDecoder().decode(bytes)}`;
  return `hex:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

test("encodeParameter() encodes a value for the type the server described", () => {
  const date = new Date("2000-01-02T00:00:00.001Z");
  const cases: readonly (readonly [number, unknown, string])[] = [
    [23, null, "NULL"],
    [23, 5, "hex:00000005"],
    [23, 5n, "hex:00000005"],
    [23, "5", "text:5"],
    [20, 5, "hex:0000000000000005"],
    [16, true, "hex:01"],
    [17, hex("00ff"), "hex:00ff"],
    [25, "naïve", "hex:6e61c3af7665"],
    [25, 5, "hex:35"],
    [25, true, "hex:74727565"],
    [114, { a: [1] }, "hex:7b2261223a5b315d7d"],
    [114, [1, 2], "hex:5b312c325d"],
    [3802, [1], "hex:015b315d"],
    [3802, "text", "hex:01227465787422"],
    [1082, date, "hex:00000001"],
    [1114, date, "hex:000000141dd763e8"],
    [1184, Infinity, "hex:7fffffffffffffff"],
    [1186, "1 day", "text:1 day"],
    [1700, 1.5, "hex:00020000000000010001 1388".replace(" ", "")],
    [1700, "1.5", "text:1.5"],
    [
      1007,
      [1],
      "hex:0000000100000000000000170000000100000001 00000004 00000001".replaceAll(" ", ""),
    ],
    [1007, [1, "2"], "text:{1,2}"],
    [
      1009,
      ["a", null],
      "hex:0000000100000001000000190000000200000001 00000001 61 ffffffff".replaceAll(" ", ""),
    ],
    [1183, ["12:00"], "text:{12:00}"],
  ];
  for (const [oid, value, wanted] of cases) assertEquals(sent(oid, value), wanted);
});

test("encodeParameter() sends text for types that are not known", () => {
  const enumOid = 99_999;
  for (const oid of [0, enumOid]) {
    assertEquals(sent(oid, "happy"), "text:happy");
    assertEquals(sent(oid, 5), "text:5");
    assertEquals(sent(oid, ["a", ["b"][0], null]), "text:{a,b,NULL}");
    assertEquals(sent(oid, new Date(0)), "text:1970-01-01 00:00:00+00");
    assertEquals(sent(oid, hex("00ff")), "text:\\x00ff");
  }
  assertEquals(sent(0, { a: 1 }), 'text:{"a":1}');
  assertThrows(() => sent(enumOid, { a: 1 }), TypeError, "an object was given");
});

test("encodeParameter() says which parameter does not fit and why, without its value", () => {
  const error = (typeOid: number, value: unknown) =>
    assertThrows(() => encodeParameter(registry, { typeOid, value, index: 2 }), Error).message;
  assertEquals(
    error(23, undefined),
    "Cannot send parameter $2: it is undefined, expected null for NULL",
  );
  assertEquals(
    error(23, true),
    "Cannot send parameter $2 as int4: a boolean was given, expected a number or a bigint",
  );
  assertEquals(error(21, 70000), "Cannot send parameter $2 as int2: not in -32768 to 32767");
  assertEquals(
    error(25, { password: "x" }),
    "Cannot send parameter $2 as text: an object was given, expected a string",
  );
  assertEquals(error(23, "1\0"), "Cannot send parameter $2 as int4: the text contains a zero byte");
  assertEquals(
    error(1007, [1, true]),
    "Cannot send parameter $2 as int4: a boolean was given, expected a number or a bigint",
  );
  assertEquals(
    error(0, new Map()),
    "Cannot send parameter $2 as a value of unknown type: an object was given, expected a plain object",
  );
});

test("encodeParameter() keeps the cause of an error", () => {
  const attempt = () => encodeParameter(registry, { typeOid: 23, value: 2 ** 31, index: 1 });
  assertEquals(assertThrows(attempt, TypeError).cause instanceof RangeError, true);
});
