import { geography, geometry } from "../../lib/extension/postgis/mod.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";
import { askPglite, testPgliteCases } from "./pglite_cases.ts";

const point = { type: "Point", coordinates: [1, 2] };
const square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
const hole = [[1, 1], [1, 2], [2, 2], [1, 1]];
const face = [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 0]];
const other = [[0, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0]];
const arc = { type: "CircularString", coordinates: [[0, 0], [1, 1], [2, 0]] };
const compound = {
  type: "CompoundCurve",
  geometries: [arc, { type: "LineString", coordinates: [[2, 0], [3, 0]] }],
};
const round = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
const curved = {
  type: "CurvePolygon",
  geometries: [
    { type: "CircularString", coordinates: round },
    { type: "LineString", coordinates: hole },
  ],
};

testPgliteCases(geometry, [
  ["POINT(1 2)", point],
  ["POINT(-0 0)", { type: "Point", coordinates: [-0, 0] }],
  ["POINT(0.1 1e300)", { type: "Point", coordinates: [0.1, 1e300] }],
  ["POINT(5e-324 -1.7976931348623157e308)", {
    type: "Point",
    coordinates: [5e-324, -1.7976931348623157e308],
  }],
  ["POINT(1e400 -1e400)", { type: "Point", coordinates: [Infinity, -Infinity] }],
  ["POINT(NaN 1)", { type: "Point", coordinates: [NaN, 1] }],
  ["POINT Z(1 2 3)", { type: "Point", coordinates: [1, 2, 3] }],
  ["POINT(1 2 3)", { type: "Point", coordinates: [1, 2, 3] }],
  ["POINT Z(1 2 NaN)", { type: "Point", coordinates: [1, 2, NaN] }],
  ["POINT M(1 2 3)", { type: "Point", coordinates: [1, 2, 3], dimensions: "XYM" }],
  ["POINT ZM(1 2 3 4)", { type: "Point", coordinates: [1, 2, 3, 4] }],
  ["POINT EMPTY", { type: "Point", coordinates: [] }],
  ["POINT(NaN NaN)", { type: "Point", coordinates: [] }],
  ["POINT Z EMPTY", { type: "Point", coordinates: [], dimensions: "XYZ" }],
  ["POINT M EMPTY", { type: "Point", coordinates: [], dimensions: "XYM" }],
  ["POINT ZM EMPTY", { type: "Point", coordinates: [], dimensions: "XYZM" }],
  ["SRID=4326;POINT(13.4 52.5)", { type: "Point", coordinates: [13.4, 52.5], srid: 4326 }],
  ["SRID=3857;POINT ZM(1 2 3 4)", { type: "Point", coordinates: [1, 2, 3, 4], srid: 3857 }],
  ["SRID=999999;POINT(1 2)", { ...point, srid: 999_999 }],
  ["SRID=1;POINT M EMPTY", { type: "Point", coordinates: [], srid: 1, dimensions: "XYM" }],
  ["SRID=0;POINT(1 2)", point],
  ["00000000013FF00000000000004000000000000000", point],
  ["0020000001000010E63FF00000000000004000000000000000", { ...point, srid: 4326 }],
  ["00000003E93FF000000000000040000000000000004008000000000000", {
    type: "Point",
    coordinates: [1, 2, 3],
  }],
  ["LINESTRING(0 0,1 1)", { type: "LineString", coordinates: [[0, 0], [1, 1]] }],
  ["LINESTRING Z(0 0 1,1 1 2)", { type: "LineString", coordinates: [[0, 0, 1], [1, 1, 2]] }],
  ["LINESTRING M(0 0 1,1 1 2)", {
    type: "LineString",
    coordinates: [[0, 0, 1], [1, 1, 2]],
    dimensions: "XYM",
  }],
  ["LINESTRING ZM(0 0 1 2,1 1 3 4)", {
    type: "LineString",
    coordinates: [[0, 0, 1, 2], [1, 1, 3, 4]],
  }],
  ["LINESTRING(NaN NaN,NaN NaN)", { type: "LineString", coordinates: [[NaN, NaN], [NaN, NaN]] }],
  ["LINESTRING EMPTY", { type: "LineString", coordinates: [] }],
  ["LINESTRING ZM EMPTY", { type: "LineString", coordinates: [], dimensions: "XYZM" }],
  ["POLYGON((0 0,4 0,4 4,0 4,0 0))", { type: "Polygon", coordinates: [square] }],
  ["POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,1 1))", {
    type: "Polygon",
    coordinates: [square, hole],
  }],
  ["POLYGON Z((0 0 0,0 0 1,0 1 0,0 0 0))", { type: "Polygon", coordinates: [face] }],
  ["POLYGON M((0 0 0,0 0 1,0 1 0,0 0 0))", {
    type: "Polygon",
    coordinates: [face],
    dimensions: "XYM",
  }],
  ["POLYGON EMPTY", { type: "Polygon", coordinates: [] }],
  ["POLYGON Z EMPTY", { type: "Polygon", coordinates: [], dimensions: "XYZ" }],
  ["SRID=4326;POLYGON EMPTY", { type: "Polygon", coordinates: [], srid: 4326 }],
  ["MULTIPOINT(1 2,3 4)", { type: "MultiPoint", coordinates: [[1, 2], [3, 4]] }],
  ["MULTIPOINT((1 2))", { type: "MultiPoint", coordinates: [[1, 2]] }],
  ["MULTIPOINT(EMPTY,1 2)", { type: "MultiPoint", coordinates: [[], [1, 2]] }],
  ["MULTIPOINT Z(EMPTY,1 2 3)", { type: "MultiPoint", coordinates: [[], [1, 2, 3]] }],
  ["MULTIPOINT Z(EMPTY,EMPTY)", {
    type: "MultiPoint",
    coordinates: [[], []],
    dimensions: "XYZ",
  }],
  ["MULTIPOINT M(1 2 3)", { type: "MultiPoint", coordinates: [[1, 2, 3]], dimensions: "XYM" }],
  ["MULTIPOINT EMPTY", { type: "MultiPoint", coordinates: [] }],
  ["MULTILINESTRING((0 0,1 1),(2 2,3 3))", {
    type: "MultiLineString",
    coordinates: [[[0, 0], [1, 1]], [[2, 2], [3, 3]]],
  }],
  ["SRID=2056;MULTILINESTRING(EMPTY,(0 0,1 1))", {
    type: "MultiLineString",
    coordinates: [[], [[0, 0], [1, 1]]],
    srid: 2056,
  }],
  ["MULTILINESTRING EMPTY", { type: "MultiLineString", coordinates: [] }],
  ["MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,1 1)),EMPTY)", {
    type: "MultiPolygon",
    coordinates: [[square, hole], []],
  }],
  ["MULTIPOLYGON Z(((0 0 0,0 0 1,0 1 0,0 0 0)))", { type: "MultiPolygon", coordinates: [[face]] }],
  ["MULTIPOLYGON ZM EMPTY", { type: "MultiPolygon", coordinates: [], dimensions: "XYZM" }],
  ["GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))", {
    type: "GeometryCollection",
    geometries: [point, { type: "LineString", coordinates: [[0, 0], [1, 1]] }],
  }],
  ["SRID=4326;GEOMETRYCOLLECTION M(POINT M(1 2 3),POLYGON M EMPTY)", {
    type: "GeometryCollection",
    geometries: [
      { type: "Point", coordinates: [1, 2, 3], dimensions: "XYM" },
      { type: "Polygon", coordinates: [], dimensions: "XYM" },
    ],
    srid: 4326,
    dimensions: "XYM",
  }],
  ["GEOMETRYCOLLECTION Z(POINT Z EMPTY,POINT Z(1 2 3))", {
    type: "GeometryCollection",
    geometries: [
      { type: "Point", coordinates: [], dimensions: "XYZ" },
      { type: "Point", coordinates: [1, 2, 3] },
    ],
  }],
  ["GEOMETRYCOLLECTION(GEOMETRYCOLLECTION EMPTY,POINT EMPTY)", {
    type: "GeometryCollection",
    geometries: [
      { type: "GeometryCollection", geometries: [] },
      { type: "Point", coordinates: [] },
    ],
  }],
  ["GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))", {
    type: "GeometryCollection",
    geometries: [{
      type: "GeometryCollection",
      geometries: [{ type: "GeometryCollection", geometries: [point] }],
    }],
  }],
  ["GEOMETRYCOLLECTION EMPTY", { type: "GeometryCollection", geometries: [] }],
  ["GEOMETRYCOLLECTION Z EMPTY", {
    type: "GeometryCollection",
    geometries: [],
    dimensions: "XYZ",
  }],
  ["CIRCULARSTRING(0 0,1 1,2 0)", arc],
  ["CIRCULARSTRING ZM(0 0 1 2,1 1 3 4,2 0 5 6)", {
    type: "CircularString",
    coordinates: [[0, 0, 1, 2], [1, 1, 3, 4], [2, 0, 5, 6]],
  }],
  ["CIRCULARSTRING EMPTY", { type: "CircularString", coordinates: [] }],
  ["COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,3 0))", compound],
  ["COMPOUNDCURVE EMPTY", { type: "CompoundCurve", geometries: [] }],
  ["CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,1 1))", curved],
  ["CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,0 0)))", {
    type: "CurvePolygon",
    geometries: [{
      type: "CompoundCurve",
      geometries: [arc, { type: "LineString", coordinates: [[2, 0], [0, 0]] }],
    }],
  }],
  ["CURVEPOLYGON Z EMPTY", { type: "CurvePolygon", geometries: [], dimensions: "XYZ" }],
  ["MULTICURVE((0 0,5 5),CIRCULARSTRING(0 0,1 1,2 0),EMPTY)", {
    type: "MultiCurve",
    geometries: [
      { type: "LineString", coordinates: [[0, 0], [5, 5]] },
      arc,
      { type: "LineString", coordinates: [] },
    ],
  }],
  ["MULTICURVE(COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,3 0)))", {
    type: "MultiCurve",
    geometries: [compound],
  }],
  ["MULTICURVE EMPTY", { type: "MultiCurve", geometries: [] }],
  [
    "MULTISURFACE(CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,1 1))," +
    "((0 0,4 0,4 4,0 4,0 0)))",
    { type: "MultiSurface", geometries: [curved, { type: "Polygon", coordinates: [square] }] },
  ],
  ["SRID=5;MULTISURFACE EMPTY", { type: "MultiSurface", geometries: [], srid: 5 }],
  ["POLYHEDRALSURFACE(((0 0 0,0 0 1,0 1 0,0 0 0)),((0 0 0,0 1 0,1 1 0,0 0 0)))", {
    type: "PolyhedralSurface",
    coordinates: [[face], [other]],
  }],
  ["POLYHEDRALSURFACE EMPTY", { type: "PolyhedralSurface", coordinates: [] }],
  ["TIN(((0 0 0,0 0 1,0 1 0,0 0 0)),((0 0 0,0 1 0,1 1 0,0 0 0)))", {
    type: "Tin",
    coordinates: [[face], [other]],
  }],
  ["TIN Z EMPTY", { type: "Tin", coordinates: [], dimensions: "XYZ" }],
  ["TRIANGLE((0 0,0 9,9 0,0 0))", {
    type: "Triangle",
    coordinates: [[[0, 0], [0, 9], [9, 0], [0, 0]]],
  }],
  ["TRIANGLE EMPTY", { type: "Triangle", coordinates: [] }],
]);

