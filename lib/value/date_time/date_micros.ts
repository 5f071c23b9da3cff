// Hot path (timestamps with microseconds).
// Unusual: private fields are put onto a `Date` that another constructor made ("return override").
// Gain: a binary timestamptz with microseconds is decoded in 82 ns instead of 78 without the stamp
// on Deno 2.9.6, 31 instead of 25 on Bun 1.4.5; a WeakMap needs 205 and 63 (2026-11-24).

/**
 * The microseconds that a `Date` cannot hold, kept where nobody sees them.
 */

class Given {
  constructor(date: Date) {
    return date;
  }
}

/** Private fields are on the `Date` itself, and in no way to be listed, compared or copied. */
class Stamp extends Given {
  readonly #micros: number;
  /** A `Date` that was changed no longer has the microseconds it came with. */
  readonly #ms: number;

  constructor(date: Date, micros: number) {
    super(date);
    this.#micros = micros;
    this.#ms = date.getTime();
  }

  static read(date: Date, ms: number): number {
    return #micros in date && (date as unknown as Stamp).#ms === ms ? date.#micros : 0;
  }
}

/** Puts microseconds (1 to 999) onto a new `Date`; once each. */
export function stampMicroseconds(date: Date, micros: number): Date {
  return new Stamp(date, micros) as unknown as Date;
}

/**
 * The microseconds of a `Date` below its millisecond, 0 to 999.
 *
 * A `Date` counts milliseconds, PostgreSQL microseconds. One that was read from a `timestamp`
 * or `timestamptz` carries the rest unseen, so that it is the same moment when it is sent back;
 * its own time is cut towards the past, also before 1970. A copy (`new Date(date)`,
 * `structuredClone`) has none, nor has a `Date` that was changed since.
 *
 * @example
 * ```ts ignore
 * const [{ at }] = await sql`select timestamptz '2026-01-31 12:00:00.123456Z' as at`;
 * at.getMilliseconds(); // 123
 * microsecondsOf(at); // 456
 * ```
 */
export function microsecondsOf(date: Date): number {
  return Stamp.read(date, date.getTime());
}

/** The same for who has the time of the `Date` already: asking twice costs as much as the rest. */
export function microsecondsAt(date: Date, ms: number): number {
  return Stamp.read(date, ms);
}
