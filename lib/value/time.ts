/**
 * time, timetz and interval as PostgreSQL's text: JavaScript has no type for them.
 */

import { formatTime, formatZone } from "./calendar.ts";
import type { Codec, FieldSource } from "./codec.ts";
import { checkLength, unfit } from "./codec_error.ts";
import { checkText } from "./text.ts";

/** time: a string, `12:30:00.5`. */
export const timeCodec: Codec<string> = {
  name: "time",
  decodeText,
  decodeBinary({ view }: FieldSource, start: number, end: number): string {
    checkLength("time", end - start, 8);
    return formatTime(Number(view.getBigInt64(start)));
  },
  encodeText: (value: unknown): string => check("time", value),
};

/** timetz: a string, `12:30:00.5+02`. */
export const timetzCodec: Codec<string> = {
  name: "timetz",
  decodeText,
  decodeBinary({ view }: FieldSource, start: number, end: number): string {
    checkLength("timetz", end - start, 12);
    // The zone counts seconds west (timetz_send, date.c).
    return formatTime(Number(view.getBigInt64(start))) + formatZone(-view.getInt32(start + 8));
  },
  encodeText: (value: unknown): string => check("timetz", value),
};

/** interval: a string in the session's `IntervalStyle`, so it is only asked for in text. */
export const intervalCodec: Codec<string> = {
  name: "interval",
  decodeText,
  encodeText: (value: unknown): string => check("interval", value),
};

function decodeText(source: FieldSource, start: number, end: number): string {
  return source.text(start, end);
}

function check(typeName: string, value: unknown): string {
  if (typeof value !== "string") throw unfit(typeName, value, "a string");
  return checkText(typeName, value);
}
