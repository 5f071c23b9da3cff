/** Random days, moments, times of day and intervals. */

import fc from "fast-check";
import { Interval } from "../../../lib/value/date_time/interval.ts";
import { stampMicroseconds } from "../../../lib/value/date_time/date_micros.ts";
import { type Key, type OrderedType, type PropertyType, same, type Sample } from "./sample.ts";

const DAY_MS = 86_400_000;
const DAY_MICROS = 86_400_000_000n;
/** The last day of a Date, counted from 1970; the first is as far away. */
const LAST_DATE_DAY = 100_000_000;
/** 400 years, after which the calendar repeats itself. */
const CYCLE_DAYS = 146_097;

/** 4714-11-24 BC, PostgreSQL's first. */
const FIRST_DAY = -2_440_588;
/** 5874897-12-31. */
const LAST_DAY = 2_145_042_905;
/** The last microsecond of 294276. */
const LAST_MICROS = 9_224_318_016_000_000_000n - 1n;
const FIRST_MICROS = BigInt(FIRST_DAY) * DAY_MICROS;
const LAST_DATE_MICROS = BigInt(LAST_DATE_DAY) * DAY_MICROS;

/** `275760-09-14`, of days after 1970. */
function dayText(day: number): string {
  const cycles = Math.floor(day / CYCLE_DAYS);
  const twin = new Date((day - cycles * CYCLE_DAYS) * DAY_MS);
  const rest = twin.toISOString().slice(4, 10);
  return `${twin.getUTCFullYear() + cycles * 400}${rest}`;
}

/** `23:59:59.5`, of microseconds. */
function timeText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const parts = [seconds / 3600, seconds / 60 % 60, seconds % 60];
  const text = parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  const fraction = String(micros % 1_000_000).padStart(6, "0").replace(/0+$/, "");
  return fraction === "" ? text : `${text}.${fraction}`;
}

const days: fc.Arbitrary<Key> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: FIRST_DAY, max: LAST_DATE_DAY }) },
  { weight: 3, arbitrary: fc.integer({ min: -40_000, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: LAST_DATE_DAY, max: LAST_DAY }) },
  // The year 1 BC, and the one after it.
  { weight: 1, arbitrary: fc.integer({ min: -719_900, max: -718_800 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Key>(
      ...[FIRST_DAY, LAST_DAY, LAST_DATE_DAY, LAST_DATE_DAY + 1, 0, -1, 10_957],
      ...[Infinity, -Infinity],
    ),
  },
);

/** date; the infinities are in its ranges as they are anywhere. */
const date: OrderedType = {
  sql: "date",
  keys: days,
  samples: days.map(dateSample),
  sampleOf: dateSample,
  next: (key) => Number(key) + 1,
  last: LAST_DAY,
};

function dateSample(key: Key): Sample {
  if (key === Infinity || key === -Infinity) return same(key);
  const day = Number(key);
  return same(day <= LAST_DATE_DAY ? new Date(day * DAY_MS) : dayText(day));
}

const moments: fc.Arbitrary<Key> = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: FIRST_MICROS, max: LAST_DATE_MICROS }) },
  { weight: 3, arbitrary: fc.bigInt({ min: -(10n ** 13n), max: 10n ** 16n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: -2000n, max: 2000n }) },
  {
    weight: 2,
    arbitrary: fc.bigInt({ min: -(10n ** 7n), max: 10n ** 7n }).map((s) => s * 10n ** 6n),
  },
  { weight: 1, arbitrary: fc.bigInt({ min: LAST_DATE_MICROS, max: LAST_MICROS }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Key>(
      ...[FIRST_MICROS, FIRST_MICROS + 1n, LAST_MICROS, Infinity, -Infinity],
      ...[0n, -1n, 1n, 946_684_800_000_000n, 946_684_799_999_999n],
      ...[LAST_DATE_MICROS, LAST_DATE_MICROS + 999n, LAST_DATE_MICROS + 1000n],
    ),
  },
);

