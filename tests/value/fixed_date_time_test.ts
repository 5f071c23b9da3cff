import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { DAY_MS } from "../../lib/value/date_time/calendar.ts";
import { readDateTime } from "../../lib/value/date_time/date_time_text.ts";
import {
  readFixedDate,
  readFixedMicros,
  readFixedTimestamp,
} from "../../lib/value/date_time/fixed_date_time.ts";
import { test } from "../harness.ts";
import { assert, assertEquals } from "../std_assert.ts";

interface Field {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What follows the field in the row must not become part of it. */
function fieldOf(text: string, after: string = ""): Field {
  const bytes = new TextEncoder().encode(`09${text}${after}`);
  return { bytes, start: 2, end: bytes.length - after.length };
}

const fixedDate = ({ bytes, start, end }: Field) => readFixedDate(bytes, start, end) * DAY_MS;
const fixedTimestamp = ({ bytes, start, end }: Field) => readFixedTimestamp(bytes, start, end);

const fixedMicros = ({ bytes, start, end }: Field) => readFixedMicros(bytes, start, end);

/** By the plain twin: microseconds below the millisecond, 0 to 999. */
function scannedMicros({ bytes, ...place }: Field): number {
  const moment = readDateTime(bytes, { typeName: "timestamp", ...place });
  return typeof moment === "number" ? 0 : moment.micros % 1000;
}

/** By the plain twin: milliseconds, ±Infinity, or NaN for what it refuses. */
function scanned({ bytes, ...place }: Field): number {
  try {
    const moment = readDateTime(bytes, { typeName: "timestamp", ...place });
    if (typeof moment === "number") return moment;
    return moment.days * DAY_MS + Math.floor(moment.micros / 1000);
  } catch (error) {
    assert(error instanceof ProtocolError);
    return NaN;
  }
}

const number = (max: number, length = 2) =>
  fc.nat(max).map((value) => String(value).padStart(length, "0"));
const year = fc.integer({ min: 1, max: 9999 }).map((value) => String(value).padStart(4, "0"));
const validDay = fc.tuple(year, fc.integer({ min: 1, max: 12 }), fc.nat(30)).map(([y, m, d]) => {
  const length = new Date(Date.UTC(2000 + Number(y) % 400, m, 0)).getUTCDate();
  return `${y}-${String(m).padStart(2, "0")}-${String(1 + d % length).padStart(2, "0")}`;
});
const fraction = fc.oneof(
  fc.constant(""),
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 6 })
    .map((digits) => `.${digits}`),
);
const zone = fc.oneof(
  fc.constant(""),
  fc.tuple(fc.constantFrom("+", "-"), number(15), fc.option(number(59)))
    .map(([sign, hours, minutes]) => sign + hours + (minutes === null ? "" : `:${minutes}`)),
);
const validTimestamp = fc.tuple(validDay, number(23), number(59), number(59), fraction, zone)
  .map(([day, h, m, s, rest, offset]) => `${day} ${h}:${m}:${s}${rest}${offset}`);
const after = fc.constantFrom("", "5", ".5", ":30", "+02", " BC");

test("readFixedTimestamp() and readFixedDate() give what the scanner gives, of every valid text", () => {
  fc.assert(
    fc.property(validTimestamp, after, (text, next) => {
      const field = fieldOf(text, next);
      const ms = fixedTimestamp(field);
      assert(Number.isInteger(ms), text);
      assertEquals(ms, scanned(field));
      assertEquals(fixedMicros(field), scannedMicros(field), text);
    }),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(validDay, after, (text, next) => {
    const field = fieldOf(text, next);
    const ms = fixedDate(field);
    assert(Number.isInteger(ms), text);
    assertEquals(ms, scanned(field));
  }));
});

