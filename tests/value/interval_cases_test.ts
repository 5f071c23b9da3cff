import { connect } from "../../mod.ts";
import { Interval, type IntervalParts } from "../../lib/value/date_time/interval.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assert, assertEquals } from "../std_assert.ts";
import { intervalStyles, printInterval } from "./interval_printer.ts";
import { testCases, type ValueCase } from "./server_cases.ts";
import { temporal } from "./temporal.ts";

/** Texts that mean the same in every IntervalStyle, the value and ISO 8601. */
const table: readonly (readonly [string, IntervalParts, string])[] = [
  ["0", {}, "PT0S"],
  ["1 second", { seconds: 1 }, "PT1S"],
  ["-1 second", { seconds: -1 }, "PT-1S"],
  ["1 microsecond", { microseconds: 1 }, "PT0.000001S"],
  ["-1 microsecond", { microseconds: -1 }, "PT-0.000001S"],
  ["PT-0.5S", { seconds: -0.5 }, "PT-0.5S"],
  ["PT-1.5S", { seconds: -1.5 }, "PT-1.5S"],
  ["PT0.1S", { milliseconds: 100 }, "PT0.1S"],
  ["PT59.999999S", { microseconds: 59_999_999 }, "PT59.999999S"],
  ["60 seconds", { minutes: 1 }, "PT1M"],
  ["1 minute", { minutes: 1 }, "PT1M"],
  ["PT-1M-0.000001S", { microseconds: -60_000_001 }, "PT-1M-0.000001S"],
  ["1 hour", { hours: 1 }, "PT1H"],
  ["24 hours", { hours: 24 }, "PT24H"],
  ["PT-100H", { hours: -100 }, "PT-100H"],
  ["1 day", { days: 1 }, "P1D"],
  ["-1 day", { days: -1 }, "P-1D"],
  ["2 weeks", { days: 14 }, "P14D"],
  ["P1DT-1H", { days: 1, hours: -1 }, "P1DT-1H"],
  ["P-1DT1H", { days: -1, hours: 1 }, "P-1DT1H"],
  ["P-3DT-4H-5M-6S", { days: -3, hours: -4, minutes: -5, seconds: -6 }, "P-3DT-4H-5M-6S"],
  ["P1DT-0.000001S", { days: 1, microseconds: -1 }, "P1DT-0.000001S"],
  ["1 month", { months: 1 }, "P1M"],
  ["-1 month", { months: -1 }, "P-1M"],
  ["11 months", { months: 11 }, "P11M"],
  ["12 months", { years: 1 }, "P1Y"],
  ["P-1Y-1M", { months: -13 }, "P-1Y-1M"],
  ["P1M-1D", { months: 1, days: -1 }, "P1M-1D"],
  ["P-1M1D", { months: -1, days: 1 }, "P-1M1D"],
  ["P1MT-0.5S", { months: 1, seconds: -0.5 }, "P1MT-0.5S"],
  ["P-1YT1S", { months: -12, seconds: 1 }, "P-1YT1S"],
  [
    "P1Y2M-3DT4H5M6.000007S",
    { years: 1, months: 2, days: -3, hours: 4, minutes: 5, seconds: 6, microseconds: 7 },
    "P1Y2M-3DT4H5M6.000007S",
  ],
  [
    "P-1Y-2M3DT-4H-5M-6.7S",
    { years: -1, months: -2, days: 3, hours: -4, minutes: -5, seconds: -6.7 },
    "P-1Y-2M3DT-4H-5M-6.7S",
  ],
  ["P100Y", { years: 100 }, "P100Y"],
  ["1 century", { years: 100 }, "P100Y"],
  ["P178956970Y7M", { months: 2147483647 }, "P178956970Y7M"],
  ["P-178956970Y-8M", { months: -2147483648 }, "P-178956970Y-8M"],
  ["P2147483647D", { days: 2147483647 }, "P2147483647D"],
  ["P-2147483648D", { days: -2147483648 }, "P-2147483648D"],
  ["PT2147483647H", { hours: 2147483647 }, "PT2147483647H"],
  ["PT-2147483647H-59M", { hours: -2147483647, minutes: -59 }, "PT-2147483647H-59M"],
  [
    "P1M-2147483648DT1S",
    { months: 1, days: -2147483648, seconds: 1 },
    "P1M-2147483648DT1S",
  ],
];
const objects = table.map(([text, parts]): ValueCase => [text, new Interval(parts)]);

