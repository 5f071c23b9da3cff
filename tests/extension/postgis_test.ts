import fc from "fast-check";
import {
  geography,
  type Geometry,
  geometry,
  type Position,
} from "../../lib/extension/postgis/mod.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "../value/fields.ts";

const one = "3ff0000000000000";
const two = "4000000000000000";
const nan = "7ff8000000000000";
const bytes = (text: string) => hex(text);
const point = { type: "Point", coordinates: [1, 2] };

/** Byte order, type and flags, SRID, counts and coordinates, big-endian; and what it is. */
const examples: readonly [string, Geometry][] = [
  [`00 00000001 ${one} ${two}`, { type: "Point", coordinates: [1, 2] }],
  [`00 00000001 ${nan} ${nan}`, { type: "Point", coordinates: [] }],
  [`00 80000001 ${one} ${two} ${one}`, { type: "Point", coordinates: [1, 2, 1] }],
  [`00 40000001 ${one} ${two} ${one}`, {
    type: "Point",
    coordinates: [1, 2, 1],
    dimensions: "XYM",
  }],
  [`00 a0000001 000010e6 ${nan} ${nan} ${nan}`, {
    type: "Point",
    coordinates: [],
    srid: 4326,
    dimensions: "XYZ",
  }],
  [`00 80000001 ${nan} ${nan} ${one}`, { type: "Point", coordinates: [NaN, NaN, 1] }],
  [`00 c0000002 00000001 ${one} ${two} ${one} ${two}`, {
    type: "LineString",
    coordinates: [[1, 2, 1, 2]],
  }],
  [`00 00000003 00000002 00000001 ${one} ${two} 00000000`, {
    type: "Polygon",
    coordinates: [[[1, 2]], []],
  }],
  [`00 00000004 00000001 00 00000001 ${one} ${two}`, { type: "MultiPoint", coordinates: [[1, 2]] }],
  [`00 00000007 00000002 00 00000001 ${one} ${two} 00 00000002 00000000`, {
    type: "GeometryCollection",
    geometries: [
      { type: "Point", coordinates: [1, 2] },
      { type: "LineString", coordinates: [] },
    ],
  }],
  [`00 80000009 00000000`, { type: "CompoundCurve", geometries: [], dimensions: "XYZ" }],
  [`00 00000010 00000001 00 00000011 00000001 00000001 ${one} ${two}`, {
    type: "Tin",
    coordinates: [[[[1, 2]]]],
  }],
];

test("geometry and geography read EWKB and its hex, and write it", () => {
  for (const [text, value] of examples) {
    for (const codec of [geometry, geography]) {
      const digits = text.replaceAll(" ", "").toUpperCase();
      assertEquals(decodeBinary(codec, bytes(text)), value);
      assertEquals(decodeText(codec, digits), value);
      assertEquals(decodeText(codec, digits.toLowerCase()), value);
      assertEquals(encodeBinary(codec, value), bytes(text));
      assertEquals(codec.encodeText(value), digits);
    }
  }
});

test("geometry reads either byte order, also of geometries within one", () => {
  const little = "01 01000020 e6100000 000000000000f03f 0000000000000040";
  assertEquals(decodeBinary(geometry, bytes(little)), { ...point, srid: 4326 });
  const mixed = `01 04000000 02000000 00 00000001 ${one} ${two}` +
    "01 01000000 000000000000f03f 0000000000000040";
  const both = { type: "MultiPoint", coordinates: [[1, 2], [1, 2]] };
  assertEquals(decodeBinary(geometry, bytes(mixed)), both);
});

test("geometry refuses bytes cut at any place, and more of them", () => {
  for (const [text] of examples) {
    const whole = bytes(text);
    for (let length = 0; length < whole.length; length++) {
      assertThrows(() => decodeBinary(geometry, whole.slice(0, length)), ProtocolError);
    }
    assertThrows(() => decodeBinary(geometry, Uint8Array.of(...whole, 0)), ProtocolError);
  }
});

test("geometry refuses counts that are beyond its bytes, other byte orders and other texts", () => {
  for (const type of ["02", "03", "04", "05", "06", "07", "08", "09", "0a", "0f", "10", "11"]) {
    assertThrows(() => decodeBinary(geometry, bytes(`00 000000${type} ffffffff`)), ProtocolError);
    assertThrows(() => decodeBinary(geometry, bytes(`00 000000${type} 10000000`)), ProtocolError);
  }
  const order = "Cannot decode geometry: byte order 2, expected 0 or 1";
  assertThrows(() => decodeBinary(geometry, bytes("02 00000007 00000000")), ProtocolError, order);
  for (const text of ["0", "0x", "POINT(1 2)", "00000000070000000G", "é0"]) {
    assertThrows(() => decodeText(geometry, text), ProtocolError, "not hexadecimal");
  }
});

