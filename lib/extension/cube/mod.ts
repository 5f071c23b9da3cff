/**
 * The type of the extension cube.
 *
 * ```ts ignore
 * import { connect } from "@rill/postgres";
 * import { cube } from "@rill/postgres/cube";
 *
 * const sql = connect(url, { types: { cube } });
 * ```
 *
 * @module
 */

import type { Codec, FieldSource } from "../../value/codec.ts";
import { checkLength, malformed, unfit } from "../../value/codec_error.ts";
import { formatNumber } from "../../value/geometric/geometric_number.ts";
import { GeometricScanner } from "../../value/geometric/geometric_text.ts";

/** A cube by two opposite corners, in the order they were given: the server does not sort them. */
export interface CubeCorners {
  /** A coordinate a dimension; at most 100, says the server. */
  from: number[];
  /** As long as `from`. */
  to: number[];
}

/** A point is the array of its coordinates, none in a space of no dimensions. */
export type Cube = number[] | CubeCorners;

const HEADER_BYTES = 4;
const FLOAT8_BYTES = 8;
/** cubedata.h, POINT_BIT: one corner is all there is. */
const POINT = 0x8000_0000;

/**
 * cube: a {@linkcode Cube}.
 *
 * Two corners that are equal come back as a point. Text is asked for, and sent: the binary form
 * (cube.c, cube_send) is only there since PostgreSQL 16.
 *
 * @throws {TypeError} when a value that is sent is neither form, or its corners differ in length
 */
export const cube: Codec<Cube> = {
  name: "cube",
  prefersText: true,
  takesArrays: true,
  decodeText(source: FieldSource, start: number, end: number): Cube {
    const scanner = new GeometricScanner("cube", source, [start, end]);
    const from = scanCorner(scanner);
    const to = scanner.accept(",") ? scanCorner(scanner) : undefined;
    scanner.finish();
    if (to === undefined) return from;
    if (to.length !== from.length) throw malformed("cube", "its corners differ in length");
    return { from, to };
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): Cube {
    if (end - start < HEADER_BYTES) throw malformed("cube", "its header is cut short");
    const header = view.getUint32(start);
    const isPoint = header >= POINT;
    const size = (header % POINT) * FLOAT8_BYTES;
    checkLength("cube", end - start, HEADER_BYTES + (isPoint ? size : size * 2));
    const middle = start + HEADER_BYTES + size;
    const from = readCorner(view, start + HEADER_BYTES, middle);
    if (isPoint) return from;
    const to = readCorner(view, middle, end);
    // Its text is that of a point too (cube.c, cube_out).
    return from.every((coordinate, i) => coordinate === to[i]) ? from : { from, to };
  },
  encodeText(value: unknown): string {
    if (Array.isArray(value)) return formatCorner("its coordinates", value);
    const { from, to } = checkCorners(value);
    return `${formatCorner("from", from)},${formatCorner("to", to)}`;
  },
};

function scanCorner(scanner: GeometricScanner): number[] {
  const corner: number[] = [];
  scanner.expect("(");
  if (scanner.accept(")")) return corner;
  do corner.push(scanner.number()); while (scanner.accept(", "));
  scanner.expect(")");
  return corner;
}

function readCorner(view: DataView, start: number, end: number): number[] {
  const corner: number[] = [];
  for (let at = start; at < end; at += FLOAT8_BYTES) corner.push(view.getFloat64(at));
  return corner;
}

function checkCorners(value: unknown): { from: unknown[]; to: unknown[] } {
  if (typeof value !== "object" || value === null) {
    throw unfit("cube", value, "an array of numbers or { from, to }");
  }
  const { from, to } = value as Partial<CubeCorners>;
  if (!Array.isArray(from)) throw unfit("cube", from, "an array as from");
  if (!Array.isArray(to)) throw unfit("cube", to, "an array as to");
  if (from.length !== to.length) {
    throw new TypeError("Cannot encode cube: from and to differ in length");
  }
  return { from, to };
}

function formatCorner(place: string, corner: readonly unknown[]): string {
  // By index: a hole is no number either.
  const numbers = Array.from(corner, (coordinate) => {
    if (typeof coordinate === "number") return formatNumber(coordinate);
    throw unfit("cube", coordinate, `a number in ${place}`);
  });
  return `(${numbers.join(",")})`;
}
