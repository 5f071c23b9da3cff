/**
 * The types geometry and geography of the extension PostGIS, to be named in the option `types`.
 *
 * @example Store a GeoJSON point and read it
 * ```ts ignore
 * import { connect } from "@rill/postgres";
 * import { geography, type Geometry, geometry } from "@rill/postgres/postgis";
 *
 * await using sql = connect(url, { types: { geometry, geography } });
 * const place = { type: "Point", coordinates: [13.4, 52.5] };
 * await sql`insert into places (at) values (${place})`;
 * for await (const { at } of sql<{ at: Geometry }>`select at from places`) console.log(at);
 * ```
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../../value/codec.ts";
import { decodeEwkb, decodeHexEwkb } from "./ewkb_reader.ts";
import { encodeEwkb, encodeHexEwkb } from "./ewkb_writer.ts";
import type { Geometry } from "./geometry.ts";

export type { ByteWriter } from "../../bytes/byte_writer.ts";
export type { Codec, Decode, FieldSource } from "../../value/codec.ts";
export type {
  CircularString,
  CompositeGeometry,
  CompoundCurve,
  CoordinateDimensions,
  CoordinateGeometry,
  Curve,
  CurvePolygon,
  Geometry,
  GeometryCollection,
  GeometryFacts,
  LineString,
  MultiCurve,
  MultiLineString,
  MultiPoint,
  MultiPolygon,
  MultiSurface,
  Point,
  Polygon,
  PolyhedralSurface,
  Position,
  Surface,
  Tin,
  Triangle,
} from "./geometry.ts";

/**
 * geometry: a {@linkcode Geometry}, which is GeoJSON's object with `srid` where it is not 0 and
 * `dimensions` where the coordinates do not tell them. A geometry of a kind that rill does not
 * know, or nested more than 198 deep, is its text: EWKB in hex.
 *
 * Takes the same objects, GeoJSON's geometries among them. A string is sent as it is: EWKB in
 * hex, or WKT as `SRID=4326;POINT(1 2)`.
 *
 * PostGIS's bytes and hex name no difference between an empty point and one whose coordinates are
 * all NaN, and it stores a point sent with x and y NaN as an empty one.
 *
 * @throws {TypeError | RangeError} when an object is no geometry; the error says where
 */
export const geometry: Codec<Geometry | string> = /* @__PURE__ */ geometryCodec("geometry");

/**
 * geography: as {@linkcode geometry}, longitude first, in degrees. `srid` is always there when it
 * is read; the server takes 4326 where it is absent.
 *
 * @throws {TypeError | RangeError} when an object is no geometry; the error says where
 */
export const geography: Codec<Geometry | string> = /* @__PURE__ */ geometryCodec("geography");

function geometryCodec(name: string): Codec<Geometry | string> {
  return {
    name,
    decodeText: (source: FieldSource, start: number, end: number): Geometry | string =>
      decodeHexEwkb(name, source.text(start, end)),
    decodeBinary: ({ bytes }: FieldSource, start: number, end: number): Geometry | string =>
      decodeEwkb(name, bytes.subarray(start, end)),
    encodeText: (value: unknown): string => encodeHexEwkb(name, value),
    encodeBinary: (value: unknown, writer: ByteWriter): void => encodeEwkb(name, value, writer),
  };
}
