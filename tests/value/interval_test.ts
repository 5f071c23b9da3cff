import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { intervalCodecs } from "../../lib/value/date_time/interval_codec.ts";
import { readInterval } from "../../lib/value/date_time/interval_text.ts";
import { Interval, type IntervalParts } from "../../lib/value/date_time/interval.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";
import { intervalStyles, printInterval } from "./interval_printer.ts";

const codec = intervalCodecs.object;

test("Interval adds its parts up to months, days and microseconds", () => {
  const sums: readonly (readonly [IntervalParts, number, number, bigint])[] = [
    [{}, 0, 0, 0n],
    [{ years: 1, months: 2, weeks: 3, days: 4 }, 14, 25, 0n],
    [{ hours: 1, minutes: 2, seconds: 3, milliseconds: 4, microseconds: 5 }, 0, 0, 3_723_004_005n],
    [{ years: -1, months: 1, days: 40 }, -11, 40, 0n],
    [{ seconds: 1.5 }, 0, 0, 1_500_000n],
    [{ seconds: -0.1 }, 0, 0, -100_000n],
    [{ hours: 1.25, minutes: -0.5 }, 0, 0, 4_470_000_000n],
    [{ milliseconds: 0.001 }, 0, 0, 1n],
    // Beyond 2^53 µs a number of seconds is as exact as the number is.
    [{ seconds: 9007199254.740993 }, 0, 0, 9_007_199_254_740_993n],
    [{ seconds: 0.0000004 }, 0, 0, 0n],
    [{ months: -0, days: -0 }, 0, 0, 0n],
    [{ weeks: 400_000_000, days: -2_700_000_000 }, 0, 100_000_000, 0n],
    [{ days: 5n, hours: 2n, microseconds: -1n }, 0, 5, 7_199_999_999n],
    [{ days: undefined, hours: 1 }, 0, 0, 3_600_000_000n],
    [{ months: 2 ** 31 - 1, days: -(2 ** 31) }, 2147483647, -2147483648, 0n],
    [{ years: 178956970, months: 7 }, 2147483647, 0, 0n],
    [{ microseconds: 2n ** 63n - 1n }, 0, 0, 9223372036854775807n],
    [{ hours: -2562047788, microseconds: -54_775_808 }, 0, 0, -9223372036854775808n],
  ];
  for (const [parts, months, days, microseconds] of sums) {
    const interval = new Interval(parts);
    assertEquals({ ...interval }, { months, days, microseconds });
  }
});

test("Interval refuses parts that it cannot be", () => {
  const bad: readonly (readonly [unknown, typeof TypeError | typeof RangeError, string])[] = [
    [{ months: 2 ** 31 }, RangeError, "months out of range, expected an int4"],
    [{ years: -178956971 }, RangeError, "months out of range"],
    [{ days: -(2 ** 31) - 1 }, RangeError, "days out of range, expected an int4"],
    [{ weeks: 1e300 }, RangeError, "weeks out of range"],
    [{ years: 2n ** 60n, months: -12n * 2n ** 60n + 5n }, RangeError, "years out of range"],
    [{ months: 2n ** 2000n }, RangeError, "months are not finite"],
    [{ microseconds: 2n ** 63n }, RangeError, "microseconds out of range, expected an int8"],
    [{ hours: -1e10 }, RangeError, "microseconds out of range"],
    [{ days: 1.5 }, RangeError, "days are no whole number"],
    [{ years: 0.5 }, RangeError, "years are no whole number"],
    [{ microseconds: 0.5 }, RangeError, "microseconds are no whole number"],
    [{ seconds: NaN }, RangeError, "seconds are not finite"],
    [{ hours: Infinity }, RangeError, "hours are not finite"],
    [{ days: "1" }, TypeError, "a string was given, expected a number or bigint of days"],
    [{ days: null }, TypeError, "null was given"],
    [{ day: 1 }, TypeError, "it has unknown parts, expected years, months"],
    [
      { months: 2147483647, days: 2147483647, microseconds: 2n ** 63n - 1n },
      RangeError,
      "its parts are those of an infinity",
    ],
    [
      { months: -2147483648, days: -2147483648, microseconds: -(2n ** 63n) },
      RangeError,
      "its parts are those of an infinity",
    ],
  ];
  for (const [parts, error, message] of bad) {
    assertThrows(() => new Interval(parts as IntervalParts), error, message);
    assertThrows(() => codec.encodeText(parts), error, `Cannot encode interval: `);
  }
});

