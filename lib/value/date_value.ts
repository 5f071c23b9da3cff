/**
 * What is taken for a date or a timestamp.
 */

import { outOfRange, unfit } from "./codec_error.ts";

/** The milliseconds of a `Date`, or ±Infinity. */
export function checkDate(typeName: string, value: unknown): number {
  if (value instanceof Date) {
    const ms = value.getTime();
    if (Number.isNaN(ms)) throw outOfRange(typeName, "the Date is invalid");
    return ms;
  }
  if (value === Infinity || value === -Infinity) return value;
  throw unfit(typeName, value, "a Date, Infinity or -Infinity");
}