for (const style of intervalStyles) {
  testCases("interval", objects, { setup: `set intervalstyle = '${style}'` });
}
for (const style of ["postgres", "sql_standard"]) {
  const texts = table.map(([text, , iso]): ValueCase => [text, iso]);
  testCases("interval", texts, {
    types: { interval: "text" },
    setup: `set intervalstyle = '${style}'`,
  });
}

testCases("interval", [
  ["infinity", Infinity],
  ["-infinity", -Infinity],
  ["PT2562047788H54.775807S", new Interval({ microseconds: 2n ** 63n - 1n })],
  ["PT-2562047788H-54.775808S", new Interval({ microseconds: -(2n ** 63n) })],
  [
    "P178956970Y7M2147483647DT2562047788H54.775806S",
    new Interval({ months: 2147483647, days: 2147483647, microseconds: 2n ** 63n - 2n }),
  ],
  [
    "P-178956970Y-8M-2147483648DT-2562047788H-54.775807S",
    new Interval({ months: -2147483648, days: -2147483648, microseconds: 1n - 2n ** 63n }),
  ],
], { since: 17 });
testCases("interval", [["infinity", "infinity"], ["-infinity", "-infinity"]], {
  since: 17,
  types: { interval: "text" },
});

// Small and large parts of either sign, the same in every run.
function* someIntervals(count: number): Generator<Interval> {
  let state = 20_261_124;
  const next = (max: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * max);
  };
  const signed = (size: number) => next(4) === 0 ? 0 : (next(2) * 2 - 1) * next(size);
  for (let i = 0; i < count; i++) {
    const large = next(5) === 0;
    yield new Interval({
      months: signed(large ? 2 ** 31 : 40),
      days: signed(large ? 2 ** 31 : 40),
      hours: signed(large ? 2 ** 31 : 30),
      minutes: signed(2) * next(60),
      seconds: signed(61),
      microseconds: signed(2) * next(1_000_000),
    });
  }
}

for (const version of ["3.2", "2.0"] as const) {
  test(`intervals of every IntervalStyle are read by ${version}'s server as their bytes`, async () => {
    await using sql = connect(await databaseUrl(version), { max: 1 });
    const intervals = [...someIntervals(300)];
    const query = "select v, v::text as text from unnest($1::interval[]) with ordinality t(v, i) " +
      "order by i";
    for (const style of intervalStyles) {
      await sql.unsafe(`set intervalstyle = '${style}'`).simple();
      const rows = await sql.unsafe<{ v: Interval; text: string }>(query, [intervals]);
      assertEquals(rows.map(({ v }) => v), intervals);
      assertEquals(rows.map(({ text }) => text), intervals.map((v) => printInterval(v, style)));
      const values = intervals.map((v, i) => `(${i}, '${v}'::interval)`).join(", ");
      const simple = `select v from (values ${values}) t(i, v) order by i`;
      const inText = await sql.unsafe<{ v: Interval }>(simple).simple();
      assertEquals(inText.map(({ v }) => v), intervals, style);
    }
  });
}

test("an interval parameter is an Interval, its parts, a Duration or a text", async () => {
  await using sql = connect(await databaseUrl("3.2"), { max: 1 });
  const printed = async (value: unknown) => {
    const [{ text }] = await sql.unsafe<{ text: string }>("select $1::interval::text as text", [
      value,
    ]);
    return text;
  };
  assertEquals(await printed(new Interval({ days: 1, hours: 2 })), "1 day 02:00:00");
  assertEquals(await printed({ years: 1, months: 2, weeks: 1 }), "1 year 2 mons 7 days");
  assertEquals(await printed({ seconds: -1.5 }), "-00:00:01.5");
  assertEquals(await printed({ milliseconds: 1n, microseconds: 5n }), "00:00:00.001005");
  assertEquals(await printed({}), "00:00:00");
  assertEquals(await printed("1 day -1 hour"), "1 day -01:00:00");
  assertEquals(await printed(Infinity), "infinity");
  if (temporal) {
    const duration = temporal.Duration.from("P1Y2M3W4DT5H6M7.008009S");
    assertEquals(await printed(duration), "1 year 2 mons 25 days 05:06:07.008009");
  }
  const [{ all }] = await sql.unsafe<{ all: unknown }>("select $1::interval[] as all", [
    [{ days: 1 }, "2 days", null, -Infinity],
  ]);
  assertEquals(all, [new Interval({ days: 1 }), new Interval({ days: 2 }), null, -Infinity]);
  assert(all !== null);
});
