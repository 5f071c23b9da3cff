/** Random values of types that hold other values: arrays, ranges, multiranges, composites. */

import fc from "fast-check";
import { withLowerBounds } from "../../../lib/value/container/array_shape.ts";
import {
  combine,
  type Key,
  NULL,
  type OrderedType,
  type PropertyType,
  same,
  type Sample,
} from "./sample.ts";

/** Lengths of the dimensions, the outermost first. */
const SHAPES: readonly (readonly number[])[] = [
  ...[[1], [2], [5], [1, 1], [2, 3], [3, 1], [2, 2, 2], [1, 1, 1], [1, 3, 1]],
  [1, 1, 1, 1, 1, 2],
];

function orNull(samples: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.oneof({ weight: 5, arbitrary: samples }, { weight: 1, arbitrary: fc.constant(NULL) });
}

/** Arrays of one to six dimensions, with and without lower bounds of their own. */
export function arrayOf(type: PropertyType): PropertyType {
  const filled = fc.constantFrom(...SHAPES).chain((lengths) => {
    const count = lengths.reduce((product, length) => product * length);
    const bounds = fc.array(fc.constantFrom(1, 0, -1, 7, -(2 ** 31), 2 ** 31 - 100), {
      minLength: lengths.length,
      maxLength: lengths.length,
    });
    return fc.tuple(
      fc.array(orNull(type.samples), { minLength: count, maxLength: count }),
      fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: bounds }),
    ).map(([elements, lowerBounds]) =>
      combine(elements, (values) => {
        const array = nest(values, lengths) as unknown[];
        const needed = lowerBounds?.some((bound) => bound !== 1) ||
          (type.takesArrays && lengths.length > 1);
        return needed ? withLowerBounds(array, lowerBounds ?? lengths.map(() => 1)) : array;
      })
    );
  });
  const empty: Sample[] = [same([])];
  if (!type.takesArrays) empty.push({ sent: [[], []], read: [] });
  return {
    sql: `${type.sql}[]`,
    isArray: true,
    samples: fc.oneof(
      { weight: 8, arbitrary: filled },
      { weight: 1, arbitrary: fc.constantFrom(...empty) },
    ),
  };
}

function nest(values: readonly unknown[], lengths: readonly number[]): unknown {
  if (lengths.length === 0) return values[0];
  const size = values.length / lengths[0];
  return Array.from(
    { length: lengths[0] },
    (_, i) => nest(values.slice(i * size, (i + 1) * size), lengths.slice(1)),
  );
}

/** A side of a range; without a key it has no bound. */
interface End {
  readonly key: Key | undefined;
  readonly inclusive: boolean;
}

const UNBOUNDED: End = { key: undefined, inclusive: false };

/** Ranges over a type, in all the forms that they can be written. */
export function rangeOf(name: string, type: OrderedType): PropertyType {
  const keys = type.last === undefined ? type.keys : type.keys.filter((key) => key !== type.last);
  const flagged = fc.record({ key: keys, inclusive: fc.boolean() });
  const ends = fc.oneof(
    { weight: 6, arbitrary: flagged },
    { weight: 1, arbitrary: fc.boolean().map((inclusive) => ({ key: undefined, inclusive })) },
  );
  const point = flagged.map((end) => [end, end]);
  return {
    sql: name,
    samples: fc.oneof(
      { weight: 10, arbitrary: fc.tuple(ends, ends) },
      { weight: 1, arbitrary: point },
      { weight: 1, arbitrary: fc.constant("empty") },
    ).map((given) => typeof given === "string" ? same(given) : rangeSample(type, given)),
  };
}

function rangeSample(type: OrderedType, [a, b]: readonly End[]): Sample {
  const [lower, upper] = compareEnds(type, a, b) <= 0 ? [a, b] : [b, a];
  const sent = spanOf(type, lower, upper);
  if (isEmpty(type, lower, upper)) return { sent, read: "empty" };
  // PostgreSQL's own ranges of integers and dates are made `[)`.
  const first = bounded(lower) && !lower.inclusive ? stepped(type, lower) : lower;
  const last = bounded(upper) && upper.inclusive ? stepped(type, upper) : upper;
  return { sent, read: isEmpty(type, first, last) ? "empty" : spanOf(type, first, last) };
}

