/**
 * Which JavaScript shape the values of a type have, where there is a choice.
 *
 * @module
 */

/** The shapes to choose from, by PostgreSQL's name of the type. */
export interface TypeShapes {
  /** `number` is exact up to 2^53. Default `bigint`. */
  readonly int8?: "bigint" | "number" | "string";
  /** `number` rounds. Default `string`. */
  readonly numeric?: "string" | "number";
  /** `temporal`: `Temporal.PlainDate`. Default `date`. */
  readonly date?: "date" | "temporal" | "text";
  /** `temporal`: `Temporal.PlainTime`. Default `text`. */
  readonly time?: "temporal" | "text";
  /** `temporal`: `Temporal.PlainDateTime`. Default `date`. */
  readonly timestamp?: "date" | "temporal" | "text";
  /** `temporal`: `Temporal.Instant`. Default `date`. */
  readonly timestamptz?: "date" | "temporal" | "text";
  /** Default `object`: an `Interval`. */
  readonly interval?: "object" | "text";
  /** `exact` keeps every digit of numbers. Default `parsed`. */
  readonly json?: "parsed" | "exact" | "text";
  /** `exact` keeps every digit of numbers. Default `parsed`. */
  readonly jsonb?: "parsed" | "exact" | "text";
  /** Points, lines, boxes and the like. Default `object`. */
  readonly geometric?: "object" | "text";
  /** Ranges and multiranges. Default `object`. */
  readonly range?: "object" | "text";
  /** Composite types. Default `object`, by the names of the attributes. */
  readonly composite?: "object" | "array" | "text";
}

/** The exact choice everywhere; where the runtime has no `Temporal`, its text. */
export const lossless: TypeShapes = {
  int8: "bigint",
  numeric: "string",
  date: "temporal",
  time: "temporal",
  timestamp: "temporal",
  timestamptz: "temporal",
  interval: "object",
  json: "exact",
  jsonb: "exact",
  geometric: "object",
  range: "object",
  composite: "object",
};
