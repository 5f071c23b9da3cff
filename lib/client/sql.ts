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
import type { TypeHookMaps } from "../value/registry/type_hooks.ts";
import { arrayOidOf, TypedValue, typeOidOf } from "../value/registry/typed_value.ts";
import type { TypeName } from "../value/registry/typed_value.ts";
import { CallSite } from "./caller_stack.ts";
import { Query } from "./query.ts";
import type { ExecutionContext } from "./execution.ts";
import type { CustomType } from "./type_options.ts";

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
   * A parameter of a type that is said: by its name in pg_catalog or in SQL (`int4`,
   * `double precision`, `text[]`), or by its OID. Each type of option `types` in the manner of
   * postgres.js is a method of its name: `sql.typed.rect(value)`.
   *
   * @throws {TypeError} when the type is not one of pg_catalog
   */
  readonly typed: Typed;
  /** A parameter that is jsonb, whatever its value: null is JSON's null, an array is a JSON array. */
  json(value: unknown): TypedValue;
  /**
   * A parameter that is an array, of elements of a type that is said, or that the server
   * infers; `type` may be the array type's own OID as well.
   *
   * @throws {TypeError} when the type is not one of pg_catalog
   */
  array(values: readonly unknown[], type?: TypeName): TypedValue;
  /** What may be changed while the client is in use. */
  readonly options: LiveOptions;
  /**
   * Takes no more queries, lets those that came be answered, and closes every connection.
   * What is not answered after `timeoutMs` is rejected; without it there is no limit.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/** See {@linkcode Sql.typed}. */
export type Typed =
  & ((value: unknown, type: TypeName) => TypedValue)
  & Readonly<Record<string, (value: unknown) => TypedValue>>;

/** Parsers and serializers by type OID; what is set or deleted counts from the next query on. */
export interface LiveOptions extends TypeHookMaps {}

export type { Query, RowList };

const JSONB_OID = 3802;
/** What becomes `null` in JSON; null itself would be NULL. */
const JSON_NULL = { toJSON: () => null };

/** What the tag needs beside what its queries share. */
export interface SqlSettings {
  readonly hooks: TypeHookMaps;
  readonly customTypes: Readonly<Record<string, CustomType>>;
}

/** Makes the tag over what its queries share. */
export function createSql(
  context: ExecutionContext,
  { hooks, customTypes }: SqlSettings,
): Sql {
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
    typed: createTyped(customTypes),
    json: (value: unknown) => new TypedValue(value ?? JSON_NULL, JSONB_OID),
    array: (values: readonly unknown[], type?: TypeName) =>
      new TypedValue(values, type === undefined ? 0 : arrayOidOf(type)),
    options: { parsers: hooks.parsers, serializers: hooks.serializers },
    close,
    [Symbol.asyncDispose]: () => close(),
  }) as unknown as Sql;
}

function createTyped(customTypes: Readonly<Record<string, CustomType>>): Typed {
  const typed = (value: unknown, type: TypeName) => new TypedValue(value, typeOidOf(type));
  for (const [name, { to }] of Object.entries(customTypes)) {
    // A function has properties of its own, `name` and `length`, which only a definition replaces.
    Object.defineProperty(typed, name, { value: (value: unknown) => new TypedValue(value, to) });
  }
  return typed as Typed;
}

async function closeWithin(pool: Pool, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => {
    const text = `The query was not answered within the ${timeoutMs} ms that close() was given`;
    pool.abort(new ConnectionError(text, { code: "ETIMEDOUT" }));
  }, timeoutMs);
  await pool.close();
  clearTimeout(timer);
}
