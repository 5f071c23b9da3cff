/**
 * timestamp and timestamptz as `Date`.
 *
 * A timestamp without time zone is read as if it were UTC: the same everywhere,
 * in both directions, and no hour is missing or doubled. A `Date` is cut to milliseconds,
 * towards the past, and carries the microseconds unseen (date_micros.ts). The infinities
 * are numbers; what lies beyond a `Date` (after 275760-09-13) is ISO text, a timestamptz in UTC.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import {
  dateAt,
  dateFields,
  DAY_MICROS,
  DAY_MS,
  formatTimestamp,
  MAX_DATE_DAYS,
  type Moment,
  POSTGRES_EPOCH_DAYS,
  timeFields,
} from "./calendar.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength } from "../codec_error.ts";
import { microsecondsAt, microsecondsOf, stampMicroseconds } from "./date_micros.ts";
import { checkMoment, checkTime, momentOf, type TimestampName } from "./date_value.ts";
import { readDateTime } from "./date_time_text.ts";
import { readFixedMicros, readFixedTimestamp } from "./fixed_date_time.ts";
import { type TemporalApi, temporalApi } from "./temporal.ts";

const EPOCH_MS = POSTGRES_EPOCH_DAYS * DAY_MS;
const EPOCH_MICROS = 946_684_800_000_000n;
const INFINITY = 0x7fff_ffff_ffff_ffffn;
const MINUS_INFINITY = -0x8000_0000_0000_0000n;

/** So many milliseconds since 1970 are microseconds since 2000 that a number holds exactly. */
const EXACT_MS = 2 ** 53 / 1000 - EPOCH_MS - 1;

/** `2026-01-31T12:00:00.123Z`; other years have more digits and a sign. */
const ISO_LENGTH = 24;

/** An Instant ends where a `Date` does, to the nanosecond. */
const MAX_INSTANT_MICROS = 8_640_000_000_000_000_000n;

/** The codecs of one type, by the shape of its values. */
export type TimestampCodecs = { readonly [Shape in "date" | "temporal" | "text"]: Codec };

/**
 * timestamp, by the shape of its values.
 *
 * `date`: a `Date` whose UTC fields are those of the timestamp, or ISO text from 275760-09-13
 * 00:00:00.001 on. `temporal`: a `Temporal.PlainDateTime`, or ISO text from 275760-09-14 on;
 * without `Temporal` the text. `text`: PostgreSQL's text, as the session's DateStyle writes it
 * (ISO unless it was changed). The infinities are ±Infinity in the first two.
 *
 * Each takes a `Date` (its UTC fields, and the microseconds of `microsecondsOf()`), a
 * `Temporal.PlainDateTime` without nanoseconds, and ±Infinity.
 */
export const timestampCodecs: TimestampCodecs = /* @__PURE__ */ createCodecs("timestamp");

/**
 * timestamptz, by the shape of its values.
 *
 * `date`: a `Date`, or ISO text in UTC from 275760-09-13 00:00:00.001 on. `temporal`: a
 * `Temporal.Instant`, or ISO text in UTC after 275760-09-13 00:00:00; without `Temporal` the
 * text. `text`: PostgreSQL's text in the session's TimeZone and DateStyle; out of a binary
 * cursor ISO in UTC. The infinities are ±Infinity in the first two.
 *
 * Each takes a `Date` (with the microseconds of `microsecondsOf()`), a `Temporal.Instant` or
 * `Temporal.ZonedDateTime` without nanoseconds below the microsecond, and ±Infinity.
 */
export const timestamptzCodecs: TimestampCodecs = /* @__PURE__ */ createCodecs("timestamptz");

function createCodecs(name: TimestampName): TimestampCodecs {
  const text = textShape(name);
  return {
    date: dateShape(name),
    get temporal(): Codec {
      const api = temporalApi();
      return api ? temporalShape(name, api) : text;
    },
    text,
  };
}

function dateShape(name: TimestampName): Codec<Date | number | string> {
  return {
    ...writing(name),
    decodeText({ bytes }: FieldSource, start: number, end: number): Date | number | string {
      const ms = readFixedTimestamp(bytes, start, end);
      if (!Number.isNaN(ms)) return exactDate(ms, readFixedMicros(bytes, start, end));
      const moment = readDateTime(bytes, { typeName: name, start, end });
      if (typeof moment === "number") return moment;
      const rest = Math.floor(moment.micros / 1000);
      if (dateAt(moment.days * DAY_MS + rest) === undefined) return momentText(name, moment);
      return exactDate(moment.days * DAY_MS + rest, moment.micros - rest * 1000);
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): Date | number | string {
      checkLength(name, end - start, 8);
      // No bigint on the way: 2^32 µs are 4294967 ms and 296 µs, so this is exact.
      const high = view.getInt32(start);
      const micros = high * 296 + view.getUint32(start + 4);
      const rest = Math.floor(micros / 1000);
      const date = dateAt(high * 4_294_967 + rest + EPOCH_MS);
      if (date === undefined) return textOrInfinity(name, readEpochMicros(view, start));
      return micros === rest * 1000 ? date : stampMicroseconds(date, micros - rest * 1000);
    },
  };
}

