/**
 * What is taken for a date or a timestamp: `Date`, Temporal objects and the infinities.
 */

import { DAY_MICROS, DAY_MS, type Moment } from "./calendar.ts";
import { outOfRange, unfit } from "../codec_error.ts";
import { microsecondsOf } from "./date_micros.ts";
import { epochMicros, isTemporal, plainDateDays, plainMoment } from "./temporal.ts";

/** The types of moments, without and with time zone. */
export type TimestampName = "timestamp" | "timestamptz";

/** Days since 1970-01-01, or ±Infinity. */
export function checkDays(value: unknown): number {
  if (value instanceof Date) return Math.floor(checkTime("date", value) / DAY_MS);
  if (value === Infinity || value === -Infinity) return value;
  if (isTemporal(value, "PlainDate")) return plainDateDays(value);
  throw unfit("date", value, "a Date, Temporal.PlainDate, Infinity or -Infinity");
}

/** A moment with its microseconds, or ±Infinity. */
export function checkMoment(typeName: TimestampName, value: unknown): Moment | number {
  if (value instanceof Date) return momentOfDate(typeName, value);
  if (value === Infinity || value === -Infinity) return value;
  if (typeName === "timestamp") {
    if (isTemporal(value, "PlainDateTime")) return plainMoment(typeName, value);
    throw unfit(typeName, value, "a Date, Temporal.PlainDateTime, Infinity or -Infinity");
  }
  if (isTemporal(value, "Instant") || isTemporal(value, "ZonedDateTime")) {
    return momentOf(epochMicros(typeName, value));
  }
  const wanted = "a Date, Temporal.Instant, Temporal.ZonedDateTime, Infinity or -Infinity";
  throw unfit(typeName, value, wanted);
}

/** The moment so many microseconds after 1970. */
export function momentOf(epochMicros: bigint): Moment {
  const rest = Number(epochMicros % BigInt(DAY_MICROS));
  const days = Number(epochMicros / BigInt(DAY_MICROS));
  return rest < 0 ? { days: days - 1, micros: rest + DAY_MICROS } : { days, micros: rest };
}

function momentOfDate(typeName: string, date: Date): Moment {
  const ms = checkTime(typeName, date);
  const days = Math.floor(ms / DAY_MS);
  return { days, micros: (ms - days * DAY_MS) * 1000 + microsecondsOf(date) };
}

/** The milliseconds of a `Date` that is valid. */
export function checkTime(typeName: string, date: Date): number {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw outOfRange(typeName, "the Date is invalid");
  return ms;
}
