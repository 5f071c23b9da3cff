/**
 * Objects and arrays as rows of the same columns.
 */

import { TypedValue } from "../value/registry/typed_value.ts";
import { Fragment } from "./fragment.ts";

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows of the same width. */
export interface RowTable {
  readonly columns: readonly string[];
  /** By row, in the order of the columns. A value that a row does not have is undefined. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Objects as rows of the columns that are named, else of those that the first object has.
 *
 * @throws {TypeError} when something would be lost: a column that is named and nowhere found, or
 * one that is not named and only some of the objects have
 */
export function tableOfObjects(
  objects: readonly unknown[],
  named: readonly string[] | undefined,
): RowTable {
  objects.forEach(checkRow);
  const rows = objects as readonly Row[];
  const columns = named ?? Object.keys(rows[0]);
  if (columns.length === 0) {
    throw new TypeError("Cannot place an object: it has no keys, expected one for each column");
  }
  if (named) checkNamed(rows, named);
  else checkKeys(rows, columns);
  return { columns, rows: rows.map((row) => columns.map((column) => cellOf(row, column))) };
}

/**
 * Arrays as rows.
 *
 * @throws {TypeError} when they are not of the same length, or one is no array
 */
export function rowsOfArrays(arrays: readonly unknown[]): RowTable["rows"] {
  const width = (arrays[0] as readonly unknown[]).length;
  return arrays.map((row, index) => {
    if (!Array.isArray(row)) {
      const wanted = "expected an array as the first is (sql.array() makes a value of an array)";
      throw unfit(index, `it is no array, ${wanted}`);
    }
    if (row.length === 0) throw unfit(index, "it is empty, expected a value at least");
    if (row.length === width) return row;
    throw unfit(index, `it has ${row.length} values, expected ${width} as the first has`);
  });
}

/** True for an object that is nothing but its keys: no Date, no fragment. */
export function isPlainObject(value: unknown): value is Row {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // Object.prototype, also that of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** True for an object that can be a row where only rows can stand: of a class of users as well. */
export function isRow(value: unknown): value is Row {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof Fragment || value instanceof TypedValue);
}

function checkRow(row: unknown, index: number): void {
  if (isRow(row)) return;
  const wanted = "expected an object as the first is (sql.json() makes a value of an object)";
  throw unfit(index, `it is no object, ${wanted}`);
}

function checkNamed(rows: readonly Row[], named: readonly string[]): void {
  for (const column of named) {
    if (rows.some((row) => Object.hasOwn(row, column))) continue;
    throw new TypeError(`Cannot take column "${column}": no row has it`);
  }
}

function checkKeys(rows: readonly Row[], columns: readonly string[]): void {
  const known = new Set(columns);
  rows.forEach((row, index) => {
    const extra = Object.keys(row).find((key) => !known.has(key));
    if (extra === undefined) return;
    const wanted = "expected the keys of the first, or columns by name behind the rows";
    throw unfit(index, `it has the key "${extra}", ${wanted}`);
  });
}

/** Own keys alone: an object has a `constructor` that is not meant. */
function cellOf(row: Row, column: string): unknown {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

function unfit(index: number, why: string): TypeError {
  return new TypeError(`Cannot place row ${index + 1}: ${why}`);
}
