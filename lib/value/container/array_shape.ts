/**
 * What a PostgreSQL array has besides its elements: dimensions and lower bounds.
 *
 * An array is nested JavaScript arrays. Where a lower bound is not 1, which is
 * rare, the outermost array bears them all in `lowerBounds`, a property that is
 * not enumerable, and they are sent back with it.
 */

import { outOfRange, unfit } from "../codec_error.ts";

/** array.h, MAXDIM. */
export const MAX_DIMENSIONS = 6;

const ONE: readonly number[] = [1];

/** An array's extent and its elements in order, the last dimension running fastest. */
export interface ArrayShape {
  /** Lengths, the outermost first; none when the array is empty. */
  readonly dimensions: readonly number[];
  readonly lowerBounds: readonly number[];
  readonly elements: readonly unknown[];
}

/** The lower bounds an array was read with or given, if they are not all 1. */
export function lowerBoundsOf(array: readonly unknown[]): readonly number[] | undefined {
  const bounds = (array as { readonly lowerBounds?: unknown }).lowerBounds;
  return Array.isArray(bounds) ? bounds : undefined;
}

/** Gives an array lower bounds, one a dimension; returns the array. */
export function withLowerBounds<T extends unknown[]>(array: T, bounds: readonly number[]): T {
  return Object.defineProperty(array, "lowerBounds", {
    value: bounds,
    configurable: true,
    writable: true,
  });
}

/**
 * Measures nested arrays. `nested` false: the elements may be arrays themselves
 * (JSON), so only as many levels count as there are lower bounds, else one.
 *
 * @throws {TypeError | RangeError} when it is no array, or not of one shape throughout
 */
export function measureArray(
  value: unknown,
  { typeName, nested }: { readonly typeName: string; readonly nested: boolean },
): ArrayShape {
  if (!Array.isArray(value)) throw unfit(typeName, value, "an array");
  const given = lowerBoundsOf(value);
  if (given === undefined && isFlat(value, nested)) {
    return { dimensions: [value.length], lowerBounds: ONE, elements: value };
  }
  const depth = nested ? Infinity : given?.length ?? 1;
  const dimensions: number[] = [];
  for (let level: unknown = value; Array.isArray(level) && dimensions.length < depth;) {
    if (dimensions.length === MAX_DIMENSIONS) {
      throw outOfRange(typeName, `the array has more than ${MAX_DIMENSIONS} dimensions`);
    }
    dimensions.push(level.length);
    level = level[0];
  }
  const elements: unknown[] = [];
  flatten(value, 0, { typeName, nested, dimensions, elements });
  // PostgreSQL's empty array has no dimensions.
  if (elements.length === 0) return { dimensions: [], lowerBounds: [], elements };
  return { dimensions, lowerBounds: checkBounds(typeName, given, dimensions.length), elements };
}

/** True for the usual array, which is what its elements are: it is not empty and has no inner arrays. */
function isFlat(array: readonly unknown[], nested: boolean): boolean {
  // By index: a hole is an undefined element too.
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (item === undefined || nested && typeof item === "object" && Array.isArray(item)) {
      return false;
    }
  }
  return array.length > 0;
}

interface Flattening {
  readonly typeName: string;
  readonly nested: boolean;
  readonly dimensions: readonly number[];
  readonly elements: unknown[];
}

function flatten(array: readonly unknown[], level: number, to: Flattening): void {
  if (array.length !== to.dimensions[level]) throw ragged(to.typeName);
  const last = level === to.dimensions.length - 1;
  // By index: a hole is an undefined element too.
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (item === undefined) {
      throw new TypeError(`Cannot encode ${to.typeName}: an element is undefined, expected null`);
    }
    if (!last) {
      if (!Array.isArray(item)) throw ragged(to.typeName);
      flatten(item, level + 1, to);
    } else {
      if (to.nested && Array.isArray(item)) throw ragged(to.typeName);
      to.elements.push(item);
    }
  }
}

function ragged(typeName: string): RangeError {
  return outOfRange(typeName, "its inner arrays are not all of one shape");
}

function checkBounds(
  typeName: string,
  bounds: readonly number[] | undefined,
  count: number,
): readonly number[] {
  if (!bounds) return new Array<number>(count).fill(1);
  if (bounds.length !== count || !bounds.every((bound) => bound === (bound | 0))) {
    throw outOfRange(typeName, `lowerBounds are not ${count} integers, one a dimension`);
  }
  return bounds;
}
