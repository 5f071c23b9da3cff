import type { Codec } from "../../lib/value/codec.ts";
import { dateCodecs } from "../../lib/value/date_time/date.ts";
import { intervalCodecs } from "../../lib/value/date_time/interval_codec.ts";
import { Interval } from "../../lib/value/date_time/interval.ts";
import { timeCodecs, timetzCodec } from "../../lib/value/date_time/time.ts";
import { timestampCodecs, timestamptzCodecs } from "../../lib/value/date_time/timestamp.ts";
import { fallbackCodec, untypedText } from "../../lib/value/untyped.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";
import { temporal } from "./temporal.ts";

// A test of its own for each runtime: Node has no Temporal before 26.
const withTemporal = temporal
  ? test
  : (name: string) => test(`${name} (no Temporal here)`, () => {});

/** The shape, text, bytes, the class and the object's own text. */
const objects: readonly (readonly [Codec, string, string, string, string])[] = [
  [dateCodecs.temporal, "2026-01-31", "00002537", "PlainDate", "2026-01-31"],
  [dateCodecs.temporal, "0044-03-15 BC", "fff49d7b", "PlainDate", "-000043-03-15"],
  [dateCodecs.temporal, "275760-09-13", "05f5b633", "PlainDate", "+275760-09-13"],
  [timeCodecs.temporal, "12:30:00.5", "0000000a7a3d2320", "PlainTime", "12:30:00.5"],
  [timeCodecs.temporal, "00:00:00.000001", "0000000000000001", "PlainTime", "00:00:00.000001"],
  [
    timestampCodecs.temporal,
    "1999-12-31 23:59:59.999999",
    "ffffffffffffffff",
    "PlainDateTime",
    "1999-12-31T23:59:59.999999",
  ],
  [
    timestamptzCodecs.temporal,
    "1999-12-31 23:59:59.999999+00",
    "ffffffffffffffff",
    "Instant",
    "1999-12-31T23:59:59.999999Z",
  ],
];

withTemporal("temporal shapes give Temporal objects, and take them back", () => {
  for (const [codec, text, bytes, name, printed] of objects) {
    for (const value of [decodeText(codec, text), decodeBinary(codec, hex(bytes))]) {
      assertEquals(Object.prototype.toString.call(value), `[object Temporal.${name}]`);
      assertEquals(String(value), printed);
      assertEquals(codec.encodeText(value), text);
      if (codec.encodeBinary) assertEquals(encodeBinary(codec, value), hex(bytes));
    }
    assertEquals(codec.prefersText, undefined);
  }
});

withTemporal("temporal shapes leave what Temporal cannot be", () => {
  assertEquals(decodeText(dateCodecs.temporal, "infinity"), Infinity);
  assertEquals(decodeText(dateCodecs.temporal, "275760-09-14"), "275760-09-14");
  assertEquals(decodeBinary(dateCodecs.temporal, hex("05f5b634")), "275760-09-14");
  assertEquals(decodeText(timeCodecs.temporal, "24:00:00"), "24:00:00");
  assertEquals(decodeBinary(timeCodecs.temporal, hex("000000141dd76000")), "24:00:00");
  const text = "294276-12-31 23:59:59.999999";
  assertEquals(decodeText(timestampCodecs.temporal, text), text);
  assertEquals(decodeBinary(timestampCodecs.temporal, hex("7fffff5bb3b29fff")), text);
  assertEquals(decodeBinary(timestamptzCodecs.temporal, hex("7fffff5bb3b29fff")), `${text}+00`);
  assertEquals(decodeBinary(timestamptzCodecs.temporal, hex("8000000000000000")), -Infinity);
  // The last Instant, and the microsecond behind it.
  const last = decodeText(timestamptzCodecs.temporal, "275760-09-13 00:00:00+00");
  assertEquals(String(last), "+275760-09-13T00:00:00Z");
  const beyond = "275760-09-13 00:00:00.000001+00";
  assertEquals(decodeText(timestamptzCodecs.temporal, beyond), beyond);
  const wide = decodeText(timestampCodecs.temporal, "275760-09-13 23:59:59.999999");
  assertEquals(String(wide), "+275760-09-13T23:59:59.999999");
});

withTemporal("date and time codecs of every shape take Temporal objects", () => {
  const { PlainDate, PlainTime, PlainDateTime, Instant, ZonedDateTime } = temporal!;
  const zoned = ZonedDateTime.from("2026-01-31T12:00:00.5+05:30[Asia/Kolkata]");
  for (const shape of ["date", "temporal", "text"] as const) {
    const day = PlainDate.from("-004712-01-01");
    assertEquals(dateCodecs[shape].encodeText(day), "4713-01-01 BC");
    assertEquals(encodeBinary(dateCodecs[shape], day), hex("ffda97cd"));
    const dateTime = PlainDateTime.from("2000-01-01T00:00:00.001999");
    assertEquals(timestampCodecs[shape].encodeText(dateTime), "2000-01-01 00:00:00.001999");
    assertEquals(encodeBinary(timestampCodecs[shape], dateTime), hex("00000000000007cf"));
    const instant = Instant.from("1969-12-31T23:59:59.999999Z");
    assertEquals(timestamptzCodecs[shape].encodeText(instant), "1969-12-31 23:59:59.999999+00");
    assertEquals(encodeBinary(timestamptzCodecs[shape], instant), hex("fffca2fec4c81fff"));
    assertEquals(timestamptzCodecs[shape].encodeText(zoned), "2026-01-31 06:30:00.5+00");
  }
  for (const shape of ["temporal", "text"] as const) {
    assertEquals(
      timeCodecs[shape].encodeText(PlainTime.from("23:59:59.999999")),
      "23:59:59.999999",
    );
  }
});

