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
    return { days: daysOf(eraYear(year, beforeChrist), month, day), micros: 0 };
  }
  const micros = readTime(scanner) - readZone(scanner) * 1_000_000;
  const days = daysOf(eraYear(year, scanner.accept(" BC")), month, day);
  scanner.finish();
  const overflow = Math.floor(micros / DAY_MICROS);
  return { days: days + overflow, micros: micros - overflow * DAY_MICROS };
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

/** 1 BC is the year 0. */
function eraYear(year: number, beforeChrist: boolean): number {
  return beforeChrist ? 1 - year : year;
}

/** Microseconds of the day. */
function readTime(scanner: TextScanner): number {
  const hours = scanner.digits(2, 2);
  scanner.expect(":");
  const minutes = scanner.digits(2, 2);
  scanner.expect(":");
  const seconds = hours * 3600 + minutes * 60 + scanner.digits(2, 2);
  if (!scanner.accept(".")) return seconds * 1_000_000;
  const start = scanner.position;
  const fraction = scanner.digits(1, 6);
  return seconds * 1_000_000 + fraction * 10 ** (6 - (scanner.position - start));
}

/** Seconds east of UTC; 0 where there is no zone. */
function readZone(scanner: TextScanner): number {
  const west = scanner.accept("-");
  if (!west && !scanner.accept("+")) return 0;
  let seconds = scanner.digits(2, 2) * 3600;
  if (scanner.accept(":")) seconds += scanner.digits(2, 2) * 60;
  if (scanner.accept(":")) seconds += scanner.digits(2, 2);
  return west ? -seconds : seconds;
}