test("Interval.toString() is ISO 8601 as PostgreSQL writes it", () => {
  const texts: readonly (readonly [IntervalParts, string])[] = [
    [{}, "PT0S"],
    [{ months: 14, days: -3, microseconds: 14_706_000_007n }, "P1Y2M-3DT4H5M6.000007S"],
    [{ months: -14 }, "P-1Y-2M"],
    [{ months: 12 }, "P1Y"],
    [{ months: -1 }, "P-1M"],
    [{ days: 1 }, "P1D"],
    [{ hours: 36 }, "PT36H"],
    [{ minutes: -1 }, "PT-1M"],
    [{ seconds: -0.5 }, "PT-0.5S"],
    [{ minutes: -1, seconds: -1.5 }, "PT-1M-1.5S"],
    [{ seconds: 60 }, "PT1M"],
    [{ microseconds: 100 }, "PT0.0001S"],
    [{ microseconds: -(2n ** 63n) }, "PT-2562047788H-54.775808S"],
    [{ microseconds: 2n ** 63n - 1n }, "PT2562047788H54.775807S"],
    [{ months: -2147483648, days: -2147483648 }, "P-178956970Y-8M-2147483648D"],
  ];
  for (const [parts, text] of texts) {
    const interval = new Interval(parts);
    assertEquals(String(interval), text);
    assertEquals(JSON.stringify([interval]), `["${text}"]`);
    assertEquals(readInterval(text), interval);
  }
});

/** PostgreSQL's texts of one value in postgres, postgres_verbose, sql_standard, iso_8601. */
const styles: readonly (readonly [IntervalParts, string, string, string, string])[] = [
  [{}, "00:00:00", "@ 0", "0", "PT0S"],
  [{ months: 1 }, "1 mon", "@ 1 mon", "0-1", "P1M"],
  [{ months: -14 }, "-1 years -2 mons", "@ 1 year 2 mons ago", "-1-2", "P-1Y-2M"],
  [{ days: 1 }, "1 day", "@ 1 day", "1 0:00:00", "P1D"],
  [
    { days: -3, seconds: -14706.5 },
    "-3 days -04:05:06.5",
    "@ 3 days 4 hours 5 mins 6.5 secs ago",
    "-3 4:05:06.5",
    "P-3DT-4H-5M-6.5S",
  ],
  [
    { days: -3, seconds: 14706.5 },
    "-3 days +04:05:06.5",
    "@ 3 days -4 hours -5 mins -6.5 secs ago",
    "+0-0 -3 +4:05:06.5",
    "P-3DT4H5M6.5S",
  ],
  [{ seconds: -1.5 }, "-00:00:01.5", "@ 1.5 secs ago", "-0:00:01.5", "PT-1.5S"],
  [
    { microseconds: -1 },
    "-00:00:00.000001",
    "@ 0.000001 secs ago",
    "-0:00:00.000001",
    "PT-0.000001S",
  ],
  [
    { days: 1, hours: -1 },
    "1 day -01:00:00",
    "@ 1 day -1 hours",
    "+0-0 +1 -1:00:00",
    "P1DT-1H",
  ],
  [
    { months: 1, seconds: -0.5 },
    "1 mon -00:00:00.5",
    "@ 1 mon -0.5 secs",
    "+0-1 +0 -0:00:00.5",
    "P1MT-0.5S",
  ],
  [
    { months: -12, days: 1, hours: 2 },
    "-1 years +1 day 02:00:00",
    "@ 1 year -1 days -2 hours ago",
    "-1-0 +1 +2:00:00",
    "P-1Y1DT2H",
  ],
  [
    { months: 14, days: -3, microseconds: 14_706_000_007n },
    "1 year 2 mons -3 days +04:05:06.000007",
    "@ 1 year 2 mons -3 days 4 hours 5 mins 6.000007 secs",
    "+1-2 -3 +4:05:06.000007",
    "P1Y2M-3DT4H5M6.000007S",
  ],
  [
    { days: -2147483648, hours: -2147483647 },
    "-2147483648 days -2147483647:00:00",
    "@ 2147483648 days 2147483647 hours ago",
    "-2147483648 2147483647:00:00",
    "P-2147483648DT-2147483647H",
  ],
];

test("intervalCodecs read every IntervalStyle as the same value", () => {
  for (const [parts, ...texts] of styles) {
    const interval = new Interval(parts);
    texts.forEach((text, i) => {
      assertEquals(decodeText(codec, text), interval, text);
      assertEquals(decodeText(intervalCodecs.text, text), texts[3], text);
      assertEquals(printInterval(interval, intervalStyles[i]), text);
    });
    assertEquals(decodeBinary(codec, encodeBinary(codec, parts)), interval);
  }
  assertEquals(decodeText(codec, "infinity"), Infinity);
  assertEquals(decodeText(codec, "-infinity"), -Infinity);
});

