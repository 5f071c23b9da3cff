/**
 * The text form of records (rowtypes.c, record_out): `(1,"a b",)`. NULL is nothing at all, the
 * empty string `""`.
 */

import type { Decode, FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";
import { QuotedReader, quoteItem } from "./quoted_text.ts";

/** What the server quotes an attribute for. */
const SPECIAL = /["\\(),\t\n\v\f\r ]/;

/** What is known of the record before its text is read. */
export interface RecordTextOptions {
  readonly typeName: string;
  /** By the attribute's place: reads its own text; undefined: there are not so many. */
  decoderAt(place: number): Decode | undefined;
}

/** Reads the text of one record; undefined when it has more attributes than there are decoders. */
export function readRecord(
  source: FieldSource,
  field: readonly [number, number],
  { typeName, decoderAt }: RecordTextOptions,
): unknown[] | undefined {
  const [start, end] = field;
  if (end - start < 2) throw malformed(typeName, "its parentheses are missing");
  const reader = new QuotedReader(source, field, { typeName, brackets: false });
  const values: unknown[] = [];
  reader.expect("(");
  // `()` is also a record of one attribute that is NULL.
  const isBlank = decoderAt(0) === undefined && reader.accept(")");
  if (!isBlank) {
    do {
      const decode = decoderAt(values.length);
      if (decode === undefined) return undefined;
      values.push(reader.readItem(decode));
    } while (reader.accept(","));
    reader.expect(")");
  }
  reader.finish();
  return values;
}

/** The text of a record as the server writes it, from the texts of its attributes. */
export function formatRecord(texts: readonly (string | null)[]): string {
  return `(${texts.map((text) => text === null ? "" : quoteItem(text, SPECIAL)).join()})`;
}
