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

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;
/** Microseconds of a day. */
export const DAY_MICROS = 86_400_000_000;

/** PostgreSQL counts from 2000-01-01, JavaScript from 1970-01-01. */
export const POSTGRES_EPOCH_DAYS = 10_957;

const MAX_DATE_MS = 8.64e15;

// The calendar repeats every 400 years, so any year has a twin that Date can compute with.
const CYCLE_YEARS = 400;
const CYCLE_DAYS = 146_097;

/** The days since 1970-01-01; year 0 is 1 BC. */
export function daysOf(year: number, month: number, day: number): number {
  const cycles = Math.floor((year - 1970) / CYCLE_YEARS);
  return Date.UTC(year - cycles * CYCLE_YEARS, month - 1, day) / DAY_MS + cycles * CYCLE_DAYS;
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
  const fraction = micros - seconds * 1_000_000;
  const text = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${
    pad(seconds % 60)
  }`;
  if (fraction === 0) return text;
  return `${text}.${pad(fraction, 6).replace(/0+$/, "")}`;
}

/** `+02`, `-03:30`, `+00:19:32`: seconds east of UTC. */
export function formatZone(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return (seconds < 0 ? "-" : "+") + parts.map((part) => pad(part)).join(":");
}

function splitDate(days: number): { readonly date: string; readonly era: string } {
  const cycles = Math.floor(days / CYCLE_DAYS);
  const twin = new Date((days - cycles * CYCLE_DAYS) * DAY_MS);
  const year = twin.getUTCFullYear() + cycles * CYCLE_YEARS;
  const shown = year > 0 ? year : 1 - year;
  const date = `${pad(shown, 4)}-${pad(twin.getUTCMonth() + 1)}-${pad(twin.getUTCDate())}`;
  return { date, era: year > 0 ? "" : " BC" };
}

function pad(value: number, length: number = 2): string {
  return String(value).padStart(length, "0");
}
