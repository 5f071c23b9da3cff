/**
 * What users hold: the tag that makes queries, and what each kind of it can do beside.
 *
 * @module
 */

import type { Fragment } from "../../sql/fragment.ts";
import type { TypeHookMaps } from "../../value/registry/type_hooks.ts";
import type { TypedValue, TypeName } from "../../value/registry/typed_value.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";
import type { TransactionResult } from "../transaction/transaction_result.ts";
import type { ClientOptions } from "../options/option_types.ts";
import type { PipelineOptions, PipelineResults, Queries } from "../query/pipeline.ts";
import type { CLOSE, Query } from "../query/query.ts";
import type { BeginOptions, TransactionOptions } from "../transaction/transaction_options.ts";

/** A row by the names of its columns, where nothing else is said. */
export type AnyRow = Record<string, unknown>;

/** What `sql(…)` makes a piece of SQL of: an object, or a list of objects, arrays or values. */
export type HelperInput = Readonly<Record<string, unknown>> | readonly unknown[];

/** How a text of one's own is run. */
export interface TextOptions {
  /** True: by the simple protocol, which takes several statements but no values. */
  readonly simple?: boolean;
  /** False: no statement is left prepared. */
  readonly prepare?: boolean;
}

/** How a file is run. */
export interface FileOptions extends TextOptions {
  /** False: the file is read anew each time. Default true. */
  readonly cache?: boolean;
}

/** What pg's `query` gives. */
export interface QueryResult<Row> {
  /** All of them. */
  readonly rows: Row[];
  /** Rows that were selected or changed; null where the command does not say. */
  readonly rowCount: number | null;
  /** What the server says of each column. */
  readonly fields: readonly FieldDescription[];
  /** The command tag without its numbers. */
  readonly command: string;
}

/** What pg's `query` takes in place of a text. */
export interface QueryConfig {
  /** With `$1`, `$2`, … in the places of the values. */
  readonly text: string;
  /** Of `$1`, `$2`, …. */
  readonly values?: readonly unknown[];
  /** `array`: rows as arrays, in the order of the columns. */
  readonly rowMode?: "array";
}

