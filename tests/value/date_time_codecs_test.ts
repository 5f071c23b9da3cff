import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { dateCodecs } from "../../lib/value/date_time/date.ts";
import { textForm } from "../../lib/value/text_form.ts";
import { timeCodecs, timetzCodec } from "../../lib/value/date_time/time.ts";
import { timestampCodecs, timestamptzCodecs } from "../../lib/value/date_time/timestamp.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const dateCodec = dateCodecs.date;
const timestampCodec = timestampCodecs.date;
const timestamptzCodec = timestamptzCodecs.date;
const timeCodec = timeCodecs.text;

type Case = readonly [codec: Codec, text: string, hex: string, value: unknown];

// date: days since 2000-01-01; the others: microseconds since then, or of the day.
const cases: readonly Case[] = [
  [dateCodec, "2000-01-01", "00000000", new Date("2000-01-01T00:00:00Z")],
  [dateCodec, "1999-12-31", "ffffffff", new Date("1999-12-31T00:00:00Z")],
  [dateCodec, "infinity", "7fffffff", Infinity],
  [dateCodec, "-infinity", "80000000", -Infinity],
  [dateCodec, "0001-01-01", "fff4dbf9", new Date("0001-01-01T00:00:00Z")],
  [dateCodec, "0001-12-31 BC", "fff4dbf8", new Date("0000-12-31T00:00:00Z")],
  [dateCodec, "4713-01-01 BC", "ffda97cd", new Date("-004712-01-01T00:00:00Z")],
  [dateCodec, "10000-01-01", "002c95d4", new Date("+010000-01-01T00:00:00Z")],
  [dateCodec, "275760-09-13", "05f5b633", new Date(8.64e15)],
  [dateCodec, "275760-09-14", "05f5b634", "275760-09-14"],
  [dateCodec, "5874897-12-31", "7fda970c", "5874897-12-31"],
  [timestampCodec, "2000-01-01 00:00:00", "0000000000000000", new Date("2000-01-01T00:00:00Z")],
  [timestampCodec, "1999-12-31 23:59:59.999999", "ffffffffffffffff", new Date(946684799999)],
  [timestampCodec, "2000-01-01 00:00:00.001999", "00000000000007cf", new Date(946684800001)],
  [timestampCodec, "infinity", "7fffffffffffffff", Infinity],
  [timestampCodec, "-infinity", "8000000000000000", -Infinity],
  [
    timestampCodec,
    "294276-12-31 23:59:59.999999",
    "7fffff5bb3b29fff",
    "294276-12-31 23:59:59.999999",
  ],
  [timestamptzCodec, "2000-01-01 02:30:00+02:30", "0000000000000000", new Date(946684800000)],
  [timestamptzCodec, "1999-12-31 16:00:00-08", "0000000000000000", new Date(946684800000)],
  [timestamptzCodec, "2000-01-01 00:19:32+00:19:32", "0000000000000000", new Date(946684800000)],
  [timestamptzCodec, "-infinity", "8000000000000000", -Infinity],
  [timeCodec, "00:00:00", "0000000000000000", "00:00:00"],
  [timeCodec, "24:00:00", "000000141dd76000", "24:00:00"],
  [timeCodec, "12:30:00.5", "0000000a7a3d2320", "12:30:00.5"],
  [timeCodec, "00:00:00.000001", "0000000000000001", "00:00:00.000001"],
  [timetzCodec, "00:00:00+00", "0000000000000000 00000000", "00:00:00+00"],
  [timetzCodec, "00:00:00+02:30", "0000000000000000 ffffdcd8", "00:00:00+02:30"],
  [timetzCodec, "00:00:00-08", "0000000000000000 00007080", "00:00:00-08"],
  [timetzCodec, "00:00:00+00:19:32", "0000000000000000 fffffb6c", "00:00:00+00:19:32"],
];

test("date and time codecs give the same value of text and binary", () => {
  for (const [codec, asText, asHex, value] of cases) {
    assertEquals(decodeText(codec, asText), value, `${codec.name} ${asText}`);
    assertEquals(decodeBinary(codec, hex(asHex)), value, `${codec.name} ${asHex}`);
  }
});

test("timestamptzCodec gives what no Date can be as text in UTC, whatever the session's zone", () => {
  const wanted = "294276-12-31 23:59:59.999999+00";
  assertEquals(decodeText(timestamptzCodec, "294277-01-01 05:29:59.999999+05:30"), wanted);
  assertEquals(decodeBinary(timestamptzCodec, hex("7fffff5bb3b29fff")), wanted);
});

test("timestamptzCodec.decodeText() reads a zone before the era and a day that turns", () => {
  assertEquals(
    decodeText(timestamptzCodec, "0044-03-15 23:30:00-01 BC"),
    new Date("-000043-03-16T00:30:00Z"),
  );
});

test("dateCodec, timestampCodec and timestamptzCodec undo what they encode", () => {
  const dates = fc.oneof(
    fc.date({ noInvalidDate: true, min: new Date("-004712-01-01T00:00:00Z") }),
    fc.constantFrom(Infinity, -Infinity),
  );
  fc.assert(fc.property(dates, (date) => {
    for (const codec of [timestampCodec, timestamptzCodec]) {
      assertEquals(decodeText(codec, codec.encodeText(date)), date);
      assertEquals(decodeBinary(codec, encodeBinary(codec, date)), date);
    }
    const day = date instanceof Date ? new Date(Math.floor(+date / 864e5) * 864e5) : date;
    assertEquals(decodeText(dateCodec, dateCodec.encodeText(date)), day);
    assertEquals(decodeBinary(dateCodec, encodeBinary(dateCodec, date)), day);
  }));
});

