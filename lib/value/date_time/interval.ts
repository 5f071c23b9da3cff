/**
 * `Interval`: PostgreSQL's interval as JavaScript sees it.
 */

import { formatFraction } from "./calendar.ts";
import { outOfRange, unfit } from "../codec_error.ts";

/**
 * Parts of an interval, which are added up.
 *
 * Whole numbers, but hours to milliseconds may have fractions, rounded to microseconds.
 */
export interface IntervalParts {
  /** Of 12 months. */
  readonly years?: number | bigint;
  /** Not in days: how many those are depends on the month. */
  readonly months?: number | bigint;
  /** Of 7 days. */
  readonly weeks?: number | bigint;
  /** Not in hours: where clocks are changed a day may have 23 or 25. */
  readonly days?: number | bigint;
  /** Of 60 minutes. */
  readonly hours?: number | bigint;
  /** Of 60 seconds. */
  readonly minutes?: number | bigint;
  /** `1.5` is a second and 500 milliseconds. */
  readonly seconds?: number | bigint;
  /** Thousandths of a second. */
  readonly milliseconds?: number | bigint;
  /** Millionths of a second, the finest that PostgreSQL has. */
  readonly microseconds?: number | bigint;
}

/** The bounds of int32, so of months and of days. */
export const MAX_INT32: number = 0x7fff_ffff;
/** The other end. */
export const MIN_INT32: number = -0x8000_0000;
/** The bounds of int64, so of microseconds. */
export const MAX_INT64: bigint = 0x7fff_ffff_ffff_ffffn;
/** The other end. */
export const MIN_INT64: bigint = -0x8000_0000_0000_0000n;

/** More years, months, weeks or days are out of range, whatever is added to them. */
const MAX_WHOLE = 2 ** 40;

/** In microseconds. */
const HOUR = 3_600_000_000;
const MINUTE = 60_000_000;
const SECOND = 1_000_000;

const NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set<keyof IntervalParts>([
  "years",
  "months",
  "weeks",
  "days",
  "hours",
  "minutes",
  "seconds",
  "milliseconds",
  "microseconds",
]);

/**
 * An interval as PostgreSQL keeps it: months, days and microseconds side by side, for a month
 * has no fixed number of days, nor has a day of hours.
 *
 * @example
 * ```ts
 * const interval = new Interval({ years: 1, months: 2, days: -3, seconds: 4.5 });
 * interval.months; // 14
 * interval.microseconds; // 4500000n
 * String(interval); // "P1Y2M-3DT4.5S"
 * ```
 */
export class Interval {
  /** Years included. From -2^31 to 2^31-1. */
  readonly months: number;
  /** Weeks included. From -2^31 to 2^31-1. */
  readonly days: number;
  /** Hours, minutes and seconds included. From -2^63 to 2^63-1. */
  readonly microseconds: bigint;

  /**
   * Adds up the parts; without any it is zero.
   *
   * @throws {RangeError} when the sum does not fit, a part is no whole number, or all are those
   * that PostgreSQL keeps for the infinities
   * @throws {TypeError} when a part is unknown, or neither a number nor a bigint
   */
  constructor(parts: IntervalParts) {
    checkNames(parts);
    const months = 12 * whole("years", parts.years) + whole("months", parts.months);
    const days = 7 * whole("weeks", parts.weeks) + whole("days", parts.days);
    const micros = totalMicros(parts);
    if (months > MAX_INT32 || months < MIN_INT32) throw tooLarge("months", "int4");
    if (days > MAX_INT32 || days < MIN_INT32) throw tooLarge("days", "int4");
    if (micros > MAX_INT64 || micros < MIN_INT64) throw tooLarge("microseconds", "int8");
    this.months = months;
    this.days = days;
    this.microseconds = micros;
    if (infinityOf(this) !== 0) {
      throw outOfRange("interval", "its parts are those of an infinity, expected ±Infinity");
    }
  }

