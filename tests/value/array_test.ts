import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { arrayCodec } from "../../lib/value/container/array.ts";
import { lowerBoundsOf, withLowerBounds } from "../../lib/value/container/array_shape.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { shortestFloat } from "../../lib/value/number/shortest_float.ts";
import { textCodec } from "../../lib/value/text/text.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const registry = new TypeRegistry();
const int2s = registry.codec(1005);
const int4s = registry.codec(1007);
const texts = registry.codec(1009);
const jsonbs = registry.codec(3807);
const float8s = registry.codec(1022);
const numerics = registry.codec(1231);
const timestamptzs = registry.codec(1185);

// Binary: dimensions, flag for NULLs, element type; length and lower bound each; elements.
const cases: readonly (readonly [Codec, string, string, unknown[]])[] = [
  [int4s, "{}", "00000000 00000000 00000017", []],
  [
    int4s,
    "{1,NULL}",
    "00000001 00000001 00000017 00000002 00000001 00000004 00000001 ffffffff",
    [1, null],
  ],
  [
    int2s,
    "{{1,NULL},{3,4}}",
    "00000002 00000001 00000015 00000002 00000001 00000002 00000001" +
    "00000002 0001 ffffffff 00000002 0003 00000002 0004",
    [[1, null], [3, 4]],
  ],
  [
    texts,
    '{a,"","NULL",NULL,"a\\"b\\\\c","{x}"," y"}',
    "00000001 00000001 00000019 00000007 00000001 00000001 61 00000000 00000004 4e554c4c" +
    "ffffffff 00000005 6122625c63 00000003 7b787d 00000002 2079",
    ["a", "", "NULL", null, 'a"b\\c', "{x}", " y"],
  ],
  [
    jsonbs,
    '{"{\\"a\\": [1]}"}',
    "00000001 00000000 00000eda 00000001 00000001 0000000b 01 7b2261223a205b315d7d",
    [{ a: [1] }],
  ],
];

test("array codecs give the same arrays of text and binary", () => {
  for (const [codec, asText, asHex, value] of cases) {
    assertEquals(decodeText(codec, asText), value, `${codec.name} ${asText}`);
    assertEquals(decodeBinary(codec, hex(asHex)), value, `${codec.name} ${asHex}`);
  }
});

test("array codecs give the server's text and bytes", () => {
  for (const [codec, asText, asHex, value] of cases) {
    if (codec === jsonbs) continue; // JSON.stringify has its own white space.
    assertEquals(codec.encodeText(value), asText);
    assertEquals(encodeBinary(codec, value), hex(asHex));
  }
});

test("array codecs keep lower bounds, which are not enumerable", () => {
  const asHex = "00000001 00000000 00000017 00000002 00000000 00000004 00000005 00000004 00000006";
  for (const value of [decodeText(int4s, "[0:1]={5,6}"), decodeBinary(int4s, hex(asHex))]) {
    const array = value as unknown[];
    assertEquals(Array.from(array), [5, 6]);
    assertEquals(Object.keys(array), ["0", "1"]);
    assertEquals(lowerBoundsOf(array), [0]);
    assertEquals(int4s.encodeText(array), "[0:1]={5,6}");
    assertEquals(encodeBinary(int4s, array), hex(asHex));
  }
  const text = "[-2:-1][3:3]={{1},{2}}";
  const nested = decodeText(int4s, text) as unknown[];
  assertEquals(lowerBoundsOf(nested), [-2, 3]);
  assertEquals(int4s.encodeText(nested), text);
  assertEquals(lowerBoundsOf(decodeText(int4s, "{5,6}") as unknown[]), undefined);
});

test("withLowerBounds() needs one bound a dimension", () => {
  assertEquals(int4s.encodeText(withLowerBounds([7], [5])), "[5:5]={7}");
  assertThrows(() => int4s.encodeText(withLowerBounds([7], [5, 1])), RangeError, "lowerBounds");
  assertThrows(() => int4s.encodeText(withLowerBounds([7], [0.5])), RangeError, "lowerBounds");
});

