/**
 * Records of no named type, as `select row(1, 'a')` gives them.
 */

import type { Codec, Decode, FieldSource } from "../codec.ts";
import { unfit } from "../codec_error.ts";
import { readRecordBinary } from "./composite_binary.ts";
import { formatRecord, readRecord } from "./composite_text.ts";
import { printing } from "../printing.ts";
import { checkText, readText } from "../text/text.ts";

/** Gives the codec whose text form is the server's own. */
export type ExactCodecs = (typeOid: number) => Codec;

/**
 * The codec of records: an array of strings, each PostgreSQL's text of an attribute, and nulls.
 * A record inside is a string too, in record syntax.
 *
 * The text has no types, so there is nothing more to be had; it is asked for, and out of a
 * binary cursor the strings are made to be the same: times in UTC, and what cannot be told
 * (an attribute of a type that rill does not know by itself) is its bytes in hex, `\x00ff`. Only
 * `row()`, which in text is the same as `row(null)`, is empty there.
 *
 * Takes such arrays, but the server takes no record for a parameter.
 */
export function recordCodec(exactCodecs: ExactCodecs): Codec<(string | null)[]> {
  const printers = new Map<number, Decode<string>>();
  const printer = (oid: number): Decode<string> => {
    let print = printers.get(oid);
    if (print === undefined) printers.set(oid, print = printing(exactCodecs(oid)));
    return print;
  };
  return {
    name: "record",
    prefersText: true,
    takesArrays: true,
    decodeText(source: FieldSource, start: number, end: number): (string | null)[] {
      const options = { typeName: "record", decoderAt: () => readText };
      return readRecord(source, [start, end], options) as (string | null)[];
    },
    decodeBinary(source: FieldSource, start: number, end: number): (string | null)[] {
      return readRecordBinary(source, [start, end], {
        typeName: "record",
        hasCount: () => true,
        decoderOf: (_place, oid) => printer(oid),
      }) as (string | null)[];
    },
    encodeText: (value: unknown): string => formatRecord(takeTexts(value)),
  };
}

function takeTexts(value: unknown): (string | null)[] {
  if (!Array.isArray(value)) throw unfit("record", value, "an array of strings and nulls");
  return Array.from(value, (item: unknown) => {
    if (item === null) return null;
    if (typeof item !== "string") throw unfit("record", item, "a string or null in it");
    return checkText("record", item);
  });
}
