/**
 * Writes an object or a list as the clause that it stands in wants it.
 */

import { quoteIdentifier } from "../value/literal/literal.ts";
import type { Content, ContentKind } from "./content.ts";
import { Fragment } from "./fragment.ts";
import type { ColumnName, FragmentParts } from "./fragment.ts";
import { PartsBuilder } from "./parts_builder.ts";
import type { Place } from "./place_finder.ts";
import { isRow, rowsOfArrays, tableOfObjects } from "./row_table.ts";
import type { RowTable } from "./row_table.ts";

/** What is written, and how its columns are named. */
export interface PlacedContent {
  readonly content: Content;
  readonly columnName: ColumnName | undefined;
}

/** Where each can stand. */
const EXPECTED: Readonly<Record<ContentKind, string>> = {
  "an object": "behind INSERT INTO, VALUES, SET, SELECT or IN",
  "a list of objects": "behind INSERT INTO, VALUES or IN",
  "a list of arrays": "behind VALUES or IN",
  "a list of values":
    "behind VALUES or IN, or strings alone as names, behind SELECT or BY or in (…)",
  "an empty list": "an item at least; it may stand behind IN alone",
};

/**
 * The text and the parameters for a place.
 *
 * @throws {TypeError} when it cannot stand there, or something of it would be lost
 */
export function partsAt(place: Place, { content, columnName }: PlacedContent): FragmentParts {
  const quote = (name: string) => quoteIdentifier(columnName ? columnName(name) : name);
  switch (place.behind) {
    case "INSERT INTO":
      return insertion(content, quote);
    case "VALUES":
      return valuesRows(content, place);
    case "IN":
      return membership(content, place);
    case "SET":
      return assignments(content, quote);
    case "SELECT":
      if (content.kind === "an object") return selection(content, quote);
  }
  return names(content, quote);
}

type Quote = (column: string) => string;

/** `("a","b") values ($1,$2),($3,$4)` */
function insertion(content: Content, quote: Quote): PartsBuilder {
  const { items, named } = content;
  if (!isRow(items[0])) throw misfit(content);
  const { columns, rows } = tableOfObjects(items, named);
  return new PartsBuilder().text(`(${columns.map(quote).join(",")}) values `).rows(rows);
}

/** `($1,$2),($3,$4)`; in a parenthesis `$1,$2` */
function valuesRows(content: Content, { inside }: Place): PartsBuilder {
  const rows = rowsOf(content);
  if (!inside) return new PartsBuilder().rows(rows);
  if (rows.length === 1) return new PartsBuilder().cells(rows[0]);
  throw new TypeError(
    `Cannot place ${rows.length} rows: the parenthesis behind VALUES is for one, expected none`,
  );
}

function rowsOf(content: Content): RowTable["rows"] {
  const { kind, items, named } = content;
  switch (kind) {
    case "an empty list":
      throw misfit(content);
    case "a list of values":
      return [items];
    case "a list of arrays":
      return rowsOfArrays(items);
  }
  return tableOfObjects(items, named).rows;
}

/** `($1,$2)`, or `(($1,$2),($3,$4))`; in a parenthesis without the outer one */
function membership(content: Content, { inside, negated }: Place): PartsBuilder {
  const builder = new PartsBuilder();
  if (!inside) builder.text("(");
  if (content.kind === "an empty list") builder.text(noMember(negated));
  else addMembers(builder, membersOf(content));
  return inside ? builder : builder.text(")");
}

function addMembers(builder: PartsBuilder, rows: RowTable["rows"]): void {
  if (rows[0].length > 1) builder.rows(rows);
  else builder.cells(rows.map(([value]) => value));
}

function membersOf(content: Content): RowTable["rows"] {
  const { kind, items, named } = content;
  if (kind === "a list of values") return items.map((value) => [value]);
  if (kind === "a list of arrays" || named) return rowsOf(content);
  throw new TypeError(
    `Cannot place ${kind} behind IN: no column is named, expected it as in sql(users, "id")`,
  );
}

/** Nothing is in a list of NULL alone, but nothing is surely not in it either. */
function noMember(negated: boolean): string {
  if (!negated) return "null";
  throw new TypeError(
    "Cannot place an empty list behind NOT IN: NOT IN (NULL) is true of nothing, " +
      "expected an item at least, or <> all(array), which may be empty",
  );
}

/** `"a" = $1, "b" = $2` */
function assignments(content: Content, quote: Quote): PartsBuilder {
  const { columns, row } = onlyRow(content);
  const builder = new PartsBuilder();
  return builder.join(columns, ", ", (column, i) => {
    builder.text(`${quote(column)} = `).value(row[i]);
  });
}

/** `$1 as "a", $2 as "b"` */
function selection(content: Content, quote: Quote): PartsBuilder {
  const { columns, row } = onlyRow(content);
  const builder = new PartsBuilder();
  return builder.join(columns, ", ", (column, i) => {
    builder.value(row[i]).text(` as ${quote(column)}`);
  });
}

function onlyRow(content: Content): { columns: readonly string[]; row: readonly unknown[] } {
  if (content.kind !== "an object") throw misfit(content);
  const { columns, rows: [row] } = tableOfObjects(content.items, content.named);
  return { columns, row };
}

/** `"a", "b"` */
function names(content: Content, quote: Quote): PartsBuilder {
  if (content.kind !== "a list of values") throw misfit(content);
  const builder = new PartsBuilder();
  return builder.join(content.items, ", ", (name) => {
    if (typeof name === "string") builder.text(quote(name));
    else if (name instanceof Fragment) builder.value(name);
    else throw misfit(content);
  });
}

function misfit({ kind }: Content): TypeError {
  return new TypeError(`Cannot place ${kind}: expected ${EXPECTED[kind]}`);
}
