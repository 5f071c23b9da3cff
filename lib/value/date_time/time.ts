/**
 * time and timetz as PostgreSQL's text, time also as `Temporal.PlainTime`; JavaScript has
 * no type for timetz.
 */

import { DAY_MICROS, formatTime, formatZone, timeFields } from "./calendar.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, malformed, unfit } from "../codec_error.ts";
import { readTimeOfDay } from "./date_time_text.ts";
import { isTemporal, plainTimeMicros, type TemporalApi, temporalApi } from "./temporal.ts";

/** In seconds; zones stay below (date.c, time_recv). */
const ZONE_LIMIT = 16 * 3600;

const textShape: Codec<string> = {
  name: "time",
  prefersText: true,
  decodeText,
  decodeBinary({ view }: FieldSource, start: number, end: number): string {
    checkLength("time", end - start, 8);
    return formatTime(readMicros("time", view, start));
  },
  encodeText: timeText,
};

/**
 * time, by the shape of its values.
 *
 * `text`: `12:30:00.5`. `temporal`: a `Temporal.PlainTime`, but `24:00:00`, which it cannot
 * be, as text; without `Temporal` the text. Each takes a `Temporal.PlainTime` without
 * nanoseconds.
 */
export const timeCodecs: { readonly [Shape in "temporal" | "text"]: Codec } = {
  get temporal(): Codec {
    const api = temporalApi();
    return api ? temporalShape(api) : textShape;
  },
  text: textShape,
};

/** timetz: a string, `12:30:00.5+02`. */
export const timetzCodec: Codec<string> = {
  name: "timetz",
  prefersText: true,
  decodeText,
  decodeBinary({ view }: FieldSource, start: number, end: number): string {
    checkLength("timetz", end - start, 12);
    // The zone counts seconds west (timetz_send, date.c).
    const west = view.getInt32(start + 8);
    if (Math.abs(west) >= ZONE_LIMIT) throw malformed("timetz", "its zone is out of range");
    return formatTime(readMicros("timetz", view, start)) + formatZone(-west);
  },
  encodeText(value: unknown): string {
    throw unfit("timetz", value, "a string");
  },
};

function temporalShape(api: TemporalApi): Codec {
  const plainTime = (micros: number): unknown => {
    if (micros === DAY_MICROS) return formatTime(micros);
    const { hour, minute, second, millisecond, microsecond } = timeFields(micros);
    return new api.PlainTime(hour, minute, second, millisecond, microsecond);
  };
  return {
    name: "time",
    decodeText({ bytes }: FieldSource, start: number, end: number): unknown {
      return plainTime(readTimeOfDay(bytes, { typeName: "time", start, end }));
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): unknown {
      checkLength("time", end - start, 8);
      return plainTime(readMicros("time", view, start));
    },
    encodeText: timeText,
  };
}

function decodeText(source: FieldSource, start: number, end: number): string {
  return source.text(start, end);
}

function timeText(value: unknown): string {
  if (isTemporal(value, "PlainTime")) return formatTime(plainTimeMicros("time", value));
  throw unfit("time", value, "a string or Temporal.PlainTime");
}

/** Microseconds since midnight, up to and with 24:00:00. */
function readMicros(typeName: string, view: DataView, start: number): number {
  const micros = Number(view.getBigInt64(start));
  if (micros >= 0 && micros <= DAY_MICROS) return micros;
  throw malformed(typeName, "its time is out of range");
}