function momentType(sql: "timestamp" | "timestamptz"): OrderedType {
  const sampleOf = (key: Key): Sample => {
    if (typeof key !== "bigint") return same(key);
    const micros = Number((key % DAY_MICROS + DAY_MICROS) % DAY_MICROS);
    const day = Number((key - BigInt(micros)) / DAY_MICROS);
    const ms = day * DAY_MS + Math.floor(micros / 1000);
    if (ms <= LAST_DATE_DAY * DAY_MS) {
      const date = new Date(ms);
      return same(micros % 1000 === 0 ? date : stampMicroseconds(date, micros % 1000));
    }
    return same(`${dayText(day)} ${timeText(micros)}${sql === "timestamptz" ? "+00" : ""}`);
  };
  return { sql, keys: moments, samples: moments.map(sampleOf), sampleOf };
}

const times: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: Number(DAY_MICROS) }),
  fc.integer({ min: 0, max: 86_399 }).map((seconds) => seconds * 1_000_000),
  fc.constantFrom(0, 1, Number(DAY_MICROS) - 1, Number(DAY_MICROS)),
);

const time: OrderedType = {
  sql: "time",
  keys: times,
  samples: times.map(timeText).map(same),
  sampleOf: (key) => same(timeText(Number(key))),
};

/** `+05:30`, of seconds east. */
function zoneText(seconds: number): string {
  const [hours, minutes, rest] = timeText(Math.abs(seconds) * 1_000_000).split(":");
  const sign = seconds < 0 ? "-" : "+";
  if (rest !== "00") return `${sign}${hours}:${minutes}:${rest}`;
  return minutes === "00" ? sign + hours : `${sign}${hours}:${minutes}`;
}

const ZONE_LIMIT = 16 * 3600 - 1;
const zones = fc.oneof(
  fc.integer({ min: -ZONE_LIMIT, max: ZONE_LIMIT }),
  fc.integer({ min: -60, max: 60 }).map((quarters) => quarters * 900),
  fc.constantFrom(0, 1, -1, ZONE_LIMIT, -ZONE_LIMIT),
);

const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/** Servers up to 14 do not read all that they print, so theirs end earlier. */
function intervals(version: number): fc.Arbitrary<Sample> {
  const huge = version < 15 ? 10n ** 16n : 2n ** 63n - 1n;
  const parts = fc.record({
    months: fc.oneof(fc.integer({ min: -30, max: 30 }), integersOf(version)),
    days: fc.oneof(fc.integer({ min: -40, max: 40 }), integersOf(version)),
    microseconds: fc.oneof(
      fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
      fc.bigInt({ min: -2_000_000n, max: 2_000_000n }),
      fc.bigInt({ min: -huge, max: huge }),
      fc.constantFrom(0n, 1n, -1n, huge, -huge),
    ),
  });
  const finite = parts.map((given) => new Interval(given));
  const all: fc.Arbitrary<Sample>[] = [
    finite.map(same),
    parts.map((sent) => ({ sent, read: new Interval(sent) })),
    finite.map((read) => ({ sent: String(read), read })),
  ];
  if (version >= 17) all.push(fc.constantFrom(Infinity, -Infinity).map(same));
  return fc.oneof(...all);
}

function integersOf(version: number): fc.Arbitrary<number> {
  return fc.integer(version < 15 ? { min: -(10 ** 9), max: 10 ** 9 } : int32);
}

/** Those that ranges can be over. */
export function orderedDateTimes(): OrderedType[] {
  return [date, momentType("timestamp"), momentType("timestamptz"), time];
}

/** The types of days, moments, times and intervals. */
export function dateTimeTypes({ version }: { readonly version: number }): PropertyType[] {
  return [
    ...orderedDateTimes(),
    {
      sql: "timetz",
      samples: fc.tuple(times, zones).map(([micros, zone]) =>
        same(timeText(micros) + zoneText(zone))
      ),
    },
    { sql: "interval", samples: intervals(version) },
  ];
}
