/** Random numbers, and what else is of a fixed size: booleans, money, system ids. */

import fc from "fast-check";
import { type Key, type OrderedType, type PropertyType, same, type Sample } from "./sample.ts";

const increment = (key: Key): Key => typeof key === "bigint" ? key + 1n : Number(key) + 1;

/** Near its ends, near zero, and anywhere between. */
function integers(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min, max }),
    fc.integer({ min: Math.max(min, -20), max: 20 }),
    fc.constantFrom(min, min + 1, 0, 1, max - 1, max),
  );
}

function bigints(min: bigint, max: bigint): fc.Arbitrary<bigint> {
  return fc.oneof(
    fc.bigInt({ min, max }),
    fc.bigInt({ min: min < 0n ? -20n : 0n, max: 20n }),
    fc.constantFrom(min, min + 1n, 0n, 2n ** 53n, 2n ** 53n + 1n, max - 1n, max),
  );
}

/** A number, sent as it is, as a bigint or as its text. */
function numberOf(key: Key): fc.Arbitrary<Sample> {
  return fc.constantFrom(key, BigInt(key), String(key)).map((sent) => ({ sent, read: key }));
}

function integerType(sql: string, min: number, max: number): OrderedType {
  const keys = integers(min, max);
  return { sql, keys, samples: keys.chain(numberOf), sampleOf: same };
}

const int4: OrderedType = {
  ...integerType("int4", -(2 ** 31), 2 ** 31 - 1),
  next: increment,
  last: 2 ** 31 - 1,
};

const int8Keys = bigints(-(2n ** 63n), 2n ** 63n - 1n);
const int8: OrderedType = {
  sql: "int8",
  keys: int8Keys,
  samples: fc.oneof(
    int8Keys.chain(numberOf),
    fc.maxSafeInteger().map((sent) => ({ sent: sent || 0, read: BigInt(sent) })),
  ),
  sampleOf: same,
  next: increment,
  last: 2n ** 63n - 1n,
};

