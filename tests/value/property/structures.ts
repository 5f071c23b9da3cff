/** Random values that have an inner structure of their own: geometry, networks, bits, json, text search. */

import fc from "fast-check";
import { anyDouble } from "./numbers.ts";
import { type PropertyType, same, type Sample } from "./sample.ts";
import { anyText, cut } from "./texts.ts";

/** A value whose printed form is left to the server. */
function printed(sent: unknown): Sample {
  return { sent };
}

interface Point {
  x: number;
  y: number;
}

const points: fc.Arbitrary<Point> = fc.record({ x: anyDouble, y: anyDouble }, {
  noNullPrototype: true,
});
const somePoints = fc.array(points, { minLength: 1, maxLength: 5 });

/** The server swaps coordinates; NaN is over all other numbers. */
function boxSample([a, b]: readonly [Point, Point]): Sample {
  const swapX = isBelow(a.x, b.x);
  const swapY = isBelow(a.y, b.y);
  return {
    sent: { high: a, low: b },
    read: {
      high: { x: swapX ? b.x : a.x, y: swapY ? b.y : a.y },
      low: { x: swapX ? a.x : b.x, y: swapY ? a.y : b.y },
    },
  };
}

function isBelow(a: number, b: number): boolean {
  return Number.isNaN(b) ? !Number.isNaN(a) : a < b;
}

/** A line's a and b must not both be so small that the server takes them for zero. */
const slopes = anyDouble.filter((value) => !(Math.abs(value) < 1e-5));

function geometricTypes(): PropertyType[] {
  const plain = { noNullPrototype: true };
  return [
    { sql: "point", samples: points.map(same) },
    {
      sql: "line",
      samples: fc.record({ a: slopes, b: anyDouble, c: anyDouble }, plain).map(same),
    },
    { sql: "lseg", samples: fc.record({ start: points, end: points }, plain).map(same) },
    { sql: "box", samples: fc.tuple(points, points).map(boxSample) },
    {
      sql: "path",
      samples: fc.record({ closed: fc.boolean(), points: somePoints }, plain).map(same),
    },
    { sql: "polygon", samples: fc.record({ points: somePoints }, plain).map(same) },
    {
      sql: "circle",
      samples: fc.record({ center: points, radius: anyDouble.map(Math.abs) }, plain).map(same),
    },
  ];
}

const octets = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 255)), {
  minLength: 4,
  maxLength: 4,
});
const words = fc.array(fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0, 0, 1, 0xffff)), {
  minLength: 8,
  maxLength: 8,
});

/** An address with so many bits of it kept, the others zero. */
function network(parts: readonly number[], partBits: number, bits: number): string {
  const kept = parts.map((part, i) => {
    const zeros = Math.min(Math.max((i + 1) * partBits - bits, 0), partBits);
    return part >> zeros << zeros;
  });
  return addressText(kept);
}

function addressText(parts: readonly number[]): string {
  return parts.length === 4 ? parts.join(".") : parts.map((word) => word.toString(16)).join(":");
}

const MAPPED = ["::ffff:1.2.3.4", "::1.2.3.4", "::", "::1", "1::", "::ffff:0:0", "fe80::1/10"];

function networkTypes(): PropertyType[] {
  const cidrs = fc.oneof(
    fc.tuple(octets, fc.nat(32)).map(([parts, bits]) => `${network(parts, 8, bits)}/${bits}`),
    fc.tuple(words, fc.nat(128)).map(([parts, bits]) => `${network(parts, 16, bits)}/${bits}`),
  );
  const hex = (bytes: number) =>
    fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((octets) =>
      Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(":")
    );
  return [
    {
      sql: "inet",
      samples: fc.oneof(
        octets.map(addressText).map(same),
        fc.tuple(octets, fc.nat(31)).map(([parts, bits]) => same(`${addressText(parts)}/${bits}`)),
        words.map(addressText).map(printed),
        fc.tuple(words, fc.nat(128)).map(([parts, bits]) =>
          printed(`${addressText(parts)}/${bits}`)
        ),
        fc.constantFrom(...MAPPED).map(printed),
      ),
    },
    { sql: "cidr", samples: cidrs.map(printed) },
    { sql: "macaddr", samples: hex(6).map(same) },
    { sql: "macaddr8", samples: hex(8).map(same) },
  ];
}

function bitTypes(): PropertyType[] {
  const bits = (minLength: number, maxLength: number) =>
    fc.string({ unit: fc.constantFrom("0", "1"), minLength, maxLength }).map(same);
  return [
    { sql: "bit(1)", samples: bits(1, 1) },
    { sql: "bit(17)", samples: bits(17, 17) },
    { sql: "varbit", samples: bits(0, 70) },
  ];
}

