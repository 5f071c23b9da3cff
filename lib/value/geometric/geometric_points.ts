/**
 * The geometric types of any count of points: path and polygon.
 *
 * In binary (geo_ops.c, path_send and poly_send) a path starts with a byte, 1 when it is closed;
 * then both have the count of points, and x and y of each.
 *
 * What is sent may be any object with the members of the interface. A TypeError says which
 * member is missing or another thing; no points at all are a RangeError, for no server takes them.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, malformed } from "../codec_error.ts";
import { coordinatesOf, isClosed } from "./geometric_members.ts";
import { formatNumber } from "./geometric_number.ts";
import { GeometricScanner } from "./geometric_text.ts";
import type { Path, Point, Polygon } from "./geometric_value.ts";

const COUNT_BYTES = 4;
const POINT_BYTES = 16;

/** path: a {@linkcode Path}, closed or open. */
export const pathCodec: Codec<Path> = {
  name: "path",
  decodeText(source: FieldSource, start: number, end: number): Path {
    const scanner = new GeometricScanner("path", source, [start, end]);
    const closed = !scanner.accept("[");
    if (closed) scanner.expect("(");
    const points = scanPoints(scanner);
    scanner.expect(closed ? ")" : "]");
    scanner.finish();
    return { closed, points };
  },
  decodeBinary(source: FieldSource, start: number, end: number): Path {
    if (end === start) throw malformed("path", "its header is cut short");
    const flag = source.view.getUint8(start);
    if (flag > 1) throw malformed("path", `a flag of ${flag}`);
    return { closed: flag === 1, points: readPoints("path", source, [start + 1, end]) };
  },
  encodeText(value: unknown): string {
    const closed = isClosed("path", value);
    const points = formatPoints(coordinatesOf("path", value));
    return closed ? `(${points})` : `[${points}]`;
  },
  encodeBinary(value: unknown, writer: ByteWriter): void {
    writer.writeByte(isClosed("path", value) ? 1 : 0);
    writePoints(coordinatesOf("path", value), writer);
  },
};

/** polygon: a {@linkcode Polygon}, its points in the order they were given. */
export const polygonCodec: Codec<Polygon> = {
  name: "polygon",
  decodeText(source: FieldSource, start: number, end: number): Polygon {
    const scanner = new GeometricScanner("polygon", source, [start, end]);
    scanner.expect("(");
    const points = scanPoints(scanner);
    scanner.expect(")");
    scanner.finish();
    return { points };
  },
  decodeBinary: (source: FieldSource, start: number, end: number): Polygon => ({
    points: readPoints("polygon", source, [start, end]),
  }),
  encodeText: (value: unknown): string => `(${formatPoints(coordinatesOf("polygon", value))})`,
  encodeBinary: (value: unknown, writer: ByteWriter): void =>
    writePoints(coordinatesOf("polygon", value), writer),
};

function scanPoints(scanner: GeometricScanner): Point[] {
  const points: Point[] = [];
  do {
    scanner.expect("(");
    const x = scanner.number();
    scanner.expect(",");
    const y = scanner.number();
    scanner.expect(")");
    points.push({ x, y });
  } while (scanner.accept(","));
  return points;
}

function readPoints(
  typeName: string,
  { view }: FieldSource,
  [start, end]: readonly [number, number],
): Point[] {
  if (end - start < COUNT_BYTES) throw malformed(typeName, "its header is cut short");
  const count = view.getInt32(start);
  if (count < 0) throw malformed(typeName, `${count} points`);
  checkLength(typeName, end - start, COUNT_BYTES + count * POINT_BYTES);
  const points: Point[] = [];
  for (let at = start + COUNT_BYTES; at < end; at += POINT_BYTES) {
    points.push({ x: view.getFloat64(at), y: view.getFloat64(at + 8) });
  }
  return points;
}

function formatPoints(coordinates: readonly number[]): string {
  const points: string[] = [];
  for (let i = 0; i < coordinates.length; i += 2) {
    points.push(`(${formatNumber(coordinates[i])},${formatNumber(coordinates[i + 1])})`);
  }
  return points.join(",");
}

function writePoints(coordinates: readonly number[], writer: ByteWriter): void {
  writer.writeInt32(coordinates.length / 2);
  for (const coordinate of coordinates) writer.writeFloat64(coordinate);
}