/** Nothing that rill has a form for: a kind to come, ISO's codes, what no server sends. */
const unknown = [
  "00 00000000 00000000",
  "00 0000000d 00000000",
  `00 00000015 00000002 ${one}`,
  `00 000003e9 ${one} ${two} ${one}`,
  `00 10000001 ${one} ${two}`,
  `00 00000004 00000001 00 00000002 00000000`,
  `00 00000004 00000001 00 80000001 ${one} ${two} ${one}`,
  `00 00000004 00000001 00 20000001 000010e6 ${one} ${two}`,
  `00 00000007 00000001 00 80000001 ${one} ${two} ${one}`,
  "00 00000007 00000001 00 00000015 00000000",
];

test("geometry gives what it does not know as hex, from bytes and text alike", () => {
  for (const text of unknown) {
    const digits = text.replaceAll(" ", "").toUpperCase();
    assertEquals(decodeBinary(geometry, bytes(text)), digits);
    assertEquals(decodeText(geometry, digits), digits);
  }
  const deep = "00 00000007 00000001".repeat(100_000) + "00 00000007 00000000";
  assertEquals(decodeBinary(geometry, bytes(deep)), deep.replaceAll(" ", ""));
});

test("geometry keeps the SRID of a geometry within a collection, which no server sends", () => {
  const text = `00 20000007 00000005 00000001 00 20000001 00000005 ${one} ${two}`;
  const value = { type: "GeometryCollection", geometries: [{ ...point, srid: 5 }], srid: 5 };
  assertEquals(decodeBinary(geometry, bytes(text)), value);
  const plain = `00 20000007 00000005 00000001 00 00000001 ${one} ${two}`;
  assertEquals(encodeBinary(geometry, value), bytes(plain));
});

test("geometry: members without a position have the dimensions of the whole", () => {
  const line = { type: "LineString", coordinates: [] };
  const xyz = { type: "Point", coordinates: [1, 2, 1] };
  const value = { type: "GeometryCollection", geometries: [line, xyz] };
  const text = `00 80000007 00000002 00 80000002 00000000 00 80000001 ${one} ${two} ${one}`;
  assertEquals(encodeBinary(geometry, value), bytes(text));
  const measured = { type: "GeometryCollection", geometries: [line, xyz], dimensions: "XYM" };
  const asMeasured = text.replaceAll(" 8", " 4");
  assertEquals(encodeBinary(geometry, measured), bytes(asMeasured));
});

const collection = (...geometries: unknown[]) => ({ type: "GeometryCollection", geometries });
const nested = (depth: number): unknown => {
  let value: unknown = point;
  for (let i = 0; i < depth; i++) value = collection(value);
  return value;
};

