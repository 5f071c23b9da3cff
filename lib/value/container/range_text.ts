/**
 * The text form of ranges (rangetypes.c, range_parse and range_deparse): `empty`, `[1,5)`,
 * `("a b",)`. A side without bound is empty and has a round bracket; the empty string is `""`.
 */

import type { Decode } from "../codec.ts";
import { type QuotedReader, quoteItem } from "./quoted_text.ts";
import type { Range, RangeBounds, RangeSpan } from "./range_value.ts";

/** What the server quotes a bound for. */
const SPECIAL = /["\\()[\],\t\n\v\f\r ]/;

/** Reads one range from where the reader stands; `decode` reads a bound's own text. */
export function readRange(reader: QuotedReader, decode: Decode): Range<unknown> {
  if (reader.accept("empty")) return "empty";
  const open = readBracket(reader, "[", "(");
  const lower = reader.readItem(decode);
  reader.expect(",");
  const upper = reader.readItem(decode);
  const close = readBracket(reader, "]", ")");
  return { lower, upper, bounds: `${open}${close}` as RangeBounds };
}

function readBracket(reader: QuotedReader, square: string, round: string): string {
  if (reader.accept(square)) return square;
  reader.expect(round);
  return round;
}

/** The text of a range as the server writes it; `format` gives a bound's own. */
export function formatRange(
  { lower, upper, bounds }: RangeSpan,
  format: (bound: unknown) => string,
): string {
  const [open, close] = bounds;
  const from = lower === null ? "" : quoteItem(format(lower), SPECIAL);
  const to = upper === null ? "" : quoteItem(format(upper), SPECIAL);
  return `${lower === null ? "(" : open}${from},${to}${upper === null ? ")" : close}`;
}
