import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { geometricCodecs, type GeometricName } from "../../lib/value/geometric/geometric.ts";
import { formatNumber } from "../../lib/value/geometric/geometric_number.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const codecs = geometricCodecs.object;

// The float8s of the bytes below.
const ONE = "3ff0000000000000";
const TWO = "4000000000000000";
const THREE = "4008000000000000";
const MINUS_ZERO = "8000000000000000";
const NOT_A_NUMBER = "7ff8000000000000";
const INFINITE = "7ff0000000000000";
const TINY = "0000000000000001";

interface Case {
  readonly type: GeometricName;
  readonly text: string;
  readonly bytes: string;
  readonly value: unknown;
}

const cases: readonly Case[] = [
  { type: "point", text: "(1,-0)", bytes: ONE + MINUS_ZERO, value: { x: 1, y: -0 } },
  {
    type: "point",
    text: "(NaN,Infinity)",
    bytes: NOT_A_NUMBER + INFINITE,
    value: { x: NaN, y: Infinity },
  },
  { type: "point", text: "(5e-324,2)", bytes: TINY + TWO, value: { x: 5e-324, y: 2 } },
  { type: "line", text: "{1,2,3}", bytes: ONE + TWO + THREE, value: { a: 1, b: 2, c: 3 } },
  {
    type: "lseg",
    text: "[(1,2),(3,-0)]",
    bytes: ONE + TWO + THREE + MINUS_ZERO,
    value: { start: { x: 1, y: 2 }, end: { x: 3, y: -0 } },
  },
  {
    type: "box",
    text: "(3,2),(1,-0)",
    bytes: THREE + TWO + ONE + MINUS_ZERO,
    value: { high: { x: 3, y: 2 }, low: { x: 1, y: -0 } },
  },
  {
    type: "circle",
    text: "<(1,2),3>",
    bytes: ONE + TWO + THREE,
    value: { center: { x: 1, y: 2 }, radius: 3 },
  },
  // Closed, count, points.
  {
    type: "path",
    text: "[(1,2)]",
    bytes: `00 00000001 ${ONE}${TWO}`,
    value: { closed: false, points: [{ x: 1, y: 2 }] },
  },
  {
    type: "path",
    text: "((1,2),(3,-0))",
    bytes: `01 00000002 ${ONE}${TWO} ${THREE}${MINUS_ZERO}`,
    value: { closed: true, points: [{ x: 1, y: 2 }, { x: 3, y: -0 }] },
  },
  {
    type: "polygon",
    text: "((1,2),(3,1))",
    bytes: `00000002 ${ONE}${TWO} ${THREE}${ONE}`,
    value: { points: [{ x: 1, y: 2 }, { x: 3, y: 1 }] },
  },
];

test("Geometric codecs read and write objects in text and in binary", () => {
  for (const { type, text, bytes, value } of cases) {
    const codec = codecs[type];
    assertEquals(decodeText(codec, text), value, text);
    assertEquals(decodeBinary(codec, hex(bytes)), value, text);
    assertEquals(codec.encodeText(value), text);
    assertEquals(encodeBinary(codec, value), hex(bytes), text);
    assert(!codec.prefersText);
  }
});

test("Geometric codecs of the shape text give the server's text, and take objects too", () => {
  for (const { type, text, bytes, value } of cases) {
    const codec = geometricCodecs.text[type];
    assertEquals(decodeText(codec, text), text);
    assertEquals(decodeBinary(codec, hex(bytes)), text);
    assertEquals(codec.encodeText(value), text);
    assertEquals(encodeBinary(codec, value), hex(bytes), text);
    assert(codec.prefersText);
  }
});

test("Geometric codecs refuse bytes and texts that are cut anywhere, or go on", () => {
  for (const { type, text, bytes } of cases) {
    const field = hex(bytes);
    const codec = codecs[type];
    const wanted = `Cannot decode ${type}: `;
    for (let length = 0; length < field.length; length++) {
      assertThrows(() => decodeBinary(codec, field.subarray(0, length)), ProtocolError, wanted);
    }
    assertThrows(() => decodeBinary(codec, Uint8Array.of(...field, 0)), ProtocolError, wanted);
    for (let length = 0; length < text.length; length++) {
      assertThrows(() => decodeText(codec, text.slice(0, length)), ProtocolError, wanted);
    }
    assertThrows(() => decodeText(codec, `${text} `), ProtocolError, wanted);
  }
});

test("Geometric codecs refuse counts and flags that make no sense", () => {
  const bad: readonly (readonly [GeometricName, string, string])[] = [
    ["polygon", "ffffffff", "-1 points"],
    ["polygon", "7fffffff", "4 bytes, expected 34359738356"],
    ["polygon", `00000000 ${ONE}${TWO}`, "20 bytes, expected 4"],
    ["path", `02 00000001 ${ONE}${TWO}`, "a flag of 2"],
    ["path", "01 80000000", "-2147483648 points"],
  ];
  for (const [type, bytes, fault] of bad) {
    const error = assertThrows(() => decodeBinary(codecs[type], hex(bytes)), ProtocolError);
    assertEquals(error.message, `Cannot decode ${type}: ${fault}`);
  }
});