withTemporal("date and time codecs take the ISO day of any calendar", () => {
  const { PlainDate, PlainDateTime } = temporal!;
  const day = PlainDate.from("2026-01-31[u-ca=hebrew]");
  assertEquals(dateCodecs.date.encodeText(day), "2026-01-31");
  const dateTime = PlainDateTime.from("2026-01-31T12:00[u-ca=buddhist]");
  assertEquals(timestampCodecs.date.encodeText(dateTime), "2026-01-31 12:00:00");
});

withTemporal("date and time codecs refuse nanoseconds, and what is of another type", () => {
  const { PlainDate, PlainTime, PlainDateTime, Instant, Duration } = temporal!;
  const fine: readonly (readonly [Codec, unknown])[] = [
    [timeCodecs.temporal, PlainTime.from("12:00:00.000000001")],
    [timestampCodecs.date, PlainDateTime.from("2026-01-31T12:00:00.123456789")],
    [timestamptzCodecs.date, Instant.from("1969-12-31T23:59:59.999999999Z")],
    [intervalCodecs.object, Duration.from("PT0.000000001S")],
  ];
  for (const [codec, value] of fine) {
    assertThrows(() => codec.encodeText(value), RangeError, "nanoseconds were given");
    assertThrows(() => untypedText(value), RangeError, "nanoseconds were given");
  }
  const instant = Instant.from("2026-01-31T12:00:00Z");
  const other: readonly (readonly [Codec, unknown, string])[] = [
    [dateCodecs.date, instant, "expected a Date, Temporal.PlainDate"],
    [timestampCodecs.date, instant, "expected a Date, Temporal.PlainDateTime"],
    [timestampCodecs.date, PlainDate.from("2026-01-31"), "Temporal.PlainDateTime"],
    [timestamptzCodecs.date, PlainDate.from("2026-01-31"), "Temporal.ZonedDateTime"],
    [timeCodecs.text, instant, "expected a string or Temporal.PlainTime"],
    [timetzCodec, PlainTime.from("12:00"), "expected a string"],
    [intervalCodecs.object, instant, "Temporal.Duration"],
  ];
  for (const [codec, value, message] of other) {
    assertThrows(() => codec.encodeText(value), TypeError, message);
  }
});

withTemporal("intervalCodecs take a Temporal.Duration", () => {
  const { Duration } = temporal!;
  const encode = (text: string) => intervalCodecs.object.encodeText(Duration.from(text));
  assertEquals(encode("P1Y2M3W4DT5H6M7.008009S"), "P1Y2M25DT5H6M7.008009S");
  assertEquals(encode("-P1Y2M3DT4H5M6.5S"), "P-1Y-2M-3DT-4H-5M-6.5S");
  assertEquals(encode("PT0S"), "PT0S");
  assertEquals(encode("PT0.000001S"), "PT0.000001S");
});

withTemporal("untypedText() and fallbackCodec print Temporal objects as PostgreSQL does", () => {
  const { PlainDate, PlainTime, PlainDateTime, Instant, ZonedDateTime, Duration } = temporal!;
  const printed: readonly (readonly [unknown, string])[] = [
    [PlainDate.from("-000043-03-15"), "0044-03-15 BC"],
    [PlainTime.from("12:30:00.5"), "12:30:00.5"],
    [PlainDateTime.from("2026-01-31T12:00"), "2026-01-31 12:00:00"],
    [Instant.from("2026-01-31T12:00:00.000001Z"), "2026-01-31 12:00:00.000001+00"],
    [ZonedDateTime.from("2026-01-31T12:00+01:00[Europe/Vienna]"), "2026-01-31 11:00:00+00"],
    [Duration.from("P1DT2H"), "P1DT2H"],
    [new Interval({ days: 1, hours: 2 }), "P1DT2H"],
  ];
  for (const [value, text] of printed) {
    assertEquals(untypedText(value), text);
    assertEquals(fallbackCodec.encodeText(value), text);
  }
});

test("temporal shapes are the text where there is no Temporal", () => {
  const holder = globalThis as { Temporal?: unknown };
  const kept = Object.getOwnPropertyDescriptor(holder, "Temporal");
  if (kept) Object.defineProperty(holder, "Temporal", { ...kept, value: undefined });
  try {
    assertStrictEquals(dateCodecs.temporal, dateCodecs.text);
    assertStrictEquals(timeCodecs.temporal, timeCodecs.text);
    assertStrictEquals(timestampCodecs.temporal, timestampCodecs.text);
    assertStrictEquals(timestamptzCodecs.temporal, timestamptzCodecs.text);
  } finally {
    if (kept) Object.defineProperty(holder, "Temporal", kept);
  }
  assert(!kept || holder.Temporal !== undefined);
});