const srid = 4326;
testPgliteCases(geography, [
  ["POINT(13.4 52.5)", { type: "Point", coordinates: [13.4, 52.5], srid }],
  ["SRID=4326;POINT Z(13.4 52.5 34)", { type: "Point", coordinates: [13.4, 52.5, 34], srid }],
  ["SRID=4267;POINT(-180 90)", { type: "Point", coordinates: [-180, 90], srid: 4267 }],
  ["POINT EMPTY", { type: "Point", coordinates: [], srid }],
  ["POINT M(1 2 3)", { type: "Point", coordinates: [1, 2, 3], srid, dimensions: "XYM" }],
  ["LINESTRING(0 0,1 1)", { type: "LineString", coordinates: [[0, 0], [1, 1]], srid }],
  ["POLYGON((0 0,4 0,4 4,0 4,0 0))", { type: "Polygon", coordinates: [square], srid }],
  ["MULTIPOINT(1 2,EMPTY)", { type: "MultiPoint", coordinates: [[1, 2], []], srid }],
  ["MULTILINESTRING((0 0,1 1))", {
    type: "MultiLineString",
    coordinates: [[[0, 0], [1, 1]]],
    srid,
  }],
  ["MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)))", {
    type: "MultiPolygon",
    coordinates: [[square]],
    srid,
  }],
  ["GEOMETRYCOLLECTION(POINT(1 2))", {
    type: "GeometryCollection",
    geometries: [point],
    srid,
  }],
  ["GEOMETRYCOLLECTION EMPTY", { type: "GeometryCollection", geometries: [], srid }],
]);

