import { connect } from "../../mod.ts";
import { microsecondsOf } from "../../lib/value/date_time/date_micros.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { testCases, type ValueCase } from "./server_cases.ts";
import { temporal } from "./temporal.ts";

/** A `Date` of ISO text in UTC; a day alone is its midnight. */
const utc = (iso: string) => new Date(iso.includes("T") ? `${iso}Z` : `${iso}T00:00:00Z`);

/** The server's zone is that of the machine. */
const inUtc = { setup: "set timezone = 'UTC'" };

type ClassName = "PlainDate" | "PlainTime" | "PlainDateTime" | "Instant";

/** A Temporal object where the runtime has them, else PostgreSQL's text. */
const made = (name: ClassName, text: string, iso: string): ValueCase => [
  text,
  temporal ? temporal[name].from(iso) : text,
];

/** The value is PostgreSQL's text itself. */
const same = (text: string): ValueCase => [text, text];

testCases("date", [
  ["2026-01-31", utc("2026-01-31")],
  ["2000-01-01", utc("2000-01-01")],
  ["1999-12-31", utc("1999-12-31")],
  ["1970-01-01", new Date(0)],
  ["1969-12-31", new Date(-86_400_000)],
  ["2024-02-29", utc("2024-02-29")],
  ["2000-02-29", utc("2000-02-29")],
  ["1900-02-28", utc("1900-02-28")],
  ["1900-03-01", utc("1900-03-01")],
  ["2023-12-31", utc("2023-12-31")],
  // Days on which clocks are set somewhere, at midnight in some places.
  ["2026-03-29", utc("2026-03-29")],
  ["2018-11-04", utc("2018-11-04")],
  // Days that some zones never had.
  ["2011-12-30", utc("2011-12-30")],
  ["1582-10-10", utc("1582-10-10")],
  ["2038-01-19", utc("2038-01-19")],
  ["0100-01-01", utc("0100-01-01")],
  ["0099-12-31", utc("0099-12-31")],
  ["0001-01-01", utc("0001-01-01")],
  ["0001-12-31 BC", utc("0000-12-31")],
  ["0001-02-29 BC", utc("0000-02-29")],
  ["0002-01-01 BC", utc("-000001-01-01")],
  ["0044-03-15 BC", utc("-000043-03-15")],
  ["4713-01-01 BC", utc("-004712-01-01")],
  ["4714-11-24 BC", utc("-004713-11-24")],
  ["9999-12-31", utc("9999-12-31")],
  ["10000-01-01", utc("+010000-01-01")],
  ["12026-06-15", utc("+012026-06-15")],
  ["100000-02-29", utc("+100000-02-29")],
  ["275760-09-12", utc("+275760-09-12")],
  ["275760-09-13", new Date(8.64e15)],
  same("275760-09-14"),
  same("294277-01-01"),
  same("1000000-02-29"),
  same("5874897-12-31"),
  ["infinity", Infinity],
  ["-infinity", -Infinity],
  // Other texts of the same: 'epoch', the Julian day 0, a month's name.
  ["epoch", new Date(0)],
  ["J0", utc("-004713-11-24")],
  ["January 8, 1999", utc("1999-01-08")],
]);

testCases("date", [
  made("PlainDate", "2026-01-31", "2026-01-31"),
  made("PlainDate", "1970-01-01", "1970-01-01"),
  made("PlainDate", "1969-12-31", "1969-12-31"),
  made("PlainDate", "2024-02-29", "2024-02-29"),
  made("PlainDate", "0001-01-01", "0001-01-01"),
  made("PlainDate", "0001-12-31 BC", "0000-12-31"),
  made("PlainDate", "0044-03-15 BC", "-000043-03-15"),
  made("PlainDate", "4714-11-24 BC", "-004713-11-24"),
  made("PlainDate", "9999-12-31", "9999-12-31"),
  made("PlainDate", "10000-01-01", "+010000-01-01"),
  made("PlainDate", "275760-09-13", "+275760-09-13"),
  same("275760-09-14"),
  same("5874897-12-31"),
  ["infinity", temporal ? Infinity : "infinity"],
  ["-infinity", temporal ? -Infinity : "-infinity"],
], { types: { date: "temporal" } });

testCases(
  "date",
  [
    "2026-01-31",
    "1969-12-31",
    "2024-02-29",
    "0001-01-01",
    "0001-12-31 BC",
    "4714-11-24 BC",
    "10000-01-01",
    "275760-09-14",
    "5874897-12-31",
    "infinity",
    "-infinity",
  ].map(same),
  { types: { date: "text" } },
);