const bad: readonly [unknown, string][] = [
  [null, "null was given, expected a geometry"],
  [12, "a number was given, expected a geometry"],
  [[1, 2], "an array was given, expected a geometry"],
  [{}, "an object was given, expected a geometry, one whose type is Point or another of PostGIS"],
  [{ type: "Feature", geometry: point }, "expected a geometry, one whose type is Point or another"],
  [{ type: "constructor" }, "an object was given, expected a geometry, one whose type"],
  [{ type: "POINT", coordinates: [1, 2] }, "an object was given, expected a geometry, one whose"],
  [{ type: "Point" }, "undefined was given, expected an array of 2 numbers in coordinates"],
  [{ type: "Point", coordinates: "1 2" }, "a string was given, expected an array of 2 numbers in"],
  [{ type: "Point", coordinates: [1] }, "coordinates: 1 numbers, expected 2 (XY)"],
  [{ type: "Point", coordinates: [1, 2, 3, 4, 5] }, "coordinates: 5 numbers, expected 2 (XY)"],
  [{ type: "Point", coordinates: [1, "2"] }, "a string was given, expected numbers in coordinates"],
  [{ type: "Point", coordinates: [1, null] }, "null was given, expected numbers in coordinates"],
  [{ type: "Point", coordinates: [1, , 3] }, "undefined was given, expected numbers in coordin"],
  [{ type: "LineString", coordinates: [[1, 2], [1, 2, 3]] }, "coordinates[1]: 3 numbers, expected"],
  [{ type: "LineString", coordinates: [[1, 2], []] }, "coordinates[1]: 0 numbers, expected 2 (XY)"],
  [{ type: "LineString", coordinates: [1, 2] }, "expected an array of 2 numbers in coordinates[0]"],
  [{ type: "Polygon", coordinates: {} }, "an object was given, expected an array of rings in coo"],
  [
    { type: "Polygon", coordinates: [[[1, 2]], 3] },
    "expected an array of positions in coordinates[1]",
  ],
  [
    { type: "MultiPolygon", coordinates: [[[[1, 2], [1]]]] },
    "coordinates[0][0][1]: 1 numbers, exp",
  ],
  [{ type: "MultiPoint", coordinates: 1 }, "expected an array of the coordinates of each Point in"],
  [collection(point, 7), "a number was given, expected a geometry in geometries[1]"],
  [
    collection(collection(point), { type: "Point", coordinates: [1] }),
    "geometries[1].coordinates: 1",
  ],
  [{ type: "GeometryCollection" }, "undefined was given, expected an array of geometries in geom"],
  [
    { type: "CompoundCurve", geometries: [point] },
    "geometries[0]: a Point cannot be part of a Com",
  ],
  [
    { type: "MultiSurface", geometries: [{ type: "Tin" }] },
    "geometries[0]: a Tin cannot be part of",
  ],
  [{ ...point, dimensions: "XYZ" }, "coordinates: 2 numbers, expected 3 (XYZ)"],
  [{ ...point, dimensions: "ZM" }, "its dimensions are not of XY,XYZ,XYM,XYZM"],
  [collection(point, { ...point, dimensions: "XYZ" }), "geometries[1]: its dimensions are not the"],
  [{ ...point, srid: -1 }, "its srid is no integer from 0 to 999999"],
  [{ ...point, srid: 1_000_000 }, "its srid is no integer from 0 to 999999"],
  [{ ...point, srid: 1.5 }, "its srid is no integer from 0 to 999999"],
  [{ ...point, srid: "4326" }, "a string was given, expected a number as srid"],
  [collection({ ...point, srid: 4326 }), "geometries[0]: its srid is not the whole's"],
  [{ ...point, crs: { type: "name" } }, "it has a crs, which is not read, expected srid"],
  [nested(199), "more than 198 geometries within each other"],
];

test("geometry says what cannot be sent, and where it is", () => {
  for (const [value, fault] of bad) {
    const check = (encode: () => unknown) => {
      const error = assertThrows(encode, Error);
      assert(error.message.startsWith("Cannot encode geometry: "), error.message);
      assert(error.message.includes(fault), error.message);
    };
    check(() => geometry.encodeText(value));
    check(() => encodeBinary(geometry, value));
  }
  assertEquals(decodeBinary(geometry, encodeBinary(geometry, nested(198))), nested(198));
});

test("geometry: an object that contains itself is an error", () => {
  const circle = collection();
  circle.geometries.push(circle);
  assertThrows(() => geometry.encodeText(circle), RangeError, "within each other");
});

test("geometry: any geometry is read as it was written", () => {
  const number = fc.double().map((value) => Object.is(value, -0) ? -0 : value);
  const anyGeometry = fc.constantFrom(2, 3, 4).chain((size) => {
    // A point of NaN alone is an empty one.
    const position = fc.array(number, { minLength: size, maxLength: size })
      .map(([x, ...rest]): Position => [Number.isNaN(x) ? 0 : x, ...rest]);
    const line = fc.record({
      type: fc.constantFrom("LineString", "CircularString"),
      coordinates: fc.array(position, { minLength: 1 }),
    });
    const single = fc.record({ type: fc.constant("Point"), coordinates: position });
    const polygon = fc.record({
      type: fc.constantFrom("Polygon", "Triangle", "MultiLineString"),
      coordinates: fc.array(fc.array(position, { minLength: 1 }), { minLength: 1 }),
    });
    const geometries = fc.array(fc.oneof(line, single, polygon), { minLength: 1 });
    const whole = fc.record({ type: fc.constant("GeometryCollection"), geometries });
    return fc.oneof(line, single, polygon, whole);
  });
  fc.assert(fc.property(anyGeometry, (value) => {
    assertEquals(decodeBinary(geometry, encodeBinary(geometry, value)), value);
    assertEquals(decodeText(geometry, geometry.encodeText(value)), value);
  }));
});

test("geometry: whatever the bytes are, they are read or refused", () => {
  const header = fc.constantFrom(..."123456789abcdef".split("").map((type) => `000000000${type}`));
  fc.assert(fc.property(header, fc.uint8Array({ maxLength: 60 }), (start, rest) => {
    try {
      decodeBinary(geometry, Uint8Array.of(...hex(start), ...rest));
    } catch (error) {
      assert(error instanceof ProtocolError, String(error));
    }
  }));
});