const change = fc.record({
  at: fc.nat(32),
  drop: fc.constantFrom(1, 1, 1, 0, 2),
  put: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(..."0123456789") },
    fc.constantFrom(..."-+: .T/;\0\u00b0é", "", " BC", "24", "60", "99"),
  ),
});
const spoilt = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: validTimestamp },
    validDay,
    fc.constantFrom("infinity", "0044-03-15 BC"),
  ),
  fc.array(change, { minLength: 1, maxLength: 2 }),
).map(([text, changes]) =>
  changes.reduce((changed, { at, drop, put }) => {
    const place = at % (changed.length + 1);
    return changed.slice(0, place) + put + changed.slice(place + drop);
  }, text)
);

test("readFixedTimestamp() and readFixedDate() leave or read a spoilt text as the scanner does", () => {
  const count = { read: 0, left: 0 };
  fc.assert(
    fc.property(spoilt, after, (text, next) => {
      const field = fieldOf(text, next);
      for (const ms of [fixedTimestamp(field), fixedDate(field)]) {
        count[Number.isNaN(ms) ? "left" : "read"]++;
        if (Number.isNaN(ms)) continue;
        assertEquals(ms, scanned(field), text);
        assertEquals(fixedMicros(field), scannedMicros(field), text);
      }
    }),
    { numRuns: 5000 },
  );
  assert(count.read > 100 && count.left > 100, JSON.stringify(count));
});

test("readFixedDate() knows every day of the calendar's cycle, and which are none", () => {
  for (const year of [1600, 1899, 1900, 1904, 1999, 2000, 2023, 2024, 2100, 9999, 4, 1]) {
    for (let month = 0; month < 100; month += month < 14 ? 1 : 17) {
      for (let day = 0; day < 100; day += day < 33 ? 1 : 13) {
        const text = [
          String(year).padStart(4, "0"),
          ...[month, day].map((n) => `${n}`.padStart(2, "0")),
        ]
          .join("-");
        assertEquals(fixedDate(fieldOf(text)), scanned(fieldOf(text)), text);
      }
    }
  }
  for (let days = 0; days < 146_097; days++) {
    const ms = days * DAY_MS;
    if (fixedDate(fieldOf(new Date(ms).toISOString().slice(0, 10))) !== ms) {
      throw new Error(`Day ${days} is not read`);
    }
  }
});

test("readFixedTimestamp() leaves what it does not know to the scanner", () => {
  const left = [
    "2026-01-31",
    "2026-01-31T12:00:00",
    "2026-01-31 24:00:00",
    "2026-01-31 12:60:00",
    "2026-01-31 12:00:60",
    "2026-02-29 12:00:00",
    "2026-13-01 12:00:00",
    "2026-01-31 12:00:00.",
    "2026-01-31 12:00:00.1234567",
    "2026-01-31 12:00:00+2",
    "2026-01-31 12:00:00+16",
    "2026-01-31 12:00:00+02:30:15",
    "2026-01-31 12:00:00 BC",
    "12026-01-31 12:00:00",
    "-infinity",
    "",
  ];
  for (const text of left) assertEquals(fixedTimestamp(fieldOf(text)), NaN, text);
});

test("readFixedMicros() takes no digits but those of the fraction", () => {
  const texts: readonly (readonly [string, number])[] = [
    ["2026-01-31 12:00:00", 0],
    ["2026-01-31 12:00:00.1+02:30", 0],
    ["2026-01-31 12:00:00.12+02:30", 0],
    ["2026-01-31 12:00:00.123+02:30", 0],
    ["2026-01-31 12:00:00.1234+02:30", 400],
    ["2026-01-31 12:00:00.12345-11", 450],
    ["2026-01-31 12:00:00.123456", 456],
    ["2026-01-31 12:00:00.000001+00", 1],
    ["2026-01-31 12:00:00+02:30", 0],
  ];
  for (const [text, micros] of texts) {
    for (const next of ["", "5", "999"]) {
      assertEquals(fixedMicros(fieldOf(text, next)), micros, text);
    }
  }
});
