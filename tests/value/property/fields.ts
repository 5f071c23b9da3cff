/** Fields of random bytes and texts, and decoders that must keep to their field. */

import fc from "fast-check";
import { ByteWriter } from "../../../lib/bytes/byte_writer.ts";
import { ProtocolError } from "../../../lib/errors.ts";
import type { Codec, Decode } from "../../../lib/value/codec.ts";
import { ByteSource } from "../../../lib/value/field_source.ts";
import { fitsBinary, textForm } from "../../../lib/value/text_form.ts";
import { describe } from "./sample.ts";

/** Bytes before and after a field, and which: none, no text, and what could go on with one. */
const SURROUNDINGS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [3, 64, 0xff],
  [1, 64, 0x39],
];

/**
 * What a decoder makes of a field: its value's description or the text of its ProtocolError,
 * whatever stands around.
 *
 * @throws {Error} when it throws anything else, or what stands around makes a difference
 */
export function outcome(decode: Decode, field: Uint8Array): string {
  const outcomes = SURROUNDINGS.map(([before, after, filler]) => {
    const bytes = new Uint8Array(before + field.length + after).fill(filler);
    bytes.set(field, before);
    return attempt(decode, bytes, [before, before + field.length]);
  });
  const other = outcomes.find((one) => one !== outcomes[0]);
  if (other === undefined) return outcomes[0];
  throw new Error(
    `what stands around the field makes it\n  ${other}\ninstead of\n  ${outcomes[0]}`,
  );
}

function attempt(
  decode: Decode,
  bytes: Uint8Array,
  [start, end]: readonly [number, number],
): string {
  try {
    return describe(decode(new ByteSource(bytes), start, end));
  } catch (error) {
    if (error instanceof ProtocolError) return `${error}`;
    throw new Error(`what was thrown is no ProtocolError: ${error}`, { cause: error });
  }
}

/** The binary form; undefined where there is none of this value. */
export function bytesOf(codec: Codec, value: unknown): Uint8Array | undefined {
  if (!fitsBinary(codec, value)) return undefined;
  const writer = new ByteWriter(1);
  codec.encodeBinary!(value, writer);
  return writer.take();
}

/** The text form. */
export function textOf(codec: Codec, value: unknown): Uint8Array {
  return new TextEncoder().encode(textForm(codec, value));
}

function int32(value: number): number[] {
  return [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
}

const COUNTS = [-1, 0, 0, 0, 1, 1, 2, 3, 4, 8, 12, 0x7fff_ffff, -0x8000_0000, 0x0100_0000];

/** Bytes as binary forms are made of: counts, lengths, these OIDs, and anything. */
export function randomBytes(oids: readonly number[]): fc.Arbitrary<Uint8Array> {
  const word = fc.oneof(
    fc.constantFrom(...COUNTS, ...oids, ...oids).map(int32),
    fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 128, 255).map((byte) => [byte]),
    fc.array(fc.nat(255), { maxLength: 12 }),
    fc.constantFrom(4, 8, 16).map((count) => new Array<number>(count).fill(0)),
  );
  return fc.array(word, { maxLength: 12 }).map((words) => Uint8Array.from(words.flat()));
}

const TOKENS = [
  ..."{}[]()\"\\,;:=<>'.-+/* \tT0123456789aexyPDZ",
  ..."NULL|null|NaN|Infinity|-infinity|empty|true|\\x|\\000|\\\\|[1:2]=|[0:0]=|BC|1e9|00:00:00"
    .split("|"),
  ..."2000-01-01|9999999999|1 year|-5 mons|P1Y|::|::ffff:|é|\u{1f600}|\u0000|(1,2)|[1,2)".split(
    "|",
  ),
];

/** Text as text forms are made of; not all of it well-formed UTF-8. */
export const randomText: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }).map(encode) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }) },
);

function encode(tokens: readonly string[]): Uint8Array {
  return new TextEncoder().encode(tokens.join(""));
}

/** A change to a field that was good. */
const changes = fc.tuple(
  fc.constantFrom("cut", "set", "insert", "remove", "word", "repeat"),
  fc.nat(),
  fc.nat(255),
  fc.constantFrom(...COUNTS),
);

/** Good fields with one to three things wrong. */
export function damaged(fields: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fields, fc.array(changes, { minLength: 1, maxLength: 3 })).map(
    ([field, list]) => list.reduce(change, Array.from(field)),
  ).map((bytes) => Uint8Array.from(bytes));
}

function change(
  bytes: number[],
  [kind, where, byte, count]: typeof changes extends fc.Arbitrary<infer T> ? T : never,
): number[] {
  if (bytes.length === 0) return [byte];
  const at = where % bytes.length;
  if (kind === "cut") return bytes.slice(0, at);
  if (kind === "set") return bytes.with(at, byte);
  if (kind === "insert") return bytes.toSpliced(at, 0, byte);
  if (kind === "remove") return bytes.toSpliced(at, 1 + byte % 4);
  if (kind === "repeat") return [...bytes, ...bytes.slice(at)];
  return bytes.toSpliced(at - at % 4, 4, ...int32(count));
}
