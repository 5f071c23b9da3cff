/**
 * The geometries of PostGIS as objects, and how each is laid out in EWKB.
 */

/** x and y, then z, m, or z and m. Empty: of a point that is empty. */
export type Position = number[];

/** What the numbers of a position are. */
export type CoordinateDimensions = "XY" | "XYZ" | "XYM" | "XYZM";

/** All that there are. */
export const DIMENSIONS: readonly CoordinateDimensions[] = ["XY", "XYZ", "XYM", "XYZM"];

/** What every geometry may have. */
export interface GeometryFacts {
  /** The spatial reference system; absent: 0, unknown. Of a geometry within another: absent. */
  srid?: number;
  /**
   * Absent where the positions tell: two numbers are XY, three XYZ, four XYZM. There for XYM, and
   * for all but XY when the geometry holds no position.
   */
  dimensions?: CoordinateDimensions;
}

/** A geometry that is all positions. */
export interface CoordinateGeometry<Type extends string, Coordinates> extends GeometryFacts {
  /** Which kind it is. */
  type: Type;
  /** Its positions. */
  coordinates: Coordinates;
}

/** A geometry made of others. */
export interface CompositeGeometry<Type extends string, Member> extends GeometryFacts {
  /** Which kind it is. */
  type: Type;
  /** What it is made of. */
  geometries: Member[];
}

/** A single position. */
export type Point = CoordinateGeometry<"Point", Position>;

/** Positions joined by straight lines. */
export type LineString = CoordinateGeometry<"LineString", Position[]>;

/** An outer ring and the rings of its holes, each ending where it starts. */
export type Polygon = CoordinateGeometry<"Polygon", Position[][]>;

/** Points; a member `[]` is an empty one. */
export type MultiPoint = CoordinateGeometry<"MultiPoint", Position[]>;

/** Several {@linkcode LineString}. */
export type MultiLineString = CoordinateGeometry<"MultiLineString", Position[][]>;

/** Several {@linkcode Polygon}. */
export type MultiPolygon = CoordinateGeometry<"MultiPolygon", Position[][][]>;

/** Any geometries. */
export type GeometryCollection = CompositeGeometry<"GeometryCollection", Geometry>;

/** Circular arcs: each second position is one that its arc goes through. */
export type CircularString = CoordinateGeometry<"CircularString", Position[]>;

/** Lines and arcs, each starting where the one before ends. */
export type CompoundCurve = CompositeGeometry<"CompoundCurve", LineString | CircularString>;

/** A polygon whose rings may be curved. */
export type CurvePolygon = CompositeGeometry<"CurvePolygon", Curve>;

/** Several curves. */
export type MultiCurve = CompositeGeometry<"MultiCurve", Curve>;

/** Several polygons, straight or curved. */
export type MultiSurface = CompositeGeometry<"MultiSurface", Surface>;

/** Polygons that share edges. */
export type PolyhedralSurface = CoordinateGeometry<"PolyhedralSurface", Position[][][]>;

/** Triangles that share edges, each in the form of a {@linkcode Triangle}. */
export type Tin = CoordinateGeometry<"Tin", Position[][][]>;

/** One ring of four positions, as a polygon has it. */
export type Triangle = CoordinateGeometry<"Triangle", Position[][]>;

/** What a ring may be. */
export type Curve = LineString | CircularString | CompoundCurve;

/** What has an area. */
export type Surface = Polygon | CurvePolygon;

/** Any geometry of PostGIS. */
export type Geometry =
  | Point
  | LineString
  | Polygon
  | MultiPoint
  | MultiLineString
  | MultiPolygon
  | GeometryCollection
  | CircularString
  | CompoundCurve
  | CurvePolygon
  | MultiCurve
  | MultiSurface
  | PolyhedralSurface
  | Tin
  | Triangle;

/** The name of a kind, as it stands in `type`. */
export type GeometryType = Geometry["type"];

/**
 * What stands behind the header: one position, a list of them, a list of such lists, or a list of
 * geometries, which is `coordinates` when all are of one kind and `geometries` otherwise.
 */
export type Layout =
  | { readonly content: "position" | "positions" | "rings" }
  | { readonly content: "parts"; readonly part: GeometryType }
  /** Without `members` any kind may be a member. */
  | { readonly content: "geometries"; readonly members?: readonly GeometryType[] };

const CURVES = ["LineString", "CircularString", "CompoundCurve"] as const;

/** By `type`; `code` is the one of liblwgeom.h, WKB_POINT_TYPE and those below it. */
export const KINDS: { readonly [Type in GeometryType]: Layout & { readonly code: number } } = {
  Point: { code: 1, content: "position" },
  LineString: { code: 2, content: "positions" },
  Polygon: { code: 3, content: "rings" },
  MultiPoint: { code: 4, content: "parts", part: "Point" },
  MultiLineString: { code: 5, content: "parts", part: "LineString" },
  MultiPolygon: { code: 6, content: "parts", part: "Polygon" },
  GeometryCollection: { code: 7, content: "geometries" },
  CircularString: { code: 8, content: "positions" },
  CompoundCurve: { code: 9, content: "geometries", members: ["LineString", "CircularString"] },
  CurvePolygon: { code: 10, content: "geometries", members: CURVES },
  MultiCurve: { code: 11, content: "geometries", members: CURVES },
  MultiSurface: { code: 12, content: "geometries", members: ["Polygon", "CurvePolygon"] },
  PolyhedralSurface: { code: 15, content: "parts", part: "Polygon" },
  Tin: { code: 16, content: "parts", part: "Triangle" },
  Triangle: { code: 17, content: "rings" },
};

/** By code; 13 and 14 are abstract. */
export const TYPES: ReadonlyMap<number, GeometryType> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(KINDS).map(([type, { code }]) => [code, type as GeometryType]),
);

/** The bits of EWKB's type beside the code. */
export const HAS_Z = 0x8000_0000;
export const HAS_M = 0x4000_0000;
export const HAS_SRID = 0x2000_0000;

/** By count of numbers, where no `dimensions` say it. */
export const USUAL_DIMENSIONS: Readonly<Record<number, CoordinateDimensions>> = {
  2: "XY",
  3: "XYZ",
  4: "XYZM",
};

/** How many geometries the server takes within each other, the innermost not counted (lwin_wkb.c). */
export const MAX_NESTING = 198;
