/**
 * Pieces of SQL: text with values in between, which may hold pieces again.
 *
 * @module
 */

import { quoteIdentifier } from "../value/literal/literal.ts";
import { PlaceFinder } from "./place_finder.ts";
import type { Place } from "./place_finder.ts";

/** The texts, and what stands between them. */
export interface FragmentParts {
  /** One more than there are values. */
  readonly strings: readonly string[];
  /** Parameters, or pieces of SQL again. */
  readonly values: readonly unknown[];
  /** Of a text that has its own `$1`, `$2`, …: their values. */
  readonly numbered?: readonly unknown[];
  /** @internal Of a piece that depends on where it stands: what it is there. */
  readonly placed?: PlacedParts;
}

type PlacedParts = (place: Place, columnName: ColumnName | undefined) => FragmentParts;

/** The name of a column on the server, by that in JavaScript. */
export type ColumnName = (name: string) => string;

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
  /** In the order of their numbers. */
  readonly values: readonly unknown[];
}

/** A name, or a path of names, quoted when it is written out: `"shop"."order"`. */
export function identifier(...names: string[]): Fragment {
  return new Fragment({ strings: [names.map(quoteIdentifier).join(".")], values: [] });
}

/** How pieces of SQL are written out. */
export interface RenderOptions {
  /** Names the columns of objects and lists; a name that `identifier` made is left as it is. */
  readonly columnName?: ColumnName;
}

/**
 * Writes a piece of SQL out: its values become parameters.
 *
 * @throws {TypeError} when a piece inside of it numbers its parameters itself, or cannot stand
 * where it does
 * @throws {RangeError} when there are more parameters than a Bind message can have
 */
export function render(parts: FragmentParts, options?: RenderOptions): RenderedSql {
  if (parts.numbered?.length) return { text: parts.strings[0], values: parts.numbered };
  const values: unknown[] = [];
  const statement = { values, options, placeFinder: undefined, done: "" };
  const rest = write("", parts, statement);
  return { text: statement.done + rest, values };
}

/** A statement that is being written. */
interface Statement {
  readonly values: unknown[];
  readonly options: RenderOptions | undefined;
  /** Made when it is first asked: most statements have nothing that depends on its place. */
  placeFinder: PlaceFinder | undefined;
  /** What the place finder has read, so that it reads nothing twice. */
  done: string;
}

/** Writes parts behind a text that is not done yet, and gives both as one. */
function write(before: string, parts: FragmentParts, statement: Statement): string {
  if (parts.placed) return writePlaced(before, parts.placed, statement);
  if (parts.numbered?.length) {
    throw new TypeError("Cannot use a text with its own $1 as a fragment: its numbers would clash");
  }
  const { strings, values } = parts;
  let text = before + strings[0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    text = value instanceof Fragment
      ? write(text, value.parts, statement)
      : `${text}$${addParameter(value, statement.values)}`;
    text += strings[i + 1];
  }
  return text;
}

function writePlaced(before: string, placed: PlacedParts, statement: Statement): string {
  const finder = statement.placeFinder ??= new PlaceFinder();
  finder.read(before);
  statement.done += before;
  return write("", placed(finder.place, statement.options?.columnName), statement);
}

/** As many as the 16 bits of their number in Bind can count. */
const MAX_PARAMETERS = 65535;

/** Gives its number. */
function addParameter(value: unknown, parameters: unknown[]): number {
  if (parameters.length < MAX_PARAMETERS) return parameters.push(value);
  throw new RangeError(
    `Cannot send more than ${MAX_PARAMETERS} parameters: a Bind message counts no further, ` +
      "expected fewer rows at a time, or one array for each column and unnest()",
  );
}
