/**
 * What a list or an object in a template holds.
 */

import { isPlainObject, isRow } from "./row_table.ts";

/** As error texts say it. */
export type ContentKind =
  | "an object"
  | "a list of objects"
  | "a list of arrays"
  | "a list of values"
  | "an empty list";

/** What was given to `sql`. */
export interface Content {
  readonly kind: ContentKind;
  /** Of an object: just that. */
  readonly items: readonly unknown[];
  /** The columns that were named; they belong to objects alone. */
  readonly named: readonly string[] | undefined;
}

/**
 * Tells what was given by its first item.
 *
 * @throws {TypeError} when it is neither an object nor a list, or its columns make no sense
 */
export function contentOf(first: unknown, named: readonly string[] | undefined): Content {
  if (named?.length === 0) {
    throw new TypeError("Cannot take columns: the list of their names is empty");
  }
  if (isRow(first)) return { kind: "an object", items: [first], named };
  if (!Array.isArray(first)) {
    const given = first === null ? "null" : typeof first;
    throw new TypeError(
      `Cannot make SQL of ${given}: expected a name, a list or an object of columns`,
    );
  }
  const kind = kindOfList(first, named !== undefined);
  if (named && kind !== "a list of objects" && kind !== "an empty list") {
    throw new TypeError(`Cannot take columns of ${kind}: only objects have them`);
  }
  // A copy has undefined for holes, which loops pass over.
  return { kind, items: [...first], named };
}

/** Objects of classes are values, as a Date is, unless columns are named. */
function kindOfList(list: readonly unknown[], hasColumns: boolean): ContentKind {
  if (list.length === 0) return "an empty list";
  const [item] = list;
  if (Array.isArray(item)) return "a list of arrays";
  if (isPlainObject(item) || (hasColumns && isRow(item))) return "a list of objects";
  return "a list of values";
}
