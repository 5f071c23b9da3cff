// Hot path (bench/server_bench.ts, "text" and "2.0": a column of six is a timestamptz).
// Unusual: digits are read at fixed places, without a scanner, and days by integer arithmetic
// instead of Date.UTC.
// Gain (decoded to Date in memory, minima): a timestamptz with microseconds 304 to 111 ns on Deno
// 2.9.6, 203 to 81 on Bun 1.4.5; a date 186 to 83 and 110 to 38 (2026-11-22). Undo it if under 1.5x.
// Since the microseconds are kept, a timestamptz that has some takes 123 and 104 ns (2026-11-24).
// Plain twin: readDateTime() of date_time_text.ts, which reads all that is left by this; the tests
// give both the same texts, valid and spoilt.

/**
 * Reads the texts that nearly every date and timestamp has: a year of four digits, no era.
 * Whatever has another form, or is no date, gives NaN and is for `readDateTime()`.
 */

import { DAY_MS } from "./calendar.ts";

const MINUS = 0x2d;
const PLUS = 0x2b;
const COLON = 0x3a;
const SPACE = 0x20;
const DOT = 0x2e;

const DATE_BYTES = 10;
const SECONDS_BYTES = 19;
const FRACTION_DIGITS = 6;

/** From the last day before the year 0 to 1970-01-01. */
const EPOCH_DAYS = 719_528;
const DAYS_BEFORE_MONTH: readonly number[] = [
  0, // There is no month 0.
  0,
  31,
  59,
  90,
  120,
  151,
  181,
  212,
  243,
  273,
  304,
  334,
];

/** The days since 1970-01-01 of `YYYY-MM-DD`, else NaN. */
export function readFixedDate(bytes: Uint8Array, start: number, end: number): number {
  return end - start === DATE_BYTES ? readDays(bytes, start) : NaN;
}

/**
 * The milliseconds since 1970, cut towards the past, of `YYYY-MM-DD HH:MM:SS` with or
 * without `.f` to `.ffffff` and `±HH` or `±HH:MM`, else NaN.
 */
export function readFixedTimestamp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SECONDS_BYTES || bytes[start + 10] !== SPACE) return NaN;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return NaN;
  const hours = readPair(bytes, start + 11);
  const minutes = readPair(bytes, start + 14);
  const seconds = readPair(bytes, start + 17);
  if (hours > 23 || minutes > 59 || seconds > 59) return NaN;

  let at = start + SECONDS_BYTES;
  let ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  if (at < end && bytes[at] === DOT) {
    const first = at + 1;
    // In ms: 100, 10, 1, and 0 for the microseconds.
    let worth = 100;
    for (at = first; at < end && digitAt(bytes, at) < 10; at++) {
      ms += digitAt(bytes, at) * worth;
      worth = worth / 10 | 0;
    }
    if (at === first || at > first + FRACTION_DIGITS) return NaN;
  }
  if (at < end) ms -= readZoneMinutes(bytes, at, end) * 60_000;
  return readDays(bytes, start) * DAY_MS + ms;
}

/**
 * The microseconds below the millisecond, 0 to 999, of a text that `readFixedTimestamp()` has
 * read; 0 of any other.
 */
export function readFixedMicros(bytes: Uint8Array, start: number, end: number): number {
  const first = start + SECONDS_BYTES + 1;
  if (end < first + 4 || bytes[first - 1] !== DOT) return 0;
  // A fraction of one or two digits is followed by the zone, whose digits are not ours.
  if (digitAt(bytes, first + 1) > 9 || digitAt(bytes, first + 2) > 9) return 0;
  let micros = 0;
  let worth = 100;
  for (let at = first + 3; at < end && worth > 0 && digitAt(bytes, at) < 10; at++) {
    micros += digitAt(bytes, at) * worth;
    worth = worth / 10 | 0;
  }
  return micros;
}

/** Days since 1970-01-01, or NaN. */
function readDays(bytes: Uint8Array, start: number): number {
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return NaN;
  const century = readPair(bytes, start);
  const yearOfCentury = readPair(bytes, start + 2);
  const month = readPair(bytes, start + 5);
  const day = readPair(bytes, start + 8);
  if (century > 99 || yearOfCentury > 99 || month < 1 || month > 12) return NaN;

  const year = century * 100 + yearOfCentury;
  if (day < 1 || day > 28 && day > lengthOfMonth(year, month)) return NaN;
  // The leap day of a year counts from March on.
  const leaps = month > 2 ? year : year - 1;
  return year * 365 + Math.floor(leaps / 4) - Math.floor(leaps / 100) + Math.floor(leaps / 400) +
    DAYS_BEFORE_MONTH[month] + day - EPOCH_DAYS;
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Minutes east of UTC, or NaN. */
function readZoneMinutes(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  if (sign !== PLUS && sign !== MINUS) return NaN;
  const length = end - start;
  if (length !== 3 && (length !== 6 || bytes[start + 3] !== COLON)) return NaN;
  const hours = readPair(bytes, start + 1);
  const minutes = length === 6 ? readPair(bytes, start + 4) : 0;
  if (hours > 15 || minutes > 59) return NaN;
  return sign === MINUS ? -(hours * 60 + minutes) : hours * 60 + minutes;
}

/** What two digits say; 100, more than any part may be, where they are none. */
function readPair(bytes: Uint8Array, at: number): number {
  const tens = digitAt(bytes, at);
  const ones = digitAt(bytes, at + 1);
  return tens < 10 && ones < 10 ? tens * 10 + ones : 100;
}

/** 10 or more where there is no digit. */
function digitAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ^ 0x30;
}
