/**
 * timestamp and timestamptz as `Date`.
 *
 * A timestamp without time zone is read as if it were UTC: the same everywhere,
 * in both directions, and no hour is missing or doubled. Microseconds are cut to
 * milliseconds, towards the past. The infinities are numbers; what lies beyond a
 * `Date` (after 275760-09-13) is ISO text, a timestamptz in UTC.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import {
  dateAt,
  DAY_MICROS,
  DAY_MS,
  formatTimestamp,
  type Moment,
  POSTGRES_EPOCH_DAYS,
} from "./calendar.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { checkLength } from "./codec_error.ts";
import { checkDate } from "./date_value.ts";
import { readDateTime } from "./date_time_text.ts";
import { readFixedTimestamp } from "./fixed_date_time.ts";
import { checkText } from "./text.ts";

const EPOCH_MS = POSTGRES_EPOCH_DAYS * DAY_MS;
const INFINITY = 0x7fff_ffff_ffff_ffffn;
const MINUS_INFINITY = -0x8000_0000_0000_0000n;

/** timestamp: a `Date` whose UTC fields are those of the timestamp, ±Infinity, or ISO text. */
export const timestampCodec: Codec<Date | number | string> = /* @__PURE__ */ createTimestampCodec(
  "timestamp",
  "",
);

/** timestamptz: a `Date`, ±Infinity, or ISO text. */
export const timestamptzCodec: Codec<Date | number | string> = /* @__PURE__ */ createTimestampCodec(
  "timestamptz",
  "+00",
);

function createTimestampCodec(name: string, zone: string): Codec<Date | number | string> {
  return {
    name,
    decodeText({ bytes }: FieldSource, start: number, end: number): Date | number | string {
      const fixed = readFixedTimestamp(bytes, start, end);
      if (!Number.isNaN(fixed)) return new Date(fixed);
      const moment = readDateTime(bytes, { typeName: name, start, end });
      if (typeof moment === "number") return moment;
      const ms = moment.days * DAY_MS + Math.floor(moment.micros / 1000);
      return dateAt(ms) ?? formatTimestamp(moment, zone);
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): Date | number | string {
      checkLength(name, end - start, 8);
      // No bigint on the way: 2^32 µs are 4294967 ms and 296 µs, so this is exact.
      const high = view.getInt32(start);
      const low = view.getUint32(start + 4);
      const ms = high * 4_294_967 + Math.floor((high * 296 + low) / 1000) + EPOCH_MS;
      return dateAt(ms) ?? beyondDate(view.getBigInt64(start), zone);
    },
    encodeText(value: unknown): string {
      if (typeof value === "string") return checkText(name, value);
      const ms = checkDate(name, value);
      if (!Number.isFinite(ms)) return ms > 0 ? "infinity" : "-infinity";
      const days = Math.floor(ms / DAY_MS);
      return formatTimestamp({ days, micros: (ms - days * DAY_MS) * 1000 }, zone);
    },
    encodeBinary(value: unknown, writer: ByteWriter): void {
      const ms = checkDate(name, value);
      if (ms === Infinity) writer.writeInt64(INFINITY);
      else if (ms === -Infinity) writer.writeInt64(MINUS_INFINITY);
      else writer.writeInt64(BigInt(ms - EPOCH_MS) * 1000n);
    },
  };
}

/** The rare rest: the infinities, and text for what no `Date` can be. */
function beyondDate(micros: bigint, zone: string): number | string {
  if (micros === INFINITY) return Infinity;
  if (micros === MINUS_INFINITY) return -Infinity;
  const day = BigInt(DAY_MICROS);
  // Only moments after 275760 come here from a server; the remainder is made positive all the same.
  const rest = ((micros % day) + day) % day;
  const moment: Moment = {
    days: Number((micros - rest) / day) + POSTGRES_EPOCH_DAYS,
    micros: Number(rest),
  };
  return formatTimestamp(moment, zone);
}
