/**
 * Codecs whose text form of what they read is the server's own text of it, for where text must
 * be made of bytes: with the settings DateStyle ISO, IntervalStyle postgres, TimeZone UTC.
 */

import { catalogCodecs } from "./catalog_codecs.ts";
import type { Codec } from "../codec.ts";
import { float4Codec, float8Codec } from "../number/float.ts";
import { formatNumber } from "../geometric/geometric_number.ts";
import { Interval } from "../date_time/interval.ts";
import { intervalCodecs } from "../date_time/interval_codec.ts";
import { formatTime } from "../date_time/calendar.ts";

/** All that are no containers, by the name of the type. */
export function exactCodecs(): Readonly<Record<string, Codec>> {
  return {
    ...catalogCodecs({
      int8: "string",
      numeric: "string",
      date: "text",
      time: "text",
      timestamp: "text",
      timestamptz: "text",
      json: "text",
      jsonb: "text",
    }),
    float4: { ...float4Codec, encodeText: (value: unknown): string => formatFloat4(Number(value)) },
    float8: { ...float8Codec, encodeText: (value: unknown): string => formatNumber(Number(value)) },
    interval: { ...intervalCodecs.object, encodeText: formatInterval },
  };
}

/** PostgreSQL's text of a float4 (f2s.c): a power from 10^6 on, and below 10^-4. */
function formatFloat4(value: number): string {
  const size = Math.abs(value);
  if ((size >= 1e-4 && size < 1e6) || !Number.isFinite(value)) return String(value);
  if (size === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits, power] = value.toExponential().split("e");
  return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** PostgreSQL's text of an interval (datetime.c, EncodeInterval): `1 year -2 mons +3 days 04:05:06`. */
function formatInterval(value: unknown): string {
  if (!(value instanceof Interval)) return intervalCodecs.object.encodeText(value);
  const { months, days, microseconds } = value;
  const units = [[Math.trunc(months / 12), "year"], [months % 12, "mon"], [days, "day"]] as const;
  const parts: string[] = [];
  let afterMinus = false;
  for (const [count, unit] of units) {
    if (count === 0) continue;
    parts.push(`${afterMinus && count > 0 ? "+" : ""}${count} ${unit}${count === 1 ? "" : "s"}`);
    afterMinus = count < 0;
  }
  if (microseconds === 0n && parts.length > 0) return parts.join(" ");
  const plus = afterMinus ? "+" : "";
  parts.push(`${microseconds < 0n ? "-" : plus}${formatHours(microseconds)}`);
  return parts.join(" ");
}

/** Without its sign, and of as many hours as there are. */
function formatHours(microseconds: bigint): string {
  const size = microseconds < 0n ? -microseconds : microseconds;
  const hour = 3_600_000_000n;
  const rest = formatTime(Number(size % hour)).slice(2);
  return `${String(size / hour).padStart(2, "0")}${rest}`;
}