test("timestampCodec.decodeBinary() cuts microseconds towards the past, exactly", () => {
  const micros = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
  fc.assert(fc.property(micros, (value) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, value);
    const floor = (value - (((value % 1000n) + 1000n) % 1000n)) / 1000n;
    const wanted = Number(floor) + 946684800000;
    assertEquals(decodeBinary(timestampCodec, bytes), new Date(wanted));
  }));
});

test("timestampCodec.encodeText() writes ISO in UTC", () => {
  const date = new Date("2026-01-31T12:00:00.250Z");
  assertEquals(timestampCodec.encodeText(date), "2026-01-31 12:00:00.250");
  assertEquals(timestamptzCodec.encodeText(date), "2026-01-31 12:00:00.250+00");
  assertEquals(dateCodec.encodeText(date), "2026-01-31");
  assertEquals(
    timestamptzCodec.encodeText(new Date("-000043-03-15T00:00:00Z")),
    "0044-03-15 00:00:00+00 BC",
  );
  assertEquals(timestamptzCodec.encodeText(-Infinity), "-infinity");
});

test("date and time codecs leave a string as it is: the text form of a value", () => {
  for (const codec of [dateCodec, timestampCodec, timestamptzCodec, timeCodec, timetzCodec]) {
    assertEquals(textForm(codec, "275760-09-14"), "275760-09-14");
  }
});

test("date and time codecs refuse other forms", () => {
  const bad = [
    "",
    "31.01.2026",
    "2026-1-31",
    "01/31/2026",
    "2026-01-31x",
    "-",
    "infinity!",
    "2026",
  ];
  for (const codec of [dateCodec, timestampCodec, timestamptzCodec]) {
    for (const text of bad) {
      assertThrows(() => decodeText(codec, text), ProtocolError, "expected DateStyle ISO");
    }
    assertThrows(() => decodeBinary(codec, hex("0000")), ProtocolError, "2 bytes");
  }
  assertThrows(() => decodeBinary(timeCodec, hex("00")), ProtocolError);
  assertThrows(() => decodeBinary(timetzCodec, hex("0000000000000000")), ProtocolError);
});

test("date and timestamp codecs refuse days and times that are none", () => {
  const days = ["2026-00-10", "2026-13-01", "2026-04-31", "2026-02-29", "1900-02-29", "2026-01-00"];
  for (const day of [...days, ...days.map((text) => `${text} BC`), "10001-02-29"]) {
    assertThrows(() => decodeText(dateCodec, day), ProtocolError, "Cannot decode ");
  }
  const times = ["24:00:00", "12:60:00", "12:00:61", "12:00:00+16", "12:00:00+02:60"];
  for (const time of times) {
    assertThrows(() => decodeText(timestamptzCodec, `2026-01-31 ${time}`), ProtocolError);
  }
});

test("timestampCodec.decodeText() takes the second 60 of old servers", () => {
  assertEquals(
    decodeText(timestampCodec, "2026-12-31 23:59:60"),
    new Date("2027-01-01T00:00:00Z"),
  );
});

test("date and time codecs refuse what is no date", () => {
  for (const codec of [dateCodec, timestampCodec, timestamptzCodec]) {
    for (const encode of [codec.encodeText, (v: unknown) => encodeBinary(codec, v)]) {
      assertThrows(() => encode(new Date(NaN)), RangeError, "the Date is invalid");
      assertThrows(() => encode(5), TypeError, "a number was given, expected a Date");
      assertThrows(() => encode({}), TypeError, "an object was given");
    }
  }
  assertThrows(() => timeCodec.encodeText(new Date(0)), TypeError, "a Date was given");
  assertThrows(() => timetzCodec.encodeText(new Date(0)), TypeError, "expected a string");
});

test("text shapes print the bytes as PostgreSQL prints the values", () => {
  const printed: readonly (readonly [Codec, string, string])[] = [
    [dateCodecs.text, "7fffffff", "infinity"],
    [dateCodecs.text, "80000000", "-infinity"],
    [dateCodecs.text, "fff4dbf8", "0001-12-31 BC"],
    [dateCodecs.text, "7fda970c", "5874897-12-31"],
    [timestampCodecs.text, "7fffffffffffffff", "infinity"],
    [timestampCodecs.text, "8000000000000000", "-infinity"],
    [timestampCodecs.text, "ffffffffffffffff", "1999-12-31 23:59:59.999999"],
    [timestamptzCodecs.text, "00000000000007d0", "2000-01-01 00:00:00.002+00"],
    [timestamptzCodecs.text, "7fffff5bb3b29fff", "294276-12-31 23:59:59.999999+00"],
    // 4714-11-24 BC, where PostgreSQL's timestamps begin.
    [timestamptzCodecs.text, "fd0f7cc1411fa000", "4714-11-24 00:00:00+00 BC"],
  ];
  for (const [codec, bytes, text] of printed) {
    assertEquals(decodeBinary(codec, hex(bytes)), text);
    assertEquals(decodeText(codec, text), text);
    assertEquals(codec.prefersText, true);
  }
});

test("timeCodecs and timetzCodec refuse times and zones that are none", () => {
  for (const bytes of ["ffffffffffffffff", "000000141dd76001", "8000000000000000"]) {
    assertThrows(() => decodeBinary(timeCodec, hex(bytes)), ProtocolError, "time is out of range");
    const withZone = () => decodeBinary(timetzCodec, hex(`${bytes} 00000000`));
    assertThrows(withZone, ProtocolError, "time is out of range");
  }
  for (const zone of ["0000e100", "ffff1f00", "80000000"]) {
    const decode = () => decodeBinary(timetzCodec, hex(`0000000000000000 ${zone}`));
    assertThrows(decode, ProtocolError, "zone is out of range");
  }
});
