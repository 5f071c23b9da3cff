/** What holds for each codec by itself, without a server. */

import fc from "fast-check";
import type { Codec, Decode } from "../../../lib/value/codec.ts";
import { bytesOf, damaged, outcome, randomBytes, randomText, textOf } from "./fields.ts";
import { describe, isKnown, type PropertyType } from "./sample.ts";

/** A type to try. */
export interface Trial {
  /** Of the type, one for each choice of shapes; the first is the default. */
  readonly codecs: readonly Codec[];
  /** OIDs that stand in its binary form: of what it is made of. */
  readonly oids: readonly number[];
  /** Whose values the first codec reads; absent where none are at hand. */
  readonly type?: PropertyType;
  readonly seed: number;
}

const VALUES = 10;
const FIELDS = 30;

/** Values are the same out of the codec's own text and bytes. */
export function checkEncoding({ codecs: [codec], type, seed }: Trial): void {
  const { decodeBinary, decodeText } = codec;
  const check = fc.property(type!.samples, (sample) => {
    if (!isKnown(sample) || sample.read === null) return;
    const value = sample.read;
    expectSame(outcome(decodeText, textOf(codec, value)), describe(value), "text");
    const bytes = decodeBinary && bytesOf(codec, value);
    if (bytes) expectSame(outcome(decodeBinary, bytes), describe(value), "bytes");
  });
  fc.assert(check, { seed, numRuns: VALUES });
}

function expectSame(actual: string, expected: string, form: string): void {
  if (actual !== expected) throw new Error(`out of ${form} came\n  ${actual}\nnot\n  ${expected}`);
}

/** Whatever is in a field: a value or a ProtocolError, and the same in other surroundings. */
export function checkDecoding({ codecs, oids, type, seed }: Trial): void {
  const [codec] = codecs;
  const values = type?.samples.map(({ sent }) => sent).filter((sent) => sent !== null);
  const texts = values?.map((value) => textOf(codec, value));
  const bytes = values?.map((value) => bytesOf(codec, value) ?? new Uint8Array());
  checkDecoders(codecs.map(({ decodeText }) => decodeText), {
    seed,
    fields: texts ? fc.oneof(randomText, damaged(texts)) : randomText,
  });
  const random = randomBytes(oids);
  checkDecoders(codecs.flatMap(({ decodeBinary }) => decodeBinary ?? []), {
    seed,
    fields: bytes && codec.encodeBinary ? fc.oneof(random, damaged(bytes)) : random,
  });
}

function checkDecoders(
  decoders: readonly Decode[],
  { seed, fields }: { readonly seed: number; readonly fields: fc.Arbitrary<Uint8Array> },
): void {
  // Most choices are of no concern to most types.
  const distinct = new Set(decoders);
  const check = fc.property(fields, (field) => {
    for (const decode of distinct) outcome(decode, field);
  });
  fc.assert(check, { seed, numRuns: FIELDS });
}