test("array codecs of json take inner arrays for JSON", () => {
  const value = [[1, [2]], { a: "NULL" }, "text", null];
  for (const codec of [registry.codec(199), jsonbs]) {
    assertEquals(decodeText(codec, codec.encodeText(value)), value);
    assertEquals(decodeBinary(codec, encodeBinary(codec, value)), value);
  }
  // A two-dimensional array is the same one again.
  const text = "{{1,2},{3,4}}";
  assertEquals(jsonbs.encodeText(decodeText(jsonbs, text)), text);
});

test("array codecs take what their elements take: texts, bigints, negative zero", () => {
  assertEquals(int4s.encodeText([1, "2", null]), "{1,2,NULL}");
  assertEquals(int4s.encodeText([1, 2n, -0]), "{1,2,0}");
  assertEquals(timestamptzs.encodeText(["now", Infinity]), "{now,infinity}");
});

test("array codecs decode as their elements do", () => {
  assertEquals(decodeText(float8s, "{NaN,-Infinity,NULL}"), [NaN, -Infinity, null]);
  assertEquals(decodeText(numerics, "{1.10,NaN}"), ["1.10", "NaN"]);
  assertEquals(decodeText(timestamptzs, '{"2000-01-01 00:00:00+00",infinity}'), [
    new Date(946684800000),
    Infinity,
  ]);
  assertEquals(decodeText(registry.codec(1001), '{"\\\\x00ff"}'), [hex("00ff")]);
  assertEquals(decodeText(registry.codec(1000), "{t,f,null}"), [true, false, null]);
});

/** Arrays of one shape, one to four dimensions, with NULLs. */
function arrays(element: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> {
  const item = fc.option(element, { freq: 4 });
  const lengths = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
  return lengths.chain((dimensions) =>
    dimensions.reduceRight(
      (inner: fc.Arbitrary<unknown>, length) =>
        fc.array(inner, { minLength: length, maxLength: length }),
      item,
    ) as fc.Arbitrary<unknown[]>
  );
}

const cleanText = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));

