/**
 * The text of a value whose PostgreSQL type is not known: the server infers it.
 */

import type { Codec, FieldSource } from "./codec.ts";
import { formatArray } from "./container/array_text.ts";
import { measureArray } from "./container/array_shape.ts";
import { formatHex } from "./text/bytea.ts";
import { calendarText } from "./date_time/calendar_text.ts";
import { unfit } from "./codec_error.ts";
import { formatJson } from "./json/json.ts";
import { textCodec } from "./text/text.ts";

const NAME = "a value of unknown type";
const scalars = /* @__PURE__ */ textCodec(NAME);

/**
 * PostgreSQL's text of a value, by its JavaScript type alone: `5`, `true`, `\x00ff`,
 * `{1,2}`, a `Date` as timestamptz in UTC, intervals, Temporal objects, plain objects as JSON.
 *
 * @throws {TypeError | RangeError} when there is no such text
 */
export function untypedText(value: unknown): string {
  if (typeof value !== "object" || value === null) return scalars.encodeText(value);
  if (Array.isArray(value)) return untypedArray(value, untypedText);
  if (value instanceof Uint8Array) return formatHex(value);
  const calendar = calendarText(value);
  if (calendar !== undefined) return calendar;
  if (isPlainObject(value)) return formatJson(NAME, value);
  throw unfit(NAME, value, "a plain object");
}

/**
 * The codec of every type that has none: values are text in both directions.
 * Objects are refused: this is no json.
 */
export const fallbackCodec: Codec = {
  name: NAME,
  decodeText: (source: FieldSource, start: number, end: number): string => source.text(start, end),
  encodeText: noObjectText,
};

function noObjectText(value: unknown): string {
  if (Array.isArray(value)) return untypedArray(value, noObjectText);
  if (typeof value !== "object" || value instanceof Uint8Array) return untypedText(value);
  const calendar = calendarText(value);
  if (calendar !== undefined) return calendar;
  throw unfit(NAME, value, "a string");
}

function untypedArray(value: unknown[], format: (element: unknown) => string): string {
  return formatArray(measureArray(value, { typeName: NAME, nested: true }), {
    format,
    delimiter: ",",
  });
}

/** Made by `{}`, or saying itself what its JSON is: of a Map, say, JSON would lose everything. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || "toJSON" in value;
}
