/**
 * Days, times of day and their ISO texts, as PostgreSQL writes them: proleptic
 * Gregorian, years over 9999 with all their digits, years before 1 as `BC`.
 */

/** A point in time without a zone: exact where a `Date` is not. */
export interface Moment {
  /** Since 1970-01-01. */
  readonly days: number;
  /** Microseconds of the day. */
  readonly micros: number;
}

/** A day of the calendar; year 0 is 1 BC. */
export interface DateFields {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** A time of day. */
export interface TimeFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Of the millisecond. */
  readonly microsecond: number;
}

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;
/** Microseconds of a day. */
export const DAY_MICROS = 86_400_000_000;

/** PostgreSQL counts from 2000-01-01, JavaScript from 1970-01-01. */
export const POSTGRES_EPOCH_DAYS = 10_957;

/** The last day of a `Date`, 275760-09-13, counted from 1970-01-01; the first is as far away. */
export const MAX_DATE_DAYS: number = 100_000_000;

const MAX_DATE_MS = MAX_DATE_DAYS * DAY_MS;

// The calendar repeats every 400 years, so any year has a twin that Date can compute with.
const CYCLE_YEARS = 400;
const CYCLE_DAYS = 146_097;

/** The days since 1970-01-01; year 0 is 1 BC. */
export function daysOf(year: number, month: number, day: number): number {
  const cycles = Math.floor((year - 1970) / CYCLE_YEARS);
  return Date.UTC(year - cycles * CYCLE_YEARS, month - 1, day) / DAY_MS + cycles * CYCLE_DAYS;
}

/** The day that is so many days after 1970-01-01. */
export function dateFields(days: number): DateFields {
  const cycles = Math.floor(days / CYCLE_DAYS);
  const twin = new Date((days - cycles * CYCLE_DAYS) * DAY_MS);
  return {
    year: twin.getUTCFullYear() + cycles * CYCLE_YEARS,
    month: twin.getUTCMonth() + 1,
    day: twin.getUTCDate(),
  };
}

/** The time of day that is so many microseconds after midnight. */
export function timeFields(micros: number): TimeFields {
  const ms = Math.floor(micros / 1000);
  const seconds = Math.floor(ms / 1000);
  return {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    millisecond: ms % 1000,
    microsecond: micros % 1000,
  };
}

/** The microseconds since midnight. */
export function microsOf(time: TimeFields): number {
  const seconds = (time.hour * 60 + time.minute) * 60 + time.second;
  return (seconds * 1000 + time.millisecond) * 1000 + time.microsecond;
}

/** The `Date` at so many milliseconds, or undefined when that is beyond what it can be. */
export function dateAt(ms: number): Date | undefined {
  return Math.abs(ms) <= MAX_DATE_MS ? new Date(ms) : undefined;
}

/** `2026-01-31`, `12026-01-31`, `0044-03-15 BC`. */
export function formatDate(days: number): string {
  const { date, era } = splitDate(days);
  return date + era;
}

/** `2026-01-31 12:00:00.5`, and the zone before the era: `0044-03-15 12:00:00+00 BC`. */
export function formatTimestamp({ days, micros }: Moment, zone: string): string {
  const { date, era } = splitDate(days);
  return `${date} ${formatTime(micros)}${zone}${era}`;
}

/** `12:00:00`, `12:00:00.000001`: no trailing zeros. */
export function formatTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const hour = pad(Math.floor(seconds / 3600));
  const minute = pad(Math.floor(seconds / 60) % 60);
  return `${hour}:${minute}:${pad(seconds % 60)}${formatFraction(micros - seconds * 1_000_000)}`;
}

/** `.5`, `.000001`, nothing for zero: microseconds of a second. */
export function formatFraction(micros: number): string {
  return micros === 0 ? "" : `.${pad(micros, 6).replace(/0+$/, "")}`;
}

/** `+02`, `-03:30`, `+00:19:32`: seconds east of UTC. */
export function formatZone(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return (seconds < 0 ? "-" : "+") + parts.map((part) => pad(part)).join(":");
}

function splitDate(days: number): { readonly date: string; readonly era: string } {
  const { year, month, day } = dateFields(days);
  const shown = year > 0 ? year : 1 - year;
  return { date: `${pad(shown, 4)}-${pad(month)}-${pad(day)}`, era: year > 0 ? "" : " BC" };
}

function pad(value: number, length: number = 2): string {
  return String(value).padStart(length, "0");
}