test("Geometric codecs decode any text to a value or a ProtocolError", () => {
  const names = Object.keys(codecs) as GeometricName[];
  const piece = fc.constantFrom("(", ")", "[", "]", "{", "}", "<", ">", ",", "1", "-", "NaN", "x");
  const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(""));
  fc.assert(fc.property(fc.constantFrom(...names), text, (type, garbage) => {
    try {
      decodeText(codecs[type], garbage);
    } catch (error) {
      assert(error instanceof ProtocolError);
    }
  }));
});

test("Geometric codecs say which member of an object is missing or no number", () => {
  const point = { x: 1, y: 2 };
  const bad: readonly (readonly [GeometricName, unknown, string])[] = [
    ["point", 1, "a number was given, expected an object with x"],
    ["point", null, "null was given, expected an object with x"],
    ["point", {}, "undefined was given, expected a number as x"],
    ["point", [1, 2], "undefined was given, expected a number as x"],
    ["point", { x: 1 }, "undefined was given, expected a number as y"],
    ["point", { x: 1, y: "secret" }, "a string was given, expected a number as y"],
    ["point", { x: 1n, y: 2 }, "a bigint was given, expected a number as x"],
    ["line", { a: 1, b: null, c: 3 }, "null was given, expected a number as b"],
    ["line", { a: 1, b: 2 }, "undefined was given, expected a number as c"],
    ["lseg", { start: point }, "undefined was given, expected an object as end"],
    ["lseg", { start: point, end: "secret" }, "a string was given, expected an object as end"],
    ["lseg", { start: { x: 1 }, end: point }, "undefined was given, expected a number as start.y"],
    [
      "box",
      { high: point, low: { x: true, y: 1 } },
      "a boolean was given, expected a number as low.x",
    ],
    ["box", { low: point }, "undefined was given, expected an object as high"],
    ["circle", { center: point }, "undefined was given, expected a number as radius"],
    ["circle", { radius: 1 }, "undefined was given, expected an object as center"],
    ["path", { points: [point] }, "undefined was given, expected a boolean as closed"],
    ["path", { closed: 1, points: [point] }, "a number was given, expected a boolean as closed"],
    ["path", { closed: true }, "undefined was given, expected an array as points"],
    ["path", [point], "undefined was given, expected a boolean as closed"],
    ["path", "secret", "a string was given, expected an object with closed"],
    ["polygon", undefined, "undefined was given, expected an object with points"],
    ["polygon", { points: point }, "an object was given, expected an array as points"],
    ["polygon", { points: [point, null] }, "null was given, expected an object as points.1"],
    [
      "polygon",
      { points: [point, { x: 1 }] },
      "undefined was given, expected a number as points.1.y",
    ],
    ["polygon", { points: new Array(1) }, "undefined was given, expected an object as points.0"],
  ];
  for (const [type, value, fault] of bad) {
    const codec = codecs[type];
    for (const encode of [() => codec.encodeText(value), () => encodeBinary(codec, value)]) {
      const { message } = assertThrows(encode, TypeError);
      assertEquals(message, `Cannot encode ${type}: ${fault}`);
    }
  }
});

test("pathCodec and polygonCodec refuse to send no points: the server does", () => {
  for (const type of ["path", "polygon"] as const) {
    const value = { closed: true, points: [] };
    const wanted = `Cannot encode ${type}: it has no points`;
    assertThrows(() => codecs[type].encodeText(value), RangeError, wanted);
    assertThrows(() => encodeBinary(codecs[type], value), RangeError, wanted);
  }
});

const number = fc.double();
const point = fc.record({ x: number, y: number });
const points = fc.array(point, { minLength: 1 });
const values: { readonly [Name in GeometricName]: fc.Arbitrary<unknown> } = {
  point,
  line: fc.record({ a: number, b: number, c: number }),
  lseg: fc.record({ start: point, end: point }),
  box: fc.record({ high: point, low: point }),
  path: fc.record({ closed: fc.boolean(), points }),
  polygon: fc.record({ points }),
  circle: fc.record({ center: point, radius: number }),
};

test("Geometric codecs undo by decoding what they encode", () => {
  for (const type of Object.keys(values) as GeometricName[]) {
    const codec: Codec = codecs[type];
    fc.assert(fc.property(values[type], (value) => {
      const plain = structuredClone(value);
      assertEquals(decodeText(codec, codec.encodeText(plain)), plain);
      assertEquals(decodeBinary(codec, encodeBinary(codec, plain)), plain);
    }));
  }
});

test("formatNumber() gives what PostgreSQL prints, where JavaScript prints another", () => {
  const printed: readonly (readonly [number, string])[] = [
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-0.000012, "-1.2e-05"],
    [999999999999999, "999999999999999"],
    [999999999999999.9, "999999999999999.9"],
    [1e15, "1e+15"],
    [-1234567890123456, "-1.234567890123456e+15"],
    [1e99, "1e+99"],
    [1e-100, "1e-100"],
    // Shortest decimals in the middle of two neighbours: not taken.
    [1e23, "9.999999999999999e+22"],
    [-1e23, "-9.999999999999999e+22"],
    [2 ** 53, "9.007199254740992e+15"],
    [5e-324, "5e-324"],
  ];
  for (const [value, text] of printed) assertEquals(formatNumber(value), text);
});

test("formatNumber() gives a text that is read as the same number", () => {
  fc.assert(fc.property(number, (value) => assertEquals(Number(formatNumber(value)), value)));
});
