/**
 * Pieces of SQL: text with values in between, which may hold pieces again.
 *
 * @module
 */

import { quoteIdentifier } from "../value/literal/literal.ts";

/** The texts, and what stands between them. */
export interface FragmentParts {
  /** One more than there are values. */
  readonly strings: readonly string[];
  /** Parameters, or pieces of SQL again. */
  readonly values: readonly unknown[];
  /** Of a text that has its own `$1`, `$2`, …: their values. */
  readonly numbered?: readonly unknown[];
}

/** Anything that can stand inside of a template as SQL, not as a value. A query is one too. */
export class Fragment {
  /** What it is made of, not written out yet. */
  readonly parts: FragmentParts;

  /** Made by `sql`, not by users. */
  constructor(parts: FragmentParts) {
    this.parts = parts;
  }
}

/** The text that is sent, and the values of its parameters. */
export interface RenderedSql {
  /** With `$1`, `$2`, … in the places of the values. */
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A name, or a path of names, quoted when it is written out: `"shop"."order"`. */
export function identifier(...names: string[]): Fragment {
  return new Fragment({ strings: [names.map(quoteIdentifier).join(".")], values: [] });
}

/**
 * Writes a piece of SQL out: its values become parameters.
 *
 * @throws {TypeError} when a piece inside of it numbers its parameters itself
 */
export function render(parts: FragmentParts): RenderedSql {
  if (parts.numbered?.length) return { text: parts.strings[0], values: parts.numbered };
  const values: unknown[] = [];
  return { text: write(parts, values), values };
}

function write({ strings, values, numbered }: FragmentParts, parameters: unknown[]): string {
  if (numbered?.length) {
    throw new TypeError("Cannot use a text with its own $1 as a fragment: its numbers would clash");
  }
  let text = strings[0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    text += value instanceof Fragment
      ? write(value.parts, parameters)
      : `$${parameters.push(value)}`;
    text += strings[i + 1];
  }
  return text;
}