test("geometry and geography take GeoJSON as users have it, and WKT", async () => {
  const sent = (value: unknown) =>
    askPglite(geometry, "select st_asewkt($1::geometry) as v", [value]);
  assertEquals(await sent(point), "POINT(1 2)");
  assertEquals(await sent({ ...point, bbox: [1, 2, 1, 2] }), "POINT(1 2)");
  assertEquals(await sent({ ...point, srid: 4326 }), "SRID=4326;POINT(1 2)");
  assertEquals(await sent("SRID=7;POINT(1 2)"), "SRID=7;POINT(1 2)");
  const xym = { type: "LineString", coordinates: [[1, 2, 3], [4, 5, 6]], dimensions: "XYM" };
  assertEquals(await sent(xym), "LINESTRINGM(1 2 3,4 5 6)");
  const query = "select st_asewkt($1::geography) as v";
  assertEquals(await askPglite(geography, query, [point]), "SRID=4326;POINT(1 2)");
  const array = "select st_asewkt(st_collect($1::geometry[])) as v";
  const points = [point, { type: "Point", coordinates: [3, 4] }];
  assertEquals(await askPglite(geometry, array, [points]), "MULTIPOINT(1 2,3 4)");
});

test("geometry: what is nested deeper than the server reads is its text", async () => {
  const nested = (depth: number) =>
    `with recursive nested(i, g) as (
      select 0, 'POINT(1 2)'::geometry
      union all select i + 1, st_collect(array[g]) from nested where i < ${depth}
    ) select `;
  const from = (depth: number) => `from nested where i = ${depth}`;
  // The first container is a MultiPoint; collections are around it.
  const deepest = await askPglite(geometry, `${nested(198)} g as v ${from(198)}`);
  assertEquals(typeof deepest, "object");
  const text = await askPglite(geometry, `${nested(198)} g::text as v ${from(198)}`);
  assertEquals(await askPglite(geometry, "select $1::geometry::text as v", [deepest]), text);
  const deeper = await askPglite(geometry, `${nested(199)} g as v ${from(199)}`);
  assertEquals(deeper, await askPglite(geometry, `${nested(199)} g::text as v ${from(199)}`));
});
