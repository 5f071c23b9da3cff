/**
 * tsvector as a string.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { LexemeReader } from "./lexeme_reader.ts";
import { printedCodec } from "../printed_codec.ts";

/** By the two bits above a position; D is not printed. */
const WEIGHTS = ["", "C", "B", "A"];
const POSITION_BITS = 14;

/** tsvector: a string as PostgreSQL prints it, `'fat':2A 'rat':3,5`. Takes strings alone. */
export const tsvectorCodec: Codec<string> = /* @__PURE__ */ printedCodec("tsvector", decodeBinary);

/** A count, and each lexeme with its positions (tsvector.c, tsvectorsend). */
function decodeBinary(source: FieldSource, start: number, end: number): string {
  const reader = new LexemeReader("tsvector", source, [start, end]);
  const words: string[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const lexeme = reader.lexeme();
    const positions = readPositions(reader);
    words.push(positions.length === 0 ? lexeme : `${lexeme}:${positions.join(",")}`);
  }
  reader.finish();
  return words.join(" ");
}

function readPositions(reader: LexemeReader): string[] {
  const positions: string[] = [];
  for (let left = reader.uint16(); left > 0; left--) {
    const bits = reader.uint16();
    const position = bits & ((1 << POSITION_BITS) - 1);
    positions.push(`${position}${WEIGHTS[bits >> POSITION_BITS]}`);
  }
  return positions;
}