function temporalShape(name: TimestampName, api: TemporalApi): Codec {
  const make = name === "timestamp" ? plainDateTime : instant;
  const made = (epochMicros: bigint | number): unknown => {
    if (typeof epochMicros === "number") return epochMicros;
    return make(epochMicros, api) ?? textOrInfinity(name, epochMicros);
  };
  return {
    ...writing(name),
    decodeText({ bytes }: FieldSource, start: number, end: number): unknown {
      const moment = readDateTime(bytes, { typeName: name, start, end });
      return made(typeof moment === "number" ? moment : microsSince1970(moment));
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): unknown {
      checkLength(name, end - start, 8);
      return made(readEpochMicros(view, start));
    },
  };
}

function textShape(name: TimestampName): Codec<string> {
  return {
    ...writing(name),
    prefersText: true,
    decodeText: (source: FieldSource, start: number, end: number): string =>
      source.text(start, end),
    decodeBinary({ view }: FieldSource, start: number, end: number): string {
      checkLength(name, end - start, 8);
      const epochMicros = readEpochMicros(view, start);
      return momentText(
        name,
        typeof epochMicros === "number" ? epochMicros : momentOf(epochMicros),
      );
    },
  };
}

/** What all shapes share: how values are sent. */
function writing(name: TimestampName): Pick<Codec, "name" | "encodeText" | "encodeBinary"> {
  return {
    name,
    encodeText: (value: unknown): string =>
      usualText(name, value) ?? momentText(name, checkMoment(name, value)),
    encodeBinary(value: unknown, writer: ByteWriter): void {
      if (value instanceof Date) return writeDate(writer, name, value);
      const moment = checkMoment(name, value);
      if (moment === Infinity) writer.writeInt64(INFINITY);
      else if (typeof moment === "number") writer.writeInt64(MINUS_INFINITY);
      else writer.writeInt64(microsSince1970(moment) - EPOCH_MICROS);
    },
  };
}

function exactDate(ms: number, micros: number): Date {
  const date = new Date(ms);
  return micros === 0 ? date : stampMicroseconds(date, micros);
}

function plainDateTime(epochMicros: bigint, api: TemporalApi): object | undefined {
  const { days, micros } = momentOf(epochMicros);
  if (Math.abs(days) > MAX_DATE_DAYS) return undefined;
  const { year, month, day } = dateFields(days);
  const { hour, minute, second, millisecond, microsecond: micro } = timeFields(micros);
  return new api.PlainDateTime(year, month, day, hour, minute, second, millisecond, micro);
}

function instant(epochMicros: bigint, api: TemporalApi): object | undefined {
  if (epochMicros > MAX_INSTANT_MICROS || epochMicros < -MAX_INSTANT_MICROS) return undefined;
  return new api.Instant(epochMicros * 1000n);
}

/** Since 1970, or ±Infinity. */
function readEpochMicros(view: DataView, start: number): bigint | number {
  const micros = view.getBigInt64(start);
  if (micros === INFINITY) return Infinity;
  if (micros === MINUS_INFINITY) return -Infinity;
  return micros + EPOCH_MICROS;
}

/** ISO text of what no `Date` can be, or ±Infinity. */
function textOrInfinity(name: TimestampName, epochMicros: bigint | number): string | number {
  if (typeof epochMicros === "number") return epochMicros;
  return momentText(name, momentOf(epochMicros));
}

/** Microseconds since 2000 in two halves; no bigint on the way. */
function writeDate(writer: ByteWriter, name: TimestampName, date: Date): void {
  const time = date.getTime();
  if (Math.abs(time) < EXACT_MS) {
    const micros = (time - EPOCH_MS) * 1000 + microsecondsAt(date, time);
    writer.writeInt32(Math.floor(micros / 2 ** 32));
    return writer.writeInt32(micros);
  }
  const ms = checkTime(name, date) - EPOCH_MS;
  const upper = Math.floor(ms / 2 ** 24);
  const lower = ms - upper * 2 ** 24;
  // upper * 1000 counts 2^24 µs: its last 8 bits belong to the lower half.
  const high = Math.floor(upper * 1000 / 2 ** 8);
  const low = (upper * 1000 - high * 2 ** 8) * 2 ** 24 + lower * 1000 +
    microsecondsAt(date, time);
  const carry = Math.floor(low / 2 ** 32);
  writer.writeInt32(high + carry);
  writer.writeInt32(low - carry * 2 ** 32);
}

/** The text of a `Date` with a year of four digits, cut out of its ISO 8601 form. */
function usualText(name: TimestampName, value: unknown): string | undefined {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  const iso = value.toISOString();
  if (iso.length !== ISO_LENGTH || iso.startsWith("0000")) return undefined;
  const zone = name === "timestamptz" ? "+00" : "";
  const micros = microsecondsOf(value);
  if (micros !== 0) {
    return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros).padStart(3, "0")}${zone}`;
  }
  const end = value.getTime() % 1000 === 0 ? 19 : 23;
  return `${iso.slice(0, 10)} ${iso.slice(11, end)}${zone}`;
}

function microsSince1970({ days, micros }: Moment): bigint {
  return BigInt(days) * BigInt(DAY_MICROS) + BigInt(micros);
}

function momentText(name: TimestampName, moment: Moment | number): string {
  if (typeof moment === "number") return moment > 0 ? "infinity" : "-infinity";
  return formatTimestamp(moment, name === "timestamptz" ? "+00" : "");
}
