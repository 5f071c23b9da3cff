/**
 * Temporal objects: made where the runtime has `Temporal`, and known when they are sent,
 * whoever made them.
 */

import { type DateFields, daysOf, microsOf, type Moment, type TimeFields } from "./calendar.ts";
import { outOfRange } from "../codec_error.ts";

/** The little of `Temporal` that is used here. */
export interface TemporalApi {
  readonly PlainDate: new (year: number, month: number, day: number) => object;
  readonly PlainTime: new (...fields: TimeNumbers) => object;
  readonly PlainDateTime: new (
    year: number,
    month: number,
    day: number,
    ...fields: TimeNumbers
  ) => object;
  readonly Instant: new (epochNanoseconds: bigint) => object;
}

/** Hour, minute, second, millisecond, microsecond. */
type TimeNumbers = [number, number, number, number, number];

interface PlainDate extends DateFields {
  withCalendar(calendar: string): PlainDate;
}

interface PlainTime extends TimeFields {
  readonly nanosecond: number;
}

interface PlainDateTime extends DateFields, PlainTime {
  withCalendar(calendar: string): PlainDateTime;
}

/** An `Instant` or a `ZonedDateTime`. */
interface ExactTime {
  readonly epochNanoseconds: bigint;
}

interface Duration {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly microseconds: number;
  readonly nanoseconds: number;
}

/** The classes of `Temporal` that PostgreSQL has a type for. */
export interface TemporalObjects {
  readonly PlainDate: PlainDate;
  readonly PlainTime: PlainTime;
  readonly PlainDateTime: PlainDateTime;
  readonly Instant: ExactTime;
  readonly ZonedDateTime: ExactTime;
  readonly Duration: Duration;
}

/** The runtime's `Temporal`, or a polyfill that was loaded as such: Node has it from 26 on. */
export function temporalApi(): TemporalApi | undefined {
  return (globalThis as { Temporal?: unknown }).Temporal as TemporalApi | undefined;
}

/** True for an object of a class of `Temporal`, a polyfill's too. */
export function isTemporal<Name extends keyof TemporalObjects>(
  value: unknown,
  name: Name,
): value is TemporalObjects[Name] {
  if (typeof value !== "object" || value === null) return false;
  return (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === `Temporal.${name}`;
}

/** The days since 1970-01-01, whatever the object's calendar. */
export function plainDateDays(date: PlainDate): number {
  const { year, month, day } = date.withCalendar("iso8601");
  return daysOf(year, month, day);
}

/** @throws {RangeError} when there are nanoseconds */
export function plainTimeMicros(typeName: string, time: PlainTime): number {
  if (time.nanosecond !== 0) throw tooFine(typeName);
  return microsOf(time);
}

/** @throws {RangeError} when there are nanoseconds */
export function plainMoment(typeName: string, dateTime: PlainDateTime): Moment {
  return { days: plainDateDays(dateTime), micros: plainTimeMicros(typeName, dateTime) };
}

/**
 * The microseconds since 1970.
 *
 * @throws {RangeError} when there are nanoseconds
 */
export function epochMicros(typeName: string, { epochNanoseconds }: ExactTime): bigint {
  if (epochNanoseconds % 1000n !== 0n) throw tooFine(typeName);
  return epochNanoseconds / 1000n;
}

/** That something would be lost silently. */
export function tooFine(typeName: string): RangeError {
  return outOfRange(typeName, "nanoseconds were given, PostgreSQL has microseconds");
}