/** Sides without bounds are where they were given. */
function compareEnds(type: OrderedType, { key: a }: End, { key: b }: End): number {
  return a === undefined || b === undefined ? 0 : compare(type, a, b);
}

function compare(type: OrderedType, a: Key, b: Key): number {
  if (type.compare) return type.compare(a, b);
  return a < b ? -1 : Number(a > b);
}

function isEmpty(type: OrderedType, lower: End, upper: End): boolean {
  if (!bounded(lower) || !bounded(upper)) return false;
  const order = compareEnds(type, lower, upper);
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive));
}

function bounded({ key }: End): boolean {
  return key !== undefined;
}

/** The same side by the next value, and so with the other bracket. A date's infinity has no next. */
function stepped(type: OrderedType, { key, inclusive }: End): End {
  if (!type.next || key === Infinity || key === -Infinity) return { key, inclusive };
  return { key: type.next(key!), inclusive: !inclusive };
}

function spanOf(type: OrderedType, lower: End, upper: End): unknown {
  const value = ({ key }: End) => key === undefined ? null : type.sampleOf(key).read;
  const open = lower.inclusive && bounded(lower) ? "[" : "(";
  const close = upper.inclusive && bounded(upper) ? "]" : ")";
  return { lower: value(lower), upper: value(upper), bounds: open + close };
}

/** Multiranges over a type: sent in any order and with empty ranges, read sorted. */
export function multirangeOf(name: string, type: OrderedType): PropertyType {
  const keys = fc.uniqueArray(type.keys, {
    maxLength: 6,
    comparator: (a, b) => compare(type, a, b) === 0,
  });
  const flags = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
  const samples = fc.tuple(keys, flags, fc.boolean(), fc.boolean()).map(
    ([given, inclusive, unbounded, shuffled]) => {
      const sorted = given.toSorted((a, b) => compare(type, a, b));
      const ends = sorted.map((key, i): End => {
        if (unbounded && i === 0) return UNBOUNDED;
        // Between different keys there is always a gap, if integers and dates are `[)`.
        return { key, inclusive: type.next ? i % 2 === 0 : inclusive[i] };
      });
      const ranges: unknown[] = [];
      for (let i = 0; i + 1 < ends.length; i += 2) {
        ranges.push(spanOf(type, ends[i], ends[i + 1]));
      }
      return { sent: shuffled ? ["empty", ...ranges.toReversed()] : ranges, read: ranges };
    },
  );
  return { sql: name, samples, takesArrays: true };
}

/** An attribute of a composite type. */
export interface Attribute {
  readonly name: string;
  readonly type: PropertyType;
}

/** Objects by the names of the attributes. */
export function compositeOf(name: string, attributes: readonly Attribute[]): PropertyType {
  const names = attributes.map((attribute) => attribute.name);
  return {
    sql: name,
    samples: fc.tuple(...attributes.map(({ type }) => orNull(type.samples))).map((samples) =>
      // A property also of __proto__.
      combine(samples, (values) => Object.fromEntries(values.map((value, i) => [names[i], value])))
    ),
  };
}

/** An enum with these labels, in their order. */
export function enumOf(name: string, labels: readonly string[]): OrderedType {
  const sampleOf = (key: Key): Sample => same(labels[Number(key)]);
  const keys = fc.nat(labels.length - 1);
  return { sql: name, keys, samples: keys.map(sampleOf), sampleOf };
}

/** A domain, whose values are those of the type below it. */
export function domainOf(name: string, base: PropertyType): PropertyType {
  return {
    sql: name,
    samples: base.samples,
    takesArrays: base.isArray || base.takesArrays,
  };
}
