/**
 * date as `Date`, at midnight UTC: never at local midnight, which is another day
 * elsewhere. The infinities are numbers; a day beyond what a `Date` can be is its
 * ISO text.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import { dateAt, DAY_MS, formatDate, POSTGRES_EPOCH_DAYS } from "./calendar.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { checkLength } from "./codec_error.ts";
import { checkDate } from "./date_value.ts";
import { readDateTime } from "./date_time_text.ts";
import { readFixedDate } from "./fixed_date_time.ts";
import { checkText } from "./text.ts";

const INFINITY = 0x7fff_ffff;
const MINUS_INFINITY = -0x8000_0000;

/** date: a `Date` at midnight UTC, ±Infinity, or ISO text. A `Date` given is its day in UTC. */
export const dateCodec: Codec<Date | number | string> = {
  name: "date",
  decodeText({ bytes }: FieldSource, start: number, end: number): Date | number | string {
    const days = readFixedDate(bytes, start, end);
    if (!Number.isNaN(days)) return new Date(days * DAY_MS);
    const moment = readDateTime(bytes, { typeName: "date", start, end });
    return typeof moment === "number" ? moment : dateOf(moment.days);
  },
  decodeBinary({ view }: FieldSource, start: number, end: number): Date | number | string {
    checkLength("date", end - start, 4);
    const days = view.getInt32(start);
    if (days === INFINITY) return Infinity;
    if (days === MINUS_INFINITY) return -Infinity;
    return dateOf(days + POSTGRES_EPOCH_DAYS);
  },
  encodeText(value: unknown): string {
    if (typeof value === "string") return checkText("date", value);
    const ms = checkDate("date", value);
    if (!Number.isFinite(ms)) return ms > 0 ? "infinity" : "-infinity";
    return formatDate(Math.floor(ms / DAY_MS));
  },
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const ms = checkDate("date", value);
    if (ms === Infinity) writer.writeInt32(INFINITY);
    else if (ms === -Infinity) writer.writeInt32(MINUS_INFINITY);
    else writer.writeInt32(Math.floor(ms / DAY_MS) - POSTGRES_EPOCH_DAYS);
  },
};

function dateOf(days: number): Date | string {
  return dateAt(days * DAY_MS) ?? formatDate(days);
}