/** Of timestamp and of timestamptz in UTC: milliseconds, so what is sent back tells the rest. */
const moments: readonly (readonly [string, Date])[] = [
  ["2026-01-31 12:00:00", utc("2026-01-31T12:00:00")],
  ["2026-01-31 12:00:00.5", utc("2026-01-31T12:00:00.500")],
  ["2026-01-31 12:00:00.25", utc("2026-01-31T12:00:00.250")],
  ["2026-01-31 12:00:00.125", utc("2026-01-31T12:00:00.125")],
  ["2026-01-31 12:00:00.1234", utc("2026-01-31T12:00:00.123")],
  ["2026-01-31 12:00:00.12345", utc("2026-01-31T12:00:00.123")],
  ["2026-01-31 12:00:00.123456", utc("2026-01-31T12:00:00.123")],
  ["2026-01-31 12:00:00.000001", utc("2026-01-31T12:00:00.000")],
  ["2026-01-31 12:00:00.000999", utc("2026-01-31T12:00:00.000")],
  ["2026-01-31 12:00:00.001001", utc("2026-01-31T12:00:00.001")],
  ["2026-01-31 23:59:59.999999", utc("2026-01-31T23:59:59.999")],
  ["2000-01-01 00:00:00", utc("2000-01-01")],
  ["1999-12-31 23:59:59.999999", utc("1999-12-31T23:59:59.999")],
  ["2000-01-01 00:00:00.000001", utc("2000-01-01")],
  ["1970-01-01 00:00:00", new Date(0)],
  ["1970-01-01 00:00:00.000001", new Date(0)],
  ["1970-01-01 00:00:00.001", new Date(1)],
  ["1969-12-31 23:59:59.999999", new Date(-1)],
  ["1969-12-31 23:59:59.999", new Date(-1)],
  ["1969-12-31 23:59:59.998999", new Date(-2)],
  ["1969-12-31 00:00:00", new Date(-86_400_000)],
  ["1900-01-01 00:00:00.1", utc("1900-01-01T00:00:00.100")],
  ["2024-02-29 23:59:59", utc("2024-02-29T23:59:59")],
  // Hours that are missing or doubled in places with summer time.
  ["2026-03-29 02:30:00", utc("2026-03-29T02:30:00")],
  ["2026-10-25 02:30:00", utc("2026-10-25T02:30:00")],
  ["2038-01-19 03:14:08", new Date(2 ** 31 * 1000)],
  // About 2^53 µs after 1970 and after 2000: beyond it no number counts microseconds.
  ["2255-06-05 23:47:34.740993", utc("2255-06-05T23:47:34.740")],
  ["2285-06-05 23:47:34.740993", utc("2285-06-05T23:47:34.740")],
  ["1714-07-28 00:12:25.259007", utc("1714-07-28T00:12:25.259")],
  ["9999-12-31 23:59:59.999999", utc("9999-12-31T23:59:59.999")],
  ["10000-01-01 00:00:00.000001", utc("+010000-01-01")],
  ["0001-01-01 00:00:00", utc("0001-01-01")],
  ["0001-01-01 00:00:00.000001", utc("0001-01-01")],
  ["0001-12-31 23:59:59.999999 BC", utc("0000-12-31T23:59:59.999")],
  ["0044-03-15 12:00:00.5 BC", utc("-000043-03-15T12:00:00.500")],
  ["4713-01-01 00:00:00 BC", utc("-004712-01-01")],
  ["4714-11-24 00:00:00 BC", utc("-004713-11-24")],
  ["4714-11-24 00:00:00.000001 BC", utc("-004713-11-24")],
  ["275760-09-12 23:59:59.999999", utc("+275760-09-12T23:59:59.999")],
  ["275760-09-13 00:00:00", new Date(8.64e15)],
  ["275760-09-13 00:00:00.000999", new Date(8.64e15)],
];

testCases("timestamp", [
  ...moments,
  same("275760-09-13 00:00:00.001"),
  same("275760-09-13 00:00:00.001001"),
  same("294276-12-31 23:59:59.999999"),
  ["infinity", Infinity],
  ["-infinity", -Infinity],
  ["epoch", new Date(0)],
  // 24:00:00 and the leap second turn into the next day when they are read.
  ["2026-01-31 24:00:00", utc("2026-02-01")],
  ["2016-12-31 23:59:60", utc("2017-01-01")],
  // Rounded to microseconds by the server.
  ["2026-01-31 12:00:00.1234565", utc("2026-01-31T12:00:00.123")],
]);