test("array codecs undo what they encode, whatever the elements", () => {
  const elements: readonly (readonly [number, fc.Arbitrary<unknown>])[] = [
    [1000, fc.boolean()],
    [1001, fc.uint8Array({ maxLength: 20 })],
    [1007, fc.integer()],
    [1009, fc.oneof(cleanText, fc.constantFrom("NULL", "", '"', "\\", "{}", "a,b", " "))],
    [1016, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    [1021, fc.float().map(shortestFloat)],
    [1185, fc.date({ noInvalidDate: true, min: new Date(-2e14) })],
    [2951, fc.uuid()],
  ];
  for (const [oid, element] of elements) {
    const codec = registry.codec(oid);
    fc.assert(fc.property(arrays(element), (value) => {
      assertEquals(decodeText(codec, codec.encodeText(value)), value);
      assertEquals(decodeBinary(codec, encodeBinary(codec, value)), value);
    }));
  }
});

test("arrayCodec() has no binary side where the element has none, and takes a delimiter", () => {
  const box = textCodec("box");
  const codec: Codec = { name: "box", decodeText: box.decodeText, encodeText: box.encodeText };
  const boxes = arrayCodec({ oid: 603, codec, delimiter: ";" });
  assertEquals(boxes.decodeBinary, undefined);
  assertEquals(boxes.encodeBinary, undefined);
  assertEquals(decodeText(boxes, "{(1,1),(0,0);(2,2),(1,1)}"), ["(1,1),(0,0)", "(2,2),(1,1)"]);
  assertEquals(boxes.encodeText(["(1,1),(0,0)", "a;b"]), '{(1,1),(0,0);"a;b"}');
});

test("array codecs read elements of one size as they read all others", () => {
  const elements: readonly (readonly [number, fc.Arbitrary<unknown>])[] = [
    [1007, fc.integer()],
    [1016, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    [1022, fc.double()],
  ];
  for (const [oid, element] of elements) {
    const codec = registry.codec(oid);
    const items = fc.array(fc.option(element, { freq: 20 }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(items, (value) => {
      // With lower bounds they are read one by one.
      const plain = encodeBinary(codec, withLowerBounds([...value], [0]));
      const one = encodeBinary(codec, value);
      assertEquals(decodeBinary(codec, one), Array.from(decodeBinary(codec, plain) as unknown[]));
    }));
  }
});

test("array codecs refuse bytes that are cut anywhere", () => {
  const values: readonly (readonly [Codec, unknown])[] = [
    [int4s, [1, 2, 3]],
    [int4s, [1, null]],
    [int4s, [[1, 2], [3, 4]]],
    [float8s, [1.5]],
    [texts, ["a", "", null]],
  ];
  for (const [codec, value] of values) {
    const whole = encodeBinary(codec, value);
    for (let length = 0; length < whole.length; length++) {
      assertThrows(() => decodeBinary(codec, whole.subarray(0, length)), ProtocolError);
    }
    assertThrows(() => decodeBinary(codec, Uint8Array.of(...whole, 0)), ProtocolError);
  }
});

test("array codecs quote just what PostgreSQL quotes", () => {
  const plain = ["a", "NULLS", "nul", "é", "\u00a0", "[0:1]=", "'", ";", "\u0001"];
  const quoted = ["", "null", "NuLL", " ", "\t", "\n", "\v", "\f", "\r", "{", "}", ",", "a b"];
  assertEquals(texts.encodeText(plain), `{${plain.join()}}`);
  assertEquals(texts.encodeText(quoted), `{${quoted.map((text) => `"${text}"`).join()}}`);
  assertEquals(texts.encodeText(['"', "\\"]), '{"\\"","\\\\"}');
});

test("array codecs write every depth", () => {
  assertEquals(
    int4s.encodeText([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
    "{{{1,2},{3,4}},{{5,6},{7,8}}}",
  );
  assertEquals(int4s.encodeText([[[[[[1], [null]]]]]]), "{{{{{{1},{NULL}}}}}}");
  assertEquals(int4s.encodeText([[1], [2], [3]]), "{{1},{2},{3}}");
});

test("Codec.fitsBinary() of arrays ends, also where an array holds itself", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  assertEquals(int4s.fitsBinary!(cyclic), true);
  assertEquals(int4s.fitsBinary!([[1, null], [2, "3"]]), false);
  assertEquals(texts.fitsBinary!([["a"]]), true);
});

test("array codecs refuse malformed texts", () => {
  const bad = [
    "",
    "1",
    "{",
    "{1",
    "{1,}",
    "{,}",
    '{"1}',
    "{1}}",
    "{1}x",
    "[0:1{1}",
    "[0:1]=",
    "{1 2}",
  ];
  bad.push("[x:1]={1}", '{"1"2}', "{{{{{{{1}}}}}}}", '{"\\', "{1,NIL}");
  for (const text of bad) {
    assertThrows(() => decodeText(int4s, text), ProtocolError, "Cannot decode int4");
  }
});

test("array codecs refuse malformed bytes, and allocate nothing for what was not sent", () => {
  const bad = [
    "",
    "00000001 00000000 00000017",
    "00000007 00000000 00000017",
    "ffffffff 00000000 00000017",
    "00000000 00000000 00000019",
    "00000001 00000000 00000017 00000000 00000001",
    "00000001 00000000 00000017 7fffffff 00000001",
    "00000002 00000000 00000017 7fffffff 00000001 7fffffff 00000001",
    "00000001 00000000 00000017 00000001 00000001 00000005 00000001",
    "00000001 00000000 00000017 00000001 00000001 fffffffe",
    "00000001 00000000 00000017 00000001 00000001 00000003 000001",
    "00000001 00000000 00000017 00000001 00000001 ffffffff 00",
  ];
  for (const bytes of bad) {
    assertThrows(() => decodeBinary(int4s, hex(bytes)), ProtocolError, "Cannot decode int4");
  }
});

test("array codecs refuse what is no array of one shape", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const bad: readonly (readonly [unknown, string])[] = [
    [5, "expected an array"],
    [{ length: 1 }, "expected an array"],
    [[[1], [1, 2]], "one shape"],
    [[[1], 2], "one shape"],
    [[1, [2]], "one shape"],
    [[null, [2]], "one shape"],
    [[1, undefined], "undefined"],
    [new Array(2), "undefined"],
    [[1, true], "a boolean was given"],
    [[[[[[[[1]]]]]]], "6 dimensions"],
    [cyclic, "6 dimensions"],
  ];
  for (const [value, reason] of bad) {
    assertThrows(() => int4s.encodeText(value), Error, reason);
    assertThrows(() => encodeBinary(int4s, value), Error, reason);
  }
  assertEquals(int4s.encodeText([[], []]), "{}");
});