/** What waits for a connection, and may be told to stop. */
export interface WaitOptions {
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * A template tag whose values are parameters, never text. What all its kinds can do: the
 * client's own, a transaction's, a reserved connection's.
 */
export interface SqlTag {
  /** A query, or a piece of one. */
  <Row = AnyRow>(strings: TemplateStringsArray, ...values: unknown[]): Query<Row>;
  /** A name, or a path of names, quoted: ``sql`select * from ${sql("shop", "order")}` ``. */
  (name: string, ...path: string[]): Fragment;
  /**
   * What an object or a list becomes depends on where it stands: behind INSERT INTO, VALUES,
   * SET, SELECT or IN, values; behind RETURNING, ORDER BY and the like, names.
   */
  <Input extends HelperInput>(
    input: Input,
    ...columns: (string | readonly string[])[]
  ): Fragment;
  /**
   * A query from a text that is sent as it is; its values stand as `$1`, `$2`, …. Without values
   * it may hold several statements.
   */
  unsafe<Row = AnyRow>(
    text: string,
    values?: readonly unknown[],
    options?: TextOptions,
  ): Query<Row>;
  /**
   * A query from a file, as {@linkcode SqlTag.unsafe} would run its text: without values it may
   * hold several statements.
   */
  file<Row = AnyRow>(
    path: string,
    values?: readonly unknown[],
    options?: FileOptions,
  ): Query<Row>;
  /** Runs a text in pg's manner, and gives what pg gives: with `rowMode`, arrays. */
  query<Row = unknown[]>(
    query: QueryConfig & { readonly rowMode: "array" },
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
  /** Runs a text in pg's manner, and gives what pg gives. */
  query<Row = AnyRow>(
    query: string | QueryConfig,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
  /** Runs many queries in one write; gives what each of them gives. */
  pipeline<const Asked extends Queries>(
    queries: Asked,
    options?: PipelineOptions,
  ): Promise<PipelineResults<Asked>>;
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
  /** The options in force, and what may be changed while the client is in use. */
  readonly options: LiveOptions;
  /** The settings that the server reports, as last told; on 2.0 those read at login. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What a function that gets rows of `cursor()` returns to get no more. */
  readonly CLOSE: typeof CLOSE;
}

/** What begins transactions. */
export interface TransactionStarter {
  /**
   * Runs `fn` in a transaction: committed when it resolves, rolled back when it throws. A COMMIT
   * that the server answers by rolling back is an error. Queries in an array that `fn` returns
   * are run in one go.
   *
   * @throws what `fn` throws; a `DatabaseError` when it cannot be committed
   */
  begin<T>(fn: TransactionFunction<T>): Promise<TransactionResult<T>>;
  /** The same with options, or with the words that are to stand behind BEGIN. */
  begin<T>(
    options: BeginOptions | string,
    fn: TransactionFunction<T>,
  ): Promise<TransactionResult<T>>;
  /**
   * Begins a transaction that lasts until it is committed or rolled back; `await using` rolls it
   * back where neither was done.
   */
  transaction(options?: TransactionOptions): Promise<TransactionSql>;
  /**
   * Runs `fn` in a transaction that is then prepared under a name for two-phase commit: it lasts
   * until `commitDistributed` or `rollbackDistributed`, whatever becomes of the connection.
   */
  beginDistributed<T>(name: string, fn: TransactionFunction<T>): Promise<TransactionResult<T>>;
}

/** What is run in a transaction. */
export type TransactionFunction<T> = (tx: TransactionSql) => T | PromiseLike<T>;

/**
 * What `connect` gives: a template tag whose values are parameters, never text.
 * Safe to use from many callers at once.
 */
export interface Sql extends SqlTag, TransactionStarter, AsyncDisposable {
  /** Commits what was prepared under a name. */
  commitDistributed(name: string): Promise<void>;
  /** Rolls back what was prepared under a name. */
  rollbackDistributed(name: string): Promise<void>;
  /** Takes a connection out of the pool for as long as one likes. */
  reserve(options?: WaitOptions): Promise<ReservedSql>;
  /** Opens a connection if there is none, to see that it can be done. */
  connect(options?: WaitOptions): Promise<Sql>;
  /**
   * Takes no more queries, lets those that came be answered, and closes every connection.
   * What is not answered after `timeoutMs` is rejected; without it there is no limit.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** The same as {@linkcode Sql.close}. */
  end(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/**
 * The tag of a transaction: its queries run in it, on its connection, and are refused once it
 * has ended. It dies with its connection.
 */
export interface TransactionSql extends SavepointSql, AsyncDisposable {
  /** Commits; a transaction that failed before is an error, and rolled back. */
  commit(): Promise<void>;
  /** Rolls back; where it has ended already this does nothing. */
  rollback(): Promise<void>;
  /** Has the end of it be PREPARE TRANSACTION, under this name, in place of COMMIT. */
  prepare(name: string): void;
}

/** The tag of a savepoint. */
export interface SavepointSql extends SqlTag {
  /**
   * Runs `fn` in a savepoint: released when it resolves; when it throws, what was done since is
   * undone, and the transaction goes on.
   *
   * @throws what `fn` throws
   */
  savepoint<T>(
    fn: (sql: SavepointSql) => T | PromiseLike<T>,
  ): Promise<TransactionResult<T>>;
  /** The same under a name, which need not be unique. */
  savepoint<T>(
    name: string,
    fn: (sql: SavepointSql) => T | PromiseLike<T>,
  ): Promise<TransactionResult<T>>;
}

/** The tag of a reserved connection: all its queries run on that. */
export interface ReservedSql extends SqlTag, TransactionStarter, AsyncDisposable {
  /** Gives it back; a transaction that is still open is rolled back. */
  release(): Promise<void>;
}

/** See {@linkcode SqlTag.typed}. */
export type Typed =
  & ((value: unknown, type: TypeName) => TypedValue)
  & Readonly<Record<string, (value: unknown) => TypedValue>>;

/**
 * Parsers and serializers by type OID, where what is set or deleted counts from the next query
 * on, and beside them the options that were given.
 */
export interface LiveOptions extends TypeHookMaps, GivenOptions {}

/** Options as they were given; no secret is among them. */
export type GivenOptions = Readonly<
  Pick<
    ClientOptions,
    | "host"
    | "port"
    | "user"
    | "database"
    | "applicationName"
    | "sslMode"
    | "max"
    | "idleTimeoutMs"
    | "maxLifetimeMs"
    | "connectTimeoutMs"
    | "queryTimeoutMs"
    | "prepare"
    | "statementCacheSize"
    | "pooler"
    | "fetchTypes"
  >
>;
