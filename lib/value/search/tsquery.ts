/**
 * tsquery as a string.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { LexemeReader } from "./lexeme_reader.ts";
import { printedCodec } from "../printed_codec.ts";

// ts_type.h: what an item is, and which operator.
const VALUE = 1;
const OPERATOR = 2;
const NOT = 1;
const AND = 2;
const OR = 3;
const PHRASE = 4;

/** How tightly an operator binds; a lexeme needs no parentheses anywhere. */
const PRIORITIES: Readonly<Record<number, number>> = { [OR]: 1, [AND]: 2, [PHRASE]: 3, [NOT]: 4 };
const LEXEME_PRIORITY = 5;

/** The letters of the bits of a weight, in the order they are printed. */
const WEIGHTS = [[8, "A"], [4, "B"], [2, "C"], [1, "D"]] as const;

/** tsquery: a string as PostgreSQL prints it, `'fat' & !'rat':*A`. Takes strings alone. */
export const tsqueryCodec: Codec<string> = /* @__PURE__ */ printedCodec("tsquery", decodeBinary);

/** A part of the query as text, and what decides about parentheses around it. */
interface Part {
  readonly text: string;
  readonly priority: number;
  /** 0: no operator. */
  readonly operator: number;
}

interface Operator {
  readonly operator: number;
  readonly distance: number;
}

/** A count, and the items, each operator before its operands (tsquery.c, tsquerysend). */
function decodeBinary(source: FieldSource, start: number, end: number): string {
  const reader = new LexemeReader("tsquery", source, [start, end]);
  const items: (Part | Operator)[] = [];
  for (let left = reader.count(); left > 0; left--) items.push(readItem(reader));
  reader.finish();
  if (items.length === 0) return "";

  // From the end on, the operands stand before their operator, the left one below the right
  // one: no recursion, as a query may be as deep as it is long.
  const parts: Part[] = [];
  for (let item = items.pop(); item !== undefined; item = items.pop()) {
    parts.push("text" in item ? item : apply(item, parts, reader));
  }
  if (parts.length !== 1) throw reader.fault("an operator is missing");
  return parts[0].text;
}

function readItem(reader: LexemeReader): Part | Operator {
  const kind = reader.int8();
  if (kind === VALUE) return readLexeme(reader);
  if (kind !== OPERATOR) throw reader.fault(`an item of type ${kind}`);
  const operator = reader.int8();
  if (!Object.hasOwn(PRIORITIES, operator)) throw reader.fault(`operator ${operator} is unknown`);
  return { operator, distance: operator === PHRASE ? reader.uint16() : 0 };
}

function readLexeme(reader: LexemeReader): Part {
  const weight = reader.int8();
  const prefix = reader.int8() === 0 ? "" : "*";
  const lexeme = reader.lexeme();
  const letters = WEIGHTS.map(([bit, letter]) => weight & bit ? letter : "").join("");
  const flags = prefix + letters;
  const text = flags === "" ? lexeme : `${lexeme}:${flags}`;
  return { text, priority: LEXEME_PRIORITY, operator: 0 };
}

/** Takes the operands from the end of `parts`; parentheses as in tsquery.c, infix. */
function apply({ operator, distance }: Operator, parts: Part[], reader: LexemeReader): Part {
  const priority = PRIORITIES[operator];
  const right = parts.pop();
  if (right === undefined) throw reader.fault("an operand is missing");
  if (operator === NOT) return { text: `!${wrap(right, priority)}`, priority, operator };
  const left = parts.pop();
  if (left === undefined) throw reader.fault("an operand is missing");
  // Distances do not add up the same from the right, so that one phrase in another is marked.
  const inPhrase = operator === PHRASE && right.operator === PHRASE;
  const rightText = wrap(right, inPhrase ? LEXEME_PRIORITY : priority);
  return {
    text: `${wrap(left, priority)} ${sign(operator, distance)} ${rightText}`,
    priority,
    operator,
  };
}

function wrap({ text, priority }: Part, outer: number): string {
  return priority < outer ? `( ${text} )` : text;
}

function sign(operator: number, distance: number): string {
  if (operator === AND) return "&";
  if (operator === OR) return "|";
  return distance === 1 ? "<->" : `<${distance}>`;
}