  /** ISO 8601 as PostgreSQL writes and reads it: `P1Y2M-3DT4H5M6.000007S`, `PT0S`. */
  toString(): string {
    const date = part(Math.trunc(this.months / 12), "Y") + part(this.months % 12, "M") +
      part(this.days, "D");
    const time = timeText(this.microseconds);
    if (time !== "") return `P${date}T${time}`;
    return date === "" ? "PT0S" : `P${date}`;
  }

  /** The same as `toString()`: a text that any server takes. */
  toJSON(): string {
    return this.toString();
  }
}

/** ±Infinity for the parts that stand for them (timestamp.h, INTERVAL_IS_NOBEGIN), else 0. */
export function infinityOf(parts: Pick<Interval, "months" | "days" | "microseconds">): number {
  const { months, days, microseconds } = parts;
  if (months === MAX_INT32 && days === MAX_INT32 && microseconds === MAX_INT64) return Infinity;
  if (months === MIN_INT32 && days === MIN_INT32 && microseconds === MIN_INT64) return -Infinity;
  return 0;
}

/** Years, months, weeks or days. */
function whole(name: keyof IntervalParts, value: number | bigint = 0): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  checkNumber(name, number);
  if (!Number.isInteger(number)) throw notWhole(name);
  // So small that all sums are exact.
  if (Math.abs(number) > MAX_WHOLE) throw tooLarge(name, "int4");
  return number + 0; // Not -0.
}

function totalMicros(parts: IntervalParts): bigint {
  const { hours, minutes, seconds, milliseconds, microseconds } = parts;
  return scaled("hours", hours, HOUR) + scaled("minutes", minutes, MINUTE) +
    scaled("seconds", seconds, SECOND) + scaled("milliseconds", milliseconds, 1000) +
    scaled("microseconds", microseconds, 1);
}

/** In microseconds; the fraction is taken apart, so that the rest is exact. */
function scaled(name: keyof IntervalParts, value: number | bigint = 0n, unit: number): bigint {
  if (typeof value === "bigint") return value === 0n || unit === 1 ? value : value * BigInt(unit);
  checkNumber(name, value);
  const integer = Math.trunc(value);
  if (unit === 1 && integer !== value) throw notWhole(name);
  return BigInt(integer) * BigInt(unit) + BigInt(Math.round((value - integer) * unit));
}

function checkNumber(name: keyof IntervalParts, value: unknown): void {
  if (typeof value !== "number") throw unfit("interval", value, `a number or bigint of ${name}`);
  if (!Number.isFinite(value)) throw outOfRange("interval", `${name} are not finite`);
}

/** What is misspelt would be lost without a word. */
function checkNames(parts: IntervalParts): void {
  for (const name of Object.keys(parts)) {
    if (!NAMES.has(name)) {
      const wanted = [...NAMES].join(", ");
      throw new TypeError(`Cannot encode interval: it has unknown parts, expected ${wanted}`);
    }
  }
}

function notWhole(name: keyof IntervalParts): RangeError {
  return outOfRange("interval", `${name} are no whole number`);
}

function tooLarge(name: keyof IntervalParts, wanted: "int4" | "int8"): RangeError {
  return outOfRange("interval", `${name} out of range, expected an ${wanted}`);
}

function part(value: number, unit: string): string {
  return value === 0 ? "" : `${value}${unit}`;
}

/** `4H5M6.000007S`; nothing for zero. */
function timeText(micros: bigint): string {
  const hours = micros / BigInt(HOUR);
  const rest = Number(micros % BigInt(HOUR));
  const minutes = Math.trunc(rest / MINUTE);
  const seconds = Math.abs(rest % MINUTE);
  const text = (hours === 0n ? "" : `${hours}H`) + part(minutes, "M");
  if (seconds === 0) return text;
  const sign = rest < 0 ? "-" : "";
  return `${text}${sign}${Math.floor(seconds / SECOND)}${formatFraction(seconds % SECOND)}S`;
}
