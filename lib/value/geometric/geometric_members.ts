/**
 * Takes the numbers out of the objects that are given for geometric values.
 */

import { outOfRange, unfit } from "../codec_error.ts";

/**
 * The number that a path of members leads to.
 *
 * @throws {TypeError} when there is none; says which
 */
export function numberAt(typeName: string, value: unknown, path: readonly string[]): number {
  const member = memberAt(typeName, value, path);
  if (typeof member === "number") return member;
  throw unfit(typeName, member, `a number as ${path.join(".")}`);
}

/**
 * The coordinates of the member `points`, x and y of each.
 *
 * @throws {TypeError | RangeError} when they are no points, or none
 */
export function coordinatesOf(typeName: string, value: unknown): number[] {
  const points = memberAt(typeName, value, ["points"]);
  if (!Array.isArray(points)) throw unfit(typeName, points, "an array as points");
  if (points.length === 0) throw outOfRange(typeName, "it has no points");
  const coordinates: number[] = [];
  for (let i = 0; i < points.length; i++) {
    const place = String(i);
    coordinates.push(numberAt(typeName, value, ["points", place, "x"]));
    coordinates.push(numberAt(typeName, value, ["points", place, "y"]));
  }
  return coordinates;
}

/** The member `closed` of a path. */
export function isClosed(typeName: string, value: unknown): boolean {
  const closed = memberAt(typeName, value, ["closed"]);
  if (typeof closed === "boolean") return closed;
  throw unfit(typeName, closed, "a boolean as closed");
}

function memberAt(typeName: string, value: unknown, path: readonly string[]): unknown {
  let member = value;
  path.forEach((name, depth) => {
    if (typeof member !== "object" || member === null) {
      const place = path.slice(0, depth).join(".");
      throw unfit(typeName, member, place ? `an object as ${place}` : `an object with ${name}`);
    }
    member = (member as Readonly<Record<string, unknown>>)[name];
  });
  return member;
}
