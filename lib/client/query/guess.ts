/**
 * Which values may be sent before the server has said what type their parameters have.
 *
 * The first run of a query takes one round trip instead of two when every value is sent as
 * its text and the server would take that for the same value whatever type it infers. What it
 * might take for another waits for its word: a string that is JSON (for a json parameter a
 * string is a JSON string) or too long for a name, negative numbers (an oid has none),
 * fractions (money may have a decimal comma), dates (text would keep them as written), bytes,
 * arrays, objects. What the server refuses is sent again by its type, as if it had been
 * described first. So the server may take on a first run what rill refuses from then on, as an
 * integer for an interval.
 *
 * @module
 */

import { TypedValue } from "../../value/registry/typed_value.ts";
import { saidTypeOid } from "../types/statement_types.ts";
import type { StatementTypes } from "../types/statement_types.ts";

/** True when the values mean the same under whatever type the server infers. */
export function isGuessable(values: readonly unknown[], types: StatementTypes): boolean {
  return values.every((value) => {
    const oid = saidTypeOid(value);
    if (oid !== 0) return types.server.registry.has(oid);
    return !(value instanceof TypedValue) && meansTheSame(value);
  });
}

/** True when the values have types that are said, or none: then the server has nothing to refuse. */
export function isSaid(values: readonly unknown[]): boolean {
  return values.every((value) => value === null || saidTypeOid(value) !== 0);
}

function meansTheSame(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return fitsName(value) && !NOT_ITS_TEXT.test(value);
    case "number":
      return Number.isSafeInteger(value) && isNotNegative(value);
    case "bigint":
      return value >= 0n && value <= MAX_EXACT_FLOAT;
    case "boolean":
    case "undefined": // NULL, or refused.
      return true;
    default:
      return value === null;
  }
}

/** False for -0 as well. */
function isNotNegative(value: number): boolean {
  return value > 0 || Object.is(value, 0);
}

/** True for texts of at most 63 bytes: a `name` is cut behind them. */
function fitsName(text: string): boolean {
  return text.length <= 21 || (text.length <= 63 && /^[ -~]*$/.test(text));
}

/** A float8 holds all integers up to here. */
const MAX_EXACT_FLOAT = 2n ** 53n;

/**
 * What looks like JSON, holds a NUL or half a character, which only JSON can say, or is the
 * text of a byte over 0x7f for "char", which servers before 16 do not take. Too much is no
 * harm: it only waits.
 */
const NOT_ITS_TEXT = /^\s*(?:[{["]|-?\d|(?:true|false|null)\s*$)|[\0\p{Surrogate}]|^\\[0-7]{3}$/u;
