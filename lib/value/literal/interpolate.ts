/**
 * Puts values into a query in place of `$1`, `$2`, …: parameters for protocol 2.0.
 *
 * @module
 */

import { literalOfText, type LiteralOptions } from "./literal.ts";
import { findPlaceholders } from "./placeholders.ts";

/** What takes the place of a placeholder. */
export interface PlacedValue {
  /** The text form; null is NULL. */
  readonly text: string | null;
  /** The type's name, quoted where it must be; absent: the server infers it. */
  readonly typeName?: string;
}

/**
 * The query with each `$n` replaced by the n-th value as a literal.
 *
 * Each stands in parentheses, which mean nothing to the server but keep it apart:
 * `$1[1]` stays a subscript, `'a'` and `$1` on the next line do not become one
 * string, and no operator or prefix in front (`-`, `U&`) joins with it.
 *
 * @throws {RangeError} when there is no value for a placeholder
 * @throws {TypeError} when a value has no placeholder
 */
export function interpolate(
  query: string,
  values: readonly PlacedValue[],
  options: LiteralOptions = {},
): string {
  const used = new Set<number>();
  let text = "";
  let end = 0;
  for (const placeholder of findPlaceholders(query, options)) {
    const { index } = placeholder;
    if (index < 1 || index > values.length) {
      throw new RangeError(`Cannot place $${index}: ${values.length} values were given`);
    }
    used.add(index);
    text += `${query.slice(end, placeholder.start)}(${placed(values[index - 1], options)})`;
    end = placeholder.end;
  }
  for (let index = 1; index <= values.length; index++) {
    if (!used.has(index)) {
      throw new TypeError(`Cannot place value ${index}: the query has no $${index}`);
    }
  }
  return text + query.slice(end);
}

function placed({ text, typeName }: PlacedValue, options: LiteralOptions): string {
  const written = literalOfText(text, options);
  return typeName === undefined ? written : `${written}::${typeName}`;
}
