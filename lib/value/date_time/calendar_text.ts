/**
 * PostgreSQL's text of dates, intervals and Temporal objects that go to a type nobody knows.
 */

import { dateCodecs } from "./date.ts";
import { intervalCodecs } from "./interval_codec.ts";
import { Interval } from "./interval.ts";
import { isTemporal } from "./temporal.ts";
import { timeCodecs } from "./time.ts";
import { timestampCodecs, timestamptzCodecs } from "./timestamp.ts";

/**
 * The text of a `Date`, an `Interval` or a Temporal object; undefined of everything else.
 *
 * @throws {RangeError} when a `Date` is invalid, or a Temporal object has nanoseconds
 */
export function calendarText(value: unknown): string | undefined {
  if (value instanceof Date) return timestamptzCodecs.date.encodeText(value);
  if (value instanceof Interval || isTemporal(value, "Duration")) {
    return intervalCodecs.object.encodeText(value);
  }
  if (isTemporal(value, "PlainDate")) return dateCodecs.date.encodeText(value);
  if (isTemporal(value, "PlainTime")) return timeCodecs.text.encodeText(value);
  if (isTemporal(value, "PlainDateTime")) return timestampCodecs.date.encodeText(value);
  if (isTemporal(value, "Instant") || isTemporal(value, "ZonedDateTime")) {
    return timestamptzCodecs.date.encodeText(value);
  }
  return undefined;
}
