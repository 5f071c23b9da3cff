/** Random strings that are hard on quoting, and the types whose values are texts. */

import fc from "fast-check";
import { type OrderedType, type PropertyType, same } from "./sample.ts";

const PIECES = [
  ..."'\"\\{}()[],;:=<>!&|*%$ \t\n\r/-+.0a",
  "''",
  '""',
  "\\\\",
  "\\x",
  "\\000",
  "NULL",
  "null",
  "nan",
  "infinity",
  "empty",
  "$1",
  "::",
  "--",
  "/*",
  "é",
  "ß",
  "\u0301",
  "\ufeff",
  "\u00a0",
  "\u2028",
  "漢",
  "\u{1f600}",
  "\u{10ffff}",
  "\u0001",
  "\u007f",
];

/** Text that PostgreSQL can hold: no zero byte, no half of a surrogate pair. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map(joined) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map(withoutZeros) },
  { weight: 2, arbitrary: fc.constantFrom("", "NULL", "null", '""', "{}", "()", "empty", " ") },
  { weight: 1, arbitrary: fc.string({ minLength: 60, maxLength: 200 }) },
);

/** Of at most 63 bytes, as names and labels are. */
export const shortText: fc.Arbitrary<string> = anyText.map((text) => cut(text, 63));

function joined(pieces: readonly string[]): string {
  return pieces.join("");
}

function withoutZeros(text: string): string {
  return text.replaceAll("\0", "");
}

/** The longest beginning of whole characters that has so many bytes. */
export function cut(text: string, bytes: number): string {
  const encoder = new TextEncoder();
  let kept = "";
  let left = bytes;
  for (const character of text) {
    left -= encoder.encode(character).length;
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

/** text, in the order of the collation "C": by bytes, which is by code points. */
export const text: OrderedType = {
  sql: "text",
  samples: anyText.map(same),
  keys: anyText,
  sampleOf: same,
  compare: (a, b) => comparePoints(Array.from(`${a}`), Array.from(`${b}`)),
};

function comparePoints(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((character, i) => character !== b[i]);
  if (at < 0) return a.length - b.length;
  return at < b.length ? a[at].codePointAt(0)! - b[at].codePointAt(0)! : 1;
}

const hexDigits = (count: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: count,
    maxLength: count,
  });

/** uuid, lower case as it is read. */
export const uuid: OrderedType = {
  sql: "uuid",
  get samples() {
    return fc.oneof(
      this.keys.map(same),
      this.keys.map((read) => ({ sent: `${read}`.toUpperCase(), read })),
    );
  },
  keys: fc.oneof(hexDigits(32), fc.constantFrom("0".repeat(32), "f".repeat(32))).map((digits) =>
    digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
  ),
  sampleOf: same,
};

/** The types of the text family, and those that are texts or bytes in JavaScript. */
export function textTypes({ version }: { readonly version: number }): PropertyType[] {
  // Before 15 a byte over 127 is printed as it is, which is no text in UTF-8.
  const charCodes = fc.integer({ min: 0, max: version < 15 ? 127 : 255 });
  return [
    text,
    uuid,
    { sql: "varchar", samples: anyText.map(same) },
    { sql: "varchar(63)", samples: shortText.map(same) },
    { sql: "bpchar", samples: anyText.map(same) },
    {
      sql: "bpchar(80)",
      samples: shortText.map((sent) => {
        const length = Array.from(sent).length;
        return { sent, read: sent + " ".repeat(80 - length) };
      }),
    },
    { sql: "name", samples: shortText.map(same) },
    { sql: "refcursor", samples: anyText.map(same) },
    { sql: '"char"', samples: charCodes.map(printByte).map(same) },
    {
      sql: "bytea",
      samples: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(Uint8Array.from({ length: 256 }, (_, i) => i), new Uint8Array()),
      ).map(same),
    },
  ];
}

function printByte(code: number): string {
  if (code === 0) return "";
  return code < 128 ? String.fromCharCode(code) : `\\${code.toString(8)}`;
}
