/**
 * The reg types, OIDs that PostgreSQL prints as names: regclass, regtype, regproc and the like.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { readText } from "../text/text.ts";
import { uint32Codec } from "../number/uint32.ts";

const NAMES = [
  "regproc",
  "regprocedure",
  "regoper",
  "regoperator",
  "regclass",
  "regtype",
  "regconfig",
  "regdictionary",
  "regnamespace",
  "regrole",
  "regcollation",
] as const;

/**
 * A reg type: a string, the name as PostgreSQL prints it, `-` for none.
 *
 * Only the text has the name, so the type is asked for in text. The bytes hold an OID: out of a
 * binary cursor the string is its digits, which every reg type takes for the same object. A name
 * is printed for the `search_path` of the moment, and that of an overloaded function or operator
 * (regproc, regoper) PostgreSQL does not take back: regprocedure and regoperator have no such names.
 *
 * Takes names as strings, and OIDs as numbers or bigints.
 */
export function regCodec(name: string): Codec<string> {
  const oid = uint32Codec(name);
  return {
    name,
    prefersText: true,
    decodeText: readText,
    decodeBinary: (source: FieldSource, start: number, end: number): string =>
      String(oid.decodeBinary(source, start, end)),
    encodeText: (value: unknown): string => oid.encodeText(value),
    encodeBinary: (value: unknown, writer: ByteWriter): void => oid.encodeBinary(value, writer),
  };
}

/** The codecs of all reg types, by name. */
export function regCodecs(): Readonly<Record<string, Codec>> {
  return Object.fromEntries(NAMES.map((name) => [name, regCodec(name)]));
}