testCases("timestamptz", [
  ...moments,
  ["275760-09-13 00:00:00.001", "275760-09-13 00:00:00.001+00"],
  ["294276-12-31 23:59:59.999999", "294276-12-31 23:59:59.999999+00"],
  ["infinity", Infinity],
  ["-infinity", -Infinity],
  ["2026-01-31 12:00:00.000001+05:30", utc("2026-01-31T06:30:00.000")],
  ["2026-01-31 12:00:00-08", utc("2026-01-31T20:00:00.000")],
  ["2026-01-31 12:00:00+15:59:59", utc("2026-01-30T20:00:01.000")],
  ["2026-01-31 12:00:00-15:59:59", utc("2026-02-01T03:59:59.000")],
  ["2026-07-31 12:00:00 Europe/Vienna", utc("2026-07-31T10:00:00.000")],
  ["0044-03-15 23:30:00.000001-01 BC", utc("-000043-03-16T00:30:00.000")],
], inUtc);

// Before there were zones, towns had their own time: +00:19:32 or the like, to the second.
for (const zone of ["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]) {
  testCases("timestamptz", [
    ["2026-01-31 12:00:00.000001Z", utc("2026-01-31T12:00:00.000")],
    ["2026-07-31 12:00:00.123456Z", utc("2026-07-31T12:00:00.123")],
    ["1969-12-31 23:59:59.999999Z", new Date(-1)],
    ["1850-06-15 12:00:00.000999Z", utc("1850-06-15T12:00:00.000")],
    ["1800-12-31 23:59:59.999999Z", utc("1800-12-31T23:59:59.999")],
    ["0001-01-01 00:00:00Z", utc("0001-01-01")],
    ["0001-01-01 00:00:00.000007Z", utc("0001-01-01")],
    ["0044-03-15 12:00:00.000007Z BC", utc("-000043-03-15T12:00:00.000")],
    ["4713-06-01 00:00:00.5Z BC", utc("-004712-06-01T00:00:00.500")],
    ["275760-09-13 00:00:00Z", new Date(8.64e15)],
    ["275760-09-13 00:00:00.001Z", "275760-09-13 00:00:00.001+00"],
    ["294276-12-30 00:00:00.000001Z", "294276-12-30 00:00:00.000001+00"],
    ["10000-01-01 00:00:00.000001Z", utc("+010000-01-01")],
    ["-infinity", -Infinity],
  ], { setup: `set timezone = '${zone}'` });
}

testCases("timestamp", [
  made("PlainDateTime", "2026-01-31 12:00:00", "2026-01-31T12:00"),
  made("PlainDateTime", "2026-01-31 12:00:00.123456", "2026-01-31T12:00:00.123456"),
  made("PlainDateTime", "1969-12-31 23:59:59.999999", "1969-12-31T23:59:59.999999"),
  made("PlainDateTime", "1999-12-31 23:59:59.999001", "1999-12-31T23:59:59.999001"),
  made("PlainDateTime", "2026-03-29 02:30:00.1", "2026-03-29T02:30:00.1"),
  made("PlainDateTime", "0001-01-01 00:00:00.000001", "0001-01-01T00:00:00.000001"),
  made("PlainDateTime", "0044-03-15 23:59:59 BC", "-000043-03-15T23:59:59"),
  made("PlainDateTime", "4714-11-24 00:00:00 BC", "-004713-11-24T00:00"),
  made("PlainDateTime", "275760-09-13 23:59:59.999999", "+275760-09-13T23:59:59.999999"),
  same("275760-09-14 00:00:00"),
  same("294276-12-31 23:59:59.999999"),
  ["infinity", temporal ? Infinity : "infinity"],
  ["-infinity", temporal ? -Infinity : "-infinity"],
], { types: { timestamp: "temporal" } });

testCases("timestamptz", [
  made("Instant", "2026-01-31 12:00:00+00", "2026-01-31T12:00Z"),
  made("Instant", "2026-01-31 12:00:00.123456+00", "2026-01-31T12:00:00.123456Z"),
  made("Instant", "1969-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999999Z"),
  made("Instant", "1970-01-01 00:00:00.000001+00", "1970-01-01T00:00:00.000001Z"),
  made("Instant", "0001-01-01 00:00:00+00", "0001-01-01T00:00Z"),
  made("Instant", "0044-03-15 12:00:00.000007+00 BC", "-000043-03-15T12:00:00.000007Z"),
  made("Instant", "4714-11-24 00:00:00+00 BC", "-004713-11-24T00:00Z"),
  made("Instant", "275760-09-13 00:00:00+00", "+275760-09-13T00:00Z"),
  same("275760-09-13 00:00:00.000001+00"),
  same("294276-12-31 23:59:59.999999+00"),
  ["infinity", temporal ? Infinity : "infinity"],
  ["-infinity", temporal ? -Infinity : "-infinity"],
], { types: { timestamptz: "temporal" }, ...inUtc });

if (temporal) {
  testCases("timestamptz", [
    made("Instant", "2026-01-31 12:00:00.123456+05:30", "2026-01-31T06:30:00.123456Z"),
    made("Instant", "1850-06-15 12:00:00.000001Z", "1850-06-15T12:00:00.000001Z"),
    made("Instant", "0044-03-15 12:00:00Z BC", "-000043-03-15T12:00:00Z"),
    ["275760-09-13 00:00:00.000001Z", "275760-09-13 00:00:00.000001+00"],
  ], { types: { timestamptz: "temporal" }, setup: "set timezone = 'America/New_York'" });
}

const momentTexts = [
  "2026-01-31 12:00:00",
  "2026-01-31 12:00:00.5",
  "2026-01-31 12:00:00.123456",
  "1969-12-31 23:59:59.999999",
  "1999-12-31 23:59:59.9",
  "0001-01-01 00:00:00",
  "9999-12-31 23:59:59.999999",
  "10000-01-01 00:00:00",
  "275760-09-13 00:00:00.000001",
  "294276-12-31 23:59:59.999999",
];
testCases(
  "timestamp",
  [...momentTexts, "0044-03-15 12:00:00.00001 BC", "infinity", "-infinity"].map(same),
  { types: { timestamp: "text" } },
);
testCases("timestamptz", [
  ...momentTexts.map((text): ValueCase => same(`${text}+00`)),
  same("0044-03-15 12:00:00.00001+00 BC"),
  same("4714-11-24 00:00:00+00 BC"),
  same("infinity"),
  same("-infinity"),
  ["2026-01-31 12:00:00-03:30", "2026-01-31 15:30:00+00"],
], { types: { timestamptz: "text" }, ...inUtc });

/** The first ten are taken by timetz too. */
const times = [
  "00:00:00",
  "00:00:00.000001",
  "12:30:00.5",
  "04:05:06.78",
  "12:00:00.123",
  "12:00:00.1234",
  "23:59:59",
  "23:59:59.999999",
  "01:00:00.10001",
  "24:00:00",
];
testCases("time", [
  ...times.map(same),
  ["allballs", "00:00:00"],
  ["04:05 PM", "16:05:00"],
  ["040506", "04:05:06"],
  // The server rounds up to the day's end, and takes the leap second for it.
  ["23:59:59.9999999", "24:00:00"],
  ["23:59:60", "24:00:00"],
]);
testCases("time", [
  made("PlainTime", "00:00:00", "00:00"),
  made("PlainTime", "00:00:00.000001", "00:00:00.000001"),
  made("PlainTime", "12:30:00.5", "12:30:00.5"),
  made("PlainTime", "04:05:06.78", "04:05:06.78"),
  made("PlainTime", "12:00:00.1234", "12:00:00.1234"),
  made("PlainTime", "23:59:59.999999", "23:59:59.999999"),
  same("24:00:00"),
], { types: { time: "temporal" } });
testCases("timetz", [
  ...times.map((text) => same(`${text}+00`)),
  same("12:00:00+02"),
  same("12:00:00-08"),
  same("12:00:00.000001+05:30"),
  same("12:00:00-03:30"),
  same("12:00:00+05:45"),
  same("12:00:00-00:44"),
  same("12:00:00+00:19:32"),
  same("12:00:00-04:56:02"),
  same("12:00:00+00:00:01"),
  same("12:00:00-00:00:01"),
  same("12:00:00+02:00:30"),
  same("00:00:00+15:59:59"),
  same("24:00:00-15:59:59"),
  ["allballs", "00:00:00+00"],
  ["12:00:00 Z", "12:00:00+00"],
  ["2026-07-01 12:00:00 Europe/Vienna", "12:00:00+02"],
  ["1850-06-15 12:00:00 America/New_York", "12:00:00-04:56:02"],
]);

test("a Date from the binary form is to the server the value it was", async () => {
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  await sql.unsafe(inUtc.setup);
  for (const type of ["timestamp", "timestamptz"]) {
    for (const [literal] of moments) {
      const [{ v }] = await sql.unsafe<{ v: Date }>(`select '${literal}'::${type} as v`);
      const query = `select $1::${type} = '${literal}'::${type} as same, $1::${type}[] as all`;
      const [{ same }] = await sql.unsafe<{ same: boolean }>(query.split(", $1")[0], [v]);
      assertEquals(same, true, literal);
      const array = `select $1::${type}[] = array['${literal}', null]::${type}[] as same`;
      const [back] = await sql.unsafe<{ same: boolean }>(array, [[v, null]]);
      assertEquals(back.same, true, `${literal} in an array`);
    }
  }
});

test("a Date that was changed is sent as it is now", async () => {
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  const [{ v }] = await sql.unsafe<{ v: Date }>("select '2026-01-31 12:00:00.123456'::timestamp v");
  assertEquals(microsecondsOf(v), 456);
  v.setUTCHours(13);
  const [{ text }] = await sql.unsafe<{ text: string }>("select $1::timestamp::text as text", [v]);
  assertEquals(text, "2026-01-31 13:00:00.123");
});
