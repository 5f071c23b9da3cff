/**
 * What a range is in JavaScript.
 */

import { outOfRange, unfit } from "../codec_error.ts";

/** Whether the bounds belong to the range: a square bracket says yes. */
export type RangeBounds = "[]" | "[)" | "(]" | "()";

/**
 * A range; null is a side without bound. That is not the same as the bound `infinity`, which
 * some types have as a value.
 */
export type Range<T> = "empty" | {
  lower: T | null;
  upper: T | null;
  /** As PostgreSQL prints them: of integers and dates always `[)`, `(` and `)` where no bound is. */
  bounds: RangeBounds;
};

/** A range that is not empty. */
export type RangeSpan = Exclude<Range<unknown>, string>;

const BOUNDS: readonly string[] = ["[]", "[)", "(]", "()"] satisfies RangeBounds[];
const MEMBERS: readonly string[] = ["lower", "upper", "bounds"];

/**
 * Checks what was given for a range; a bound left out is null, `bounds` left out `[)`.
 *
 * @throws {TypeError | RangeError} when it is none
 */
export function checkRange(typeName: string, value: unknown): RangeSpan {
  if (!hasMember(value)) {
    throw unfit(typeName, value, "an object with lower, upper and bounds, or a string");
  }
  const extra = Object.keys(value).find((key) => !MEMBERS.includes(key));
  if (extra !== undefined) {
    throw new TypeError(
      `Cannot encode ${typeName}: ranges have no "${extra}", expected lower, upper and bounds`,
    );
  }
  const { lower = null, upper = null, bounds = "[)" } = value;
  if (!BOUNDS.includes(bounds)) throw outOfRange(typeName, "bounds are none of [], [), (], ()");
  return { lower, upper, bounds };
}

/** Anything else than a range would be taken for one without bounds. */
function hasMember(value: unknown): value is Partial<RangeSpan> {
  return typeof value === "object" && value !== null && MEMBERS.some((name) => name in value);
}
