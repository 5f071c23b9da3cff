/**
 * interval as `Interval`, or as ISO 8601 text.
 *
 * The bytes are asked for: its text depends on the session's IntervalStyle.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, unfit } from "../codec_error.ts";
import {
  infinityOf,
  Interval,
  type IntervalParts,
  MAX_INT32,
  MAX_INT64,
  MIN_INT32,
  MIN_INT64,
} from "./interval.ts";
import { readInterval } from "./interval_text.ts";
import { isTemporal, type TemporalObjects, tooFine } from "./temporal.ts";

/** What both shapes share: how values are sent. */
const writing = {
  name: "interval",
  encodeText(value: unknown): string {
    return intervalText(checkInterval(value));
  },
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const interval = checkInterval(value);
    if (typeof interval !== "number") {
      writer.writeInt64(interval.microseconds);
      writer.writeInt32(interval.days);
      writer.writeInt32(interval.months);
      return;
    }
    writer.writeInt64(interval > 0 ? MAX_INT64 : MIN_INT64);
    writer.writeInt32(interval > 0 ? MAX_INT32 : MIN_INT32);
    writer.writeInt32(interval > 0 ? MAX_INT32 : MIN_INT32);
  },
} as const;

const objectShape: Codec<Interval | number> = {
  ...writing,
  decodeText(source: FieldSource, start: number, end: number): Interval | number {
    return readInterval(source.text(start, end));
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): Interval | number {
    return readBinary(view, start, end);
  },
};

const textShape: Codec<string> = {
  ...writing,
  decodeText(source: FieldSource, start: number, end: number): string {
    return intervalText(readInterval(source.text(start, end)));
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): string {
    return intervalText(readBinary(view, start, end));
  },
};

/**
 * interval, by the shape of its values.
 *
 * `object`: an `Interval`, or ±Infinity (PostgreSQL 17+). `text`: ISO 8601, `P1DT2H`, whatever
 * the session's IntervalStyle; `infinity` and `-infinity`.
 *
 * Each takes an `Interval`, a plain object of {@linkcode IntervalParts}, a `Temporal.Duration`
 * without nanoseconds below the microsecond, and ±Infinity.
 */
export const intervalCodecs: { readonly [Shape in "object" | "text"]: Codec } = {
  object: objectShape,
  text: textShape,
};

function readBinary(view: DataView, start: number, end: number): Interval | number {
  checkLength("interval", end - start, 16);
  const parts = {
    microseconds: view.getBigInt64(start),
    days: view.getInt32(start + 8),
    months: view.getInt32(start + 12),
  };
  const infinity = infinityOf(parts);
  return infinity === 0 ? new Interval(parts) : infinity;
}

function intervalText(interval: Interval | number): string {
  if (typeof interval !== "number") return interval.toString();
  return interval > 0 ? "infinity" : "-infinity";
}

function checkInterval(value: unknown): Interval | number {
  if (value instanceof Interval || value === Infinity || value === -Infinity) return value;
  if (isTemporal(value, "Duration")) return intervalOf(value);
  if (isPlainObject(value)) return new Interval(value);
  throw unfit("interval", value, "an Interval, its parts, Temporal.Duration or ±Infinity");
}

function intervalOf(duration: TemporalObjects["Duration"]): Interval {
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds } = duration;
  const { microseconds, nanoseconds } = duration;
  if (nanoseconds % 1000 !== 0) throw tooFine("interval");
  const micros = BigInt(microseconds) + BigInt(nanoseconds) / 1000n;
  const time = { hours, minutes, seconds, milliseconds, microseconds: micros };
  return new Interval({ years, months, weeks, days, ...time });
}

function isPlainObject(value: unknown): value is IntervalParts {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
