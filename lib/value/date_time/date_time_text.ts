/**
 * Reads PostgreSQL's ISO texts of dates and timestamps.
 */

import { DAY_MICROS, daysOf, type Moment } from "./calendar.ts";
import { TextScanner } from "./text_scanner.ts";

/** A field of text: where it stands and what it should be. */
export interface TextField {
  readonly typeName: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `2026-01-31`, `2026-01-31 12:00:00.5`, `0044-03-15 12:00:00+02:30 BC`, …; with
 * a zone the moment is in UTC. The infinities are numbers.
 */
export function readDateTime(bytes: Uint8Array, field: TextField): Moment | number {
  const scanner = new TextScanner(field.typeName, bytes, field);
  const infinity = readInfinity(scanner);
  if (infinity !== undefined) return infinity;

  const year = scanner.digits(4, 7);
  scanner.expect("-");
  const month = scanner.digits(2, 2);
  scanner.expect("-");
  const day = scanner.digits(2, 2);
  const beforeChrist = scanner.accept(" BC");
  if (beforeChrist || !scanner.accept(" ")) {
    scanner.finish();
    return { days: checkedDays(scanner, { year, month, day, beforeChrist }), micros: 0 };
  }
  const micros = readTime(scanner) - readZone(scanner) * 1_000_000;
  const days = checkedDays(scanner, { year, month, day, beforeChrist: scanner.accept(" BC") });
  scanner.finish();
  const overflow = Math.floor(micros / DAY_MICROS);
  return { days: days + overflow, micros: micros - overflow * DAY_MICROS };
}

/** Reads `12:30:00.5`: microseconds since midnight, up to and with `24:00:00`. */
export function readTimeOfDay(bytes: Uint8Array, field: TextField): number {
  const scanner = new TextScanner(field.typeName, bytes, field);
  const micros = scanner.accept("24:00:00") ? DAY_MICROS : readTime(scanner);
  scanner.finish();
  return micros;
}

function readInfinity(scanner: TextScanner): number | undefined {
  const negative = scanner.accept("-");
  if (scanner.accept("infinity")) {
    scanner.finish();
    return negative ? -Infinity : Infinity;
  }
  if (negative) throw scanner.fault();
  return undefined;
}

/** `Date` would make a day of March of the 30th of February. */
function checkedDays(
  scanner: TextScanner,
  date: { year: number; month: number; day: number; beforeChrist: boolean },
): number {
  const { month, day } = date;
  // 1 BC is the year 0.
  const year = date.beforeChrist ? 1 - date.year : date.year;
  const days = daysOf(year, month, day);
  if (month < 1 || month > 12 || day < 1 || days >= daysOf(year, month + 1, 1)) {
    throw scanner.fault();
  }
  return days;
}

/** Microseconds of the day. */
function readTime(scanner: TextScanner): number {
  const hours = readPart(scanner, 23);
  scanner.expect(":");
  const minutes = readPart(scanner, 59);
  scanner.expect(":");
  // Servers with floating-point timestamps (before 10) may round up to 60.
  const seconds = hours * 3600 + minutes * 60 + readPart(scanner, 60);
  if (!scanner.accept(".")) return seconds * 1_000_000;
  const start = scanner.position;
  const fraction = scanner.digits(1, 6);
  return seconds * 1_000_000 + fraction * 10 ** (6 - (scanner.position - start));
}

/** Seconds east of UTC; 0 where there is no zone. */
function readZone(scanner: TextScanner): number {
  const west = scanner.accept("-");
  if (!west && !scanner.accept("+")) return 0;
  let seconds = readPart(scanner, 15) * 3600;
  if (scanner.accept(":")) seconds += readPart(scanner, 59) * 60;
  if (scanner.accept(":")) seconds += readPart(scanner, 59);
  return west ? -seconds : seconds;
}

function readPart(scanner: TextScanner, max: number): number {
  const value = scanner.digits(2, 2);
  if (value > max) throw scanner.fault();
  return value;
}