/** Digits times a power of ten, as numeric prints it. */
function decimal(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const sign = digits < 0n ? "-" : "";
  if (scale === 0) return sign + text;
  return `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

const KEY_SCALE = 6;

/** Of six decimal places; NaN, which is over all others, has the key Infinity. */
const numericKeys: fc.Arbitrary<Key> = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }) },
  { weight: 8, arbitrary: fc.bigInt({ min: -100n, max: 100n }).map((n) => n * 500_000n) },
  { weight: 1, arbitrary: fc.constant(Infinity) },
);

const decimals: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(45)),
  fc.tuple(fc.bigInt({ min: -99_999n, max: 99_999n }), fc.nat(9)),
  // Groups of four digits that are zero, in front, behind and between.
  fc.tuple(
    fc.array(fc.constantFrom("0000", "0001", "1000", "9999"), { minLength: 1, maxLength: 8 })
      .map((groups) => BigInt(groups.join(""))),
    fc.nat(30),
  ),
  fc.tuple(fc.constantFrom(0n, 1n, -1n), fc.constantFrom(0, 1, 4, 5, 1000, 16_383)),
).map(([digits, scale]) => decimal(digits, scale));

function numericTypeOf(version: number): OrderedType {
  const infinities = version < 14 ? [] : ["Infinity", "-Infinity"];
  const specials = [
    "NaN",
    ...infinities,
    "1" + "0".repeat(131_071),
    "9".repeat(5000),
    `-0.${"0".repeat(500)}1`,
  ];
  return {
    sql: "numeric",
    samples: fc.oneof(
      { weight: 10, arbitrary: decimals.map(same) },
      { weight: 1, arbitrary: fc.constantFrom(...specials).map(same) },
      {
        weight: 2,
        arbitrary: fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n })
          .map((sent) => ({ sent, read: String(sent) })),
      },
      {
        weight: 2,
        arbitrary: fc.maxSafeInteger().map((sent) => ({ sent, read: String(sent || 0) })),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.nat(40))
          .map(([digits, power]) => ({
            sent: `${digits}e${power}`,
            read: `${digits}${"0".repeat(power)}`,
          })),
      },
      { weight: 1, arbitrary: fc.constantFrom("-0", "-0.0", -0).map(negativeZero) },
    ),
    keys: numericKeys,
    sampleOf: (key) => same(key === Infinity ? "NaN" : decimal(BigInt(key), KEY_SCALE)),
  };
}

/** numeric has none. */
function negativeZero(sent: string | number): Sample {
  return { sent, read: sent === "-0.0" ? "0.0" : "0" };
}

const doubles: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(
    ...[0, -0, NaN, Infinity, -Infinity, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE],
    ...[0.1, 0.1 + 0.2, 2 ** 53, 1e15, 1e16, 1e21, 1e22, 1e23, 1e-5, 1e-7, 2.2250738585072014e-308],
  ),
);

/** Any double, the extremes more often than by chance. */
export const anyDouble: fc.Arbitrary<number> = doubles;

/** float8, where NaN is over all others and the zeros are equal. */
const float8: OrderedType = {
  sql: "float8",
  keys: doubles,
  samples: doubles.map(same),
  sampleOf: same,
  compare(a, b) {
    if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
    if (Number.isNaN(b)) return -1;
    return a < b ? -1 : Number(a > b);
  },
};

/** A number of 32 bits, sent with all the digits of its double and read with its own. */
function float4Sample(sent: number): Sample {
  for (let digits = 1; digits <= 9; digits++) {
    const read = Number(sent.toPrecision(digits));
    if (!Object.is(Math.fround(read), sent) || isMidway(sent, read)) continue;
    // Between two of so many digits JavaScript takes the greater, PostgreSQL the even one.
    const more = sent.toPrecision(digits + 1);
    const isTie = /5(?:e|$)/.test(more) && Number(more) === sent && read !== sent;
    return isTie ? { sent } : { sent, read };
  }
  return same(sent);
}

/** PostgreSQL prints no number that lies just between two (f2s.c, without acceptBounds). */
function isMidway(float: number, read: number): boolean {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, float);
  const pattern = bits.getUint32(0);
  return [pattern - 1, pattern + 1].some((neighbour) => {
    bits.setUint32(0, neighbour);
    return (bits.getFloat32(0) + float) / 2 === read && read !== float;
  });
}

const bool: OrderedType = {
  sql: "bool",
  keys: fc.integer({ min: 0, max: 1 }),
  samples: fc.boolean().map(same),
  sampleOf: (key) => same(key === 1),
};

/** The types whose values are numbers or booleans. */
export function numberTypes({ version }: { readonly version: number }): PropertyType[] {
  const ids = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  return [
    ...orderedNumbers({ version }),
    bool,
    { sql: "float4", samples: fc.oneof(fc.float(), doubles.map(inFloat4)).map(float4Sample) },
    integerType("oid", 0, 2 ** 32 - 1),
    { sql: "xid", samples: ids.map(same) },
    { sql: "cid", samples: ids.map(same) },
    { sql: "xid8", samples: bigints(0n, 2n ** 64n - 1n).map(same) },
    { sql: "int2vector", samples: vectors(integers(-32_768, 32_767)), takesArrays: true },
    { sql: "oidvector", samples: vectors(integers(0, 2 ** 32 - 1)), takesArrays: true },
    { sql: "money", samples: bigints(-(2n ** 63n), 2n ** 63n - 1n).map(dollars).map(same) },
  ];
}

/** Those that ranges can be over. */
export function orderedNumbers({ version }: { readonly version: number }): OrderedType[] {
  return [int4, int8, numericTypeOf(version), float8, integerType("int2", -32_768, 32_767)];
}

/** The nearest that is neither too large nor too small. */
function inFloat4(value: number): number {
  const rounded = Math.fround(value);
  const lost = value !== 0 && Number.isFinite(value) &&
    (rounded === 0 || !Number.isFinite(rounded));
  return lost ? 0 : rounded;
}

function vectors(elements: fc.Arbitrary<number>): fc.Arbitrary<Sample> {
  return fc.array(elements, { maxLength: 5 }).map(same);
}

/** As `lc_monetary = C` prints cents. */
function dollars(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, ",");
  return `${cents < 0n ? "-" : ""}$${whole}.${digits.slice(-2)}`;
}
