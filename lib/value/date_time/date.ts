/**
 * date as `Date`, at midnight UTC: never at local midnight, which is another day
 * elsewhere. The infinities are numbers; a day beyond what a `Date` can be is its
 * ISO text.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import {
  dateAt,
  dateFields,
  DAY_MS,
  formatDate,
  MAX_DATE_DAYS,
  POSTGRES_EPOCH_DAYS,
} from "./calendar.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength } from "../codec_error.ts";
import { checkDays } from "./date_value.ts";
import { readDateTime } from "./date_time_text.ts";
import { readFixedDate } from "./fixed_date_time.ts";
import { type TemporalApi, temporalApi } from "./temporal.ts";

const INFINITY = 0x7fff_ffff;
const MINUS_INFINITY = -0x8000_0000;

/** What all shapes share: how values are sent. */
const writing = {
  name: "date",
  encodeText(value: unknown): string {
    return dayText(checkDays(value));
  },
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const days = checkDays(value);
    if (days === Infinity) writer.writeInt32(INFINITY);
    else if (days === -Infinity) writer.writeInt32(MINUS_INFINITY);
    else writer.writeInt32(days - POSTGRES_EPOCH_DAYS);
  },
} as const;

const dateShape: Codec<Date | number | string> = {
  ...writing,
  decodeText({ bytes }: FieldSource, start: number, end: number): Date | number | string {
    const days = readFixedDate(bytes, start, end);
    if (!Number.isNaN(days)) return new Date(days * DAY_MS);
    return dateOf(readDays(bytes, start, end));
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): Date | number | string {
    return dateOf(readBinaryDays(view, start, end));
  },
};

const textShape: Codec<string> = {
  ...writing,
  prefersText: true,
  decodeText: (source: FieldSource, start: number, end: number): string => source.text(start, end),
  decodeBinary({ view }: FieldSource, start: number, end: number): string {
    return dayText(readBinaryDays(view, start, end));
  },
};

/**
 * date, by the shape of its values.
 *
 * `date`: a `Date` at midnight UTC, or ISO text from 275760-09-14 on. `temporal`: a
 * `Temporal.PlainDate`, or ISO text from 275760-09-14 on; without `Temporal` the text.
 * `text`: PostgreSQL's text, `2026-01-31`, as the session's DateStyle writes it (ISO unless
 * it was changed). The infinities are ±Infinity in the first two.
 *
 * Each takes a `Date` (its day in UTC), a `Temporal.PlainDate` and ±Infinity.
 */
export const dateCodecs: { readonly [Shape in "date" | "temporal" | "text"]: Codec } = {
  date: dateShape,
  get temporal(): Codec {
    const api = temporalApi();
    return api ? temporalShape(api) : textShape;
  },
  text: textShape,
};

function temporalShape(api: TemporalApi): Codec {
  const plainDate = (days: number): unknown => {
    if (!Number.isFinite(days)) return days;
    if (Math.abs(days) > MAX_DATE_DAYS) return formatDate(days);
    const { year, month, day } = dateFields(days);
    return new api.PlainDate(year, month, day);
  };
  return {
    ...writing,
    decodeText({ bytes }: FieldSource, start: number, end: number): unknown {
      return plainDate(readDays(bytes, start, end));
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): unknown {
      return plainDate(readBinaryDays(view, start, end));
    },
  };
}

/** Days since 1970-01-01, or ±Infinity. */
function readDays(bytes: Uint8Array, start: number, end: number): number {
  const moment = readDateTime(bytes, { typeName: "date", start, end });
  return typeof moment === "number" ? moment : moment.days;
}

/** Days since 1970-01-01, or ±Infinity. */
function readBinaryDays(view: DataView, start: number, end: number): number {
  checkLength("date", end - start, 4);
  const days = view.getInt32(start);
  if (days === INFINITY) return Infinity;
  if (days === MINUS_INFINITY) return -Infinity;
  return days + POSTGRES_EPOCH_DAYS;
}

function dateOf(days: number): Date | number | string {
  if (!Number.isFinite(days)) return days;
  return dateAt(days * DAY_MS) ?? formatDate(days);
}

function dayText(days: number): string {
  if (!Number.isFinite(days)) return days > 0 ? "infinity" : "-infinity";
  return formatDate(days);
}