const jsonKeys = fc.oneof(
  anyText,
  fc.constantFrom("__proto__", "constructor", "toJSON", "length", "0", "-1", "lowerBounds"),
);
const jsonNumbers = anyDouble.map((value) => Number.isFinite(value) ? value || 0 : 1e308);

/** jsonb has no form for a zero character, which json keeps as an escape. */
function jsonValues(strings: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(strings, jsonNumbers, fc.boolean(), fc.constant(null)),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(jsonKeys, tie("value")), { maxLength: 4 }).map(objectOf),
    ),
  })).value.filter((value) => value !== null); // JSON's null alone is read as NULL.
}

/** A property of each name, __proto__ among them, as JSON.parse makes it; no method is written. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

function jsonTypes(): PropertyType[] {
  const anything = fc.oneof(anyText, fc.string({ unit: fc.constantFrom("\0", "\ud800", "a") }));
  return [
    { sql: "json", samples: jsonValues(anything).map(same), takesArrays: true },
    { sql: "jsonb", samples: jsonValues(anyText).map(same), takesArrays: true },
    {
      sql: "jsonpath",
      samples: fc.tuple(fc.constantFrom("", "strict "), fc.array(jsonPathSteps, { maxLength: 4 }))
        .map(([mode, steps]) => printed(`${mode}$${steps.join("")}`)),
    },
  ];
}

const jsonPathSteps = fc.oneof(
  anyText.map((key) => `.${JSON.stringify(cut(key, 40))}`),
  fc.nat(99).map((index) => `[${index}]`),
  fc.constantFrom("[*]", ".*", ".**", ".size()", ' ? (@ > 1 && @.b == "x")', "[last - 1]"),
);

/** Quoted as tsvector and tsquery read it. */
const lexemes = anyText.map((text) => `'${cut(text, 80).replace(/['\\]/g, "$&$&")}'`)
  .filter((quoted) => quoted !== "''");

const positions = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 16_383 }), fc.constantFrom("", "A", "B", "C", "D")),
  { maxLength: 4 },
).map((list) => list.length === 0 ? "" : `:${list.map((pair) => pair.join("")).join()}`);

const queries: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(lexemes, fc.constantFrom("", ":*", ":A", ":*BD", ":ABCD")).map((pair) =>
      pair.join("")
    ),
    tie("query").map((query) => `!(${query})`),
    fc.tuple(
      tie("query"),
      fc.constantFrom("&", "|", "<->", "<2>", "<0>", "<16384>"),
      tie("query"),
    ).map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
  ),
})).query;

function textSearchTypes(): PropertyType[] {
  return [
    {
      sql: "tsvector",
      samples: fc.array(fc.tuple(lexemes, positions), { maxLength: 5 }).map((list) =>
        printed(list.map((pair) => pair.join("")).join(" "))
      ),
    },
    { sql: "tsquery", samples: fc.oneof(queries, fc.constant("")).map(printed) },
  ];
}

function systemTypes(): PropertyType[] {
  const uint32 = fc.oneof(fc.nat(2 ** 31 - 1), fc.constantFrom(0, 1, 2 ** 32 - 1));
  const hex = uint32.map((value) => value.toString(16).toUpperCase());
  const gaps = fc.array(fc.bigInt({ min: 1n, max: 2n ** 50n }), { minLength: 2, maxLength: 6 });
  return [
    {
      sql: "tid",
      samples: fc.tuple(uint32, fc.nat(65_535)).map(([block, item]) => same(`(${block},${item})`)),
    },
    { sql: "pg_lsn", samples: fc.tuple(hex, hex).map((halves) => same(halves.join("/"))) },
    { sql: "pg_snapshot", samples: gaps.map(snapshot).map(same) },
    { sql: "txid_snapshot", samples: gaps.map(snapshot).map(same) },
    {
      sql: "xml",
      samples: anyText.map((text) => text.replace(/[^\t\n -~\u00a0-\ud7ff]/g, ""))
        .map((text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`))
        .map((text) => same(`<a b="'">${text}</a>`)),
    },
  ];
}

/** The ends, and between them those in progress: each so much after the one before it. */
function snapshot(gaps: readonly bigint[]): string {
  const ids: bigint[] = [];
  for (const gap of gaps) {
    const id = (ids.at(-1) ?? 0n) + gap;
    // A transaction whose lower half is 0 is none to the server.
    ids.push(BigInt.asUintN(32, id) === 0n ? id + 1n : id);
  }
  return `${ids[0]}:${ids.at(-1)}:${ids.slice(0, -1).join()}`;
}

/** All of them. */
export function structureTypes(): PropertyType[] {
  return [
    ...geometricTypes(),
    ...networkTypes(),
    ...bitTypes(),
    ...jsonTypes(),
    ...textSearchTypes(),
    ...systemTypes(),
  ];
}
