/**
 * The tag that makes queries out of templates.
 *
 * @module
 */

import { ConnectionError } from "../errors.ts";
import type { Pool } from "../pool/pool.ts";
import type { RowList } from "../rows/row_list.ts";
import { identifier } from "../sql/fragment.ts";
import type { Fragment } from "../sql/fragment.ts";
import { CallSite } from "./caller_stack.ts";
import { Query } from "./query.ts";
import type { ExecutionContext } from "./execution.ts";

/** A row by the names of its columns, where nothing else is said. */
export type AnyRow = Record<string, unknown>;

/**
 * What `connect` gives: a template tag whose values are parameters, never text.
 * Safe to use from many callers at once.
 */
export interface Sql extends AsyncDisposable {
  /** A query, or a piece of one. */
  <Row = AnyRow>(strings: TemplateStringsArray, ...values: unknown[]): Query<Row>;
  /** A name, or a path of names, quoted: ``sql`select * from ${sql("shop", "order")}` ``. */
  (name: string, ...path: string[]): Fragment;
  /** A query from a text that is sent as it is; its values stand as `$1`, `$2`, …. */
  unsafe<Row = AnyRow>(text: string, values?: readonly unknown[]): Query<Row>;
  /**
   * Takes no more queries, lets those that came be answered, and closes every connection.
   * What is not answered after `timeoutMs` is rejected; without it there is no limit.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

export type { Query, RowList };

/** Makes the tag over what its queries share. */
export function createSql(context: ExecutionContext): Sql {
  const plain = { shape: "object", simple: false } as const;
  const tag = (first: TemplateStringsArray | string, ...rest: unknown[]): unknown => {
    if (typeof first === "string") return identifier(first, ...rest as string[]);
    return new Query(context, { strings: first, values: rest }, plain, new CallSite(tag));
  };
  const unsafe = <Row>(text: string, values: readonly unknown[] = []): Query<Row> => {
    const parts = { strings: [text], values: [], numbered: values };
    return new Query<Row>(context, parts, plain, new CallSite(unsafe));
  };
  const close = ({ timeoutMs }: { readonly timeoutMs?: number } = {}) =>
    timeoutMs === undefined ? context.pool.close() : closeWithin(context.pool, timeoutMs);
  return Object.assign(tag, {
    unsafe,
    close,
    [Symbol.asyncDispose]: () => close(),
  }) as unknown as Sql;
}

async function closeWithin(pool: Pool, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => {
    const text = `The query was not answered within the ${timeoutMs} ms that close() was given`;
    pool.abort(new ConnectionError(text, { code: "ETIMEDOUT" }));
  }, timeoutMs);
  await pool.close();
  clearTimeout(timer);
}