test("intervalCodecs read what servers before 15 write of -2^31", () => {
  const days = -2147483648;
  const hours = -2147483648;
  const printed: readonly (readonly [string, IntervalParts])[] = [
    ["@ -2147483648 days ago", { days }],
    ["@ -2147483648 days -1 sec ago", { days, seconds: 1 }],
    ["@ 1 mon -2147483648 days", { months: 1, days }],
    ["@ 1 mon -2147483648 days ago", { months: -1, days }],
    ["@ -2147483648 hours ago", { hours }],
    ["@ 1 day -2147483648 hours", { days: 1, hours }],
    ["--2147483648 0:00:00", { days }],
    ["--2147483648:00:00", { hours }],
    ["--2147483648 -2147483648:00:00", { days, hours }],
    ["+0-1 --2147483648 +0:00:00", { months: 1, days }],
    ["-178956970-8 --2147483648 --2147483648:00:00", { months: -2147483648, days, hours }],
    ["-1 days --2147483648:00:00", { days: -1, hours }],
  ];
  for (const [text, parts] of printed) {
    assertEquals(decodeText(codec, text), new Interval(parts), text);
  }
});

const values = fc.record({
  months: fc.oneof(fc.integer(), fc.integer({ min: -30, max: 30 })),
  days: fc.oneof(fc.integer(), fc.integer({ min: -30, max: 30 })),
  microseconds: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
    fc.bigInt({ min: -100n, max: 100n }).map((seconds) => seconds * 1_000_000n),
  ),
}).map((parts) => new Interval(parts));

test("intervalCodecs undo what they encode, and what servers print in any style", () => {
  fc.assert(
    fc.property(values, (interval) => {
      assertEquals(decodeText(codec, codec.encodeText(interval)), interval);
      assertEquals(decodeBinary(codec, encodeBinary(codec, interval)), interval);
      assertEquals(printInterval(interval, "iso_8601"), String(interval));
      for (const style of intervalStyles) {
        const text = printInterval(interval, style);
        assertEquals(decodeText(codec, text), interval, text);
      }
    }),
    { numRuns: 1000 },
  );
});

test("intervalCodecs read and write the binary form", () => {
  const known: readonly (readonly [string, unknown, string])[] = [
    ["0000000000000000 00000000 00000000", new Interval({}), "PT0S"],
    [
      "ffffffffffffffff 00000001 0000000e",
      new Interval({ months: 14, days: 1, microseconds: -1 }),
      "P1Y2M1DT-0.000001S",
    ],
    ["7fffffffffffffff 7fffffff 7fffffff", Infinity, "infinity"],
    ["8000000000000000 80000000 80000000", -Infinity, "-infinity"],
    [
      "8000000000000000 80000000 80000001",
      new Interval({ months: -2147483647, days: -2147483648, microseconds: -(2n ** 63n) }),
      "P-178956970Y-7M-2147483648DT-2562047788H-54.775808S",
    ],
  ];
  for (const [bytes, value, text] of known) {
    assertEquals(decodeBinary(codec, hex(bytes)), value);
    assertEquals(encodeBinary(codec, value), hex(bytes));
    assertEquals(codec.encodeText(value), text);
    assertEquals(decodeBinary(intervalCodecs.text, hex(bytes)), text);
    assertEquals(encodeBinary(intervalCodecs.text, value), hex(bytes));
  }
  for (let length = 0; length < 18; length++) {
    if (length === 16) continue;
    assertThrows(
      () => decodeBinary(codec, new Uint8Array(length)),
      ProtocolError,
      `${length} bytes`,
    );
  }
});

test("intervalCodecs take plain objects of parts, and nothing that only looks like it", () => {
  assertEquals(codec.encodeText({ weeks: 1, seconds: 1.5 }), "P7DT1.5S");
  assertEquals(codec.encodeText(Object.assign(Object.create(null), { days: 1 })), "P1D");
  for (const bad of [5, true, 5n, new Map(), [], new Date(), class {}, new (class Duration {})()]) {
    assertThrows(() => codec.encodeText(bad), TypeError, "expected an Interval");
    assertThrows(() => encodeBinary(codec, bad), TypeError, "expected an Interval");
  }
});

test("readInterval() refuses other forms", () => {
  const bad = [
    "",
    " ",
    "1",
    "P",
    "PT",
    "P1YT",
    "@",
    "@ ",
    "@ ago",
    "1 year ",
    "1 years2 mons",
    "1 day1:00:00",
    "1:2:3",
    "01:00:00.",
    "01:00:00.1234567",
    "01:00:00 ago",
    "1 fortnight",
    "P1W",
    "1-2-3",
    "+1-2 3 4:05:06",
    "2147483648 days",
    "178956971 years",
    "PT2562047789H",
    "Infinity",
    "-infinity ",
    `${"1".repeat(300)} days`,
    "9".repeat(199),
  ];
  for (const text of bad) {
    assertThrows(() => readInterval(text), ProtocolError, "expected one of an IntervalStyle");
  }
  fc.assert(fc.property(fc.string(), (garbage) => {
    try {
      readInterval(garbage);
    } catch (error) {
      assertEquals(error instanceof ProtocolError, true);
    }
  }));
});
