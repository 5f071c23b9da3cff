/**
 * What the function of a transaction or savepoint gives.
 *
 * @module
 */

import { RowList } from "../../rows/row_list.ts";

/** What such a function gives: queries in an array are awaited, rows stay what they are. */
export type TransactionResult<T> = T extends RowList<unknown> ? T
  : T extends readonly unknown[] ? { -readonly [Key in keyof T]: Awaited<T[Key]> }
  : T;

/** Queries in an array run in one go, as with postgres.js. */
export async function settleAll<T>(given: T | PromiseLike<T>): Promise<TransactionResult<T>> {
  const result: unknown = await given;
  const isList = Array.isArray(result) && !(result instanceof RowList);
  return (isList ? await Promise.all(result) : result) as TransactionResult<T>;
}
