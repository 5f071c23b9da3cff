/** What random values are made of, and how two of them are told apart. */

import type fc from "fast-check";
import { lowerBoundsOf } from "../../../lib/value/container/array_shape.ts";
import { microsecondsOf } from "../../../lib/value/date_time/date_micros.ts";

/** A value to send, and what it is read as; without `read` the server alone knows its form. */
export interface Sample {
  readonly sent: unknown;
  readonly read?: unknown;
}

/** A type with random values. */
export interface PropertyType {
  /** To cast to. */
  readonly sql: string;
  readonly samples: fc.Arbitrary<Sample>;
  /** True where a value is an array itself, so that arrays of it bear their depth. */
  readonly takesArrays?: boolean;
  /** True of arrays, which have no array type over them. */
  readonly isArray?: boolean;
}

/** What an ordered type's values are made from. Numbers and bigints compare with each other. */
export type Key = number | bigint | string;

/** A type that ranges can be over. */
export interface OrderedType extends PropertyType {
  readonly keys: fc.Arbitrary<Key>;
  sampleOf(key: Key): Sample;
  /** As the server compares. Absent: `<`. */
  compare?(a: Key, b: Key): number;
  /** Of types whose ranges have one form, the next value: `[1,2]` becomes `[1,3)`. */
  next?(key: Key): Key;
  /** That which has no next. */
  readonly last?: Key;
}

/** A value that is read as it was sent. */
export function same(value: unknown): Sample {
  return { sent: value, read: value };
}

/** One of several, made into one sample. */
export function combine(
  samples: readonly Sample[],
  compose: (values: unknown[]) => unknown,
): Sample {
  const sent = compose(samples.map((sample) => sample.sent));
  if (!samples.every(isKnown)) return { sent };
  return { sent, read: compose(samples.map((sample) => sample.read)) };
}

/** True when the value has a form that can be foretold. */
export function isKnown(sample: Sample): boolean {
  return "read" in sample;
}

/** NULL, in whatever. */
export const NULL: Sample = /* @__PURE__ */ same(null);

/**
 * A text that is the same for two values only if nothing tells them apart: -0, microseconds,
 * lower bounds and classes included. The order of properties does not count.
 */
export function describe(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : `${value}`;
  if (Array.isArray(value)) return describeArray(value);
  if (value instanceof Date) return `Date(${value.getTime()} ms ${microsecondsOf(value)} µs)`;
  if (value instanceof Uint8Array) return `${value.constructor.name}(${value.join()})`;
  // An attribute may be called constructor.
  const { name } = Object.getPrototypeOf(value)?.constructor ?? Object;
  // Temporal objects have no properties of their own.
  if (Object.keys(value).length === 0 && name !== "Object") return `${name}(${value})`;
  const parts = Object.entries(value).map(([key, part]) =>
    `${JSON.stringify(key)}: ${describe(part)}`
  );
  return `${name === "Object" ? "" : name}{${parts.sort().join(", ")}}`;
}

function describeArray(array: readonly unknown[]): string {
  const bounds = lowerBoundsOf(array);
  return `${bounds ? `from ${bounds.join()} ` : ""}[${array.map(describe).join(", ")}]`;
}
