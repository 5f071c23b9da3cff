/**
 * A query as users hold it: awaited it gives all rows, iterated it streams them.
 *
 * @module
 */

import type { MapFunction } from "../../rows/concurrent_map.ts";
import type { StreamSummary } from "../../rows/result_facts.ts";
import type { Batches, ResultIterator } from "../../rows/result_iterator.ts";
import type { RowList } from "../../rows/row_list.ts";
import type { RowStream } from "../../rows/row_stream.ts";
import { checkRow } from "../../rows/standard_schema.ts";
import type { InferOutput, StandardSchema } from "../../rows/standard_schema.ts";
import { Fragment, render } from "../../sql/fragment.ts";
import type { FragmentParts } from "../../sql/fragment.ts";
import { copyReadable } from "../copy/copy_readable.ts";
import { copyDirection } from "../copy/copy_text.ts";
import { copyWritable } from "../copy/copy_writable.ts";
import type { CallSite } from "./caller_stack.ts";
import type { StatementDescription } from "./describe_query.ts";
import type { ExecutionContext } from "./execution_context.ts";
import { checkQueryOptions, checkStreamOptions } from "./query_options.ts";
import type { QueryOptions, QuerySettings, StreamOptions } from "./query_options.ts";
import { QueryRun } from "./query_run.ts";
import type { Executor, ReadParts } from "./query_run.ts";

/** What a promise may be rejected with, typed as the language types it. */
export type RejectionReason = Parameters<NonNullable<Parameters<Promise<unknown>["catch"]>[0]>>[0];

/** What a function that gets rows of `cursor()` returns to get no more; also `sql.CLOSE`. */
export const CLOSE: unique symbol = Symbol("close");

/** What a query is made of. */
export interface QueryMakings {
  readonly context: ExecutionContext;
  /** A function where the text is to be read from a file. */
  readonly parts: FragmentParts | ReadParts;
  readonly settings: QuerySettings;
  readonly site: CallSite;
}

/** A query that somebody runs beside others. */
export interface JoinedQuery<Row> {
  readonly rows: Promise<RowList<Row>>;
  /** Rejects the query. */
  readonly abort: (reason: unknown) => void;
}

/**
 * A query. Lazy: nothing is sent before it is awaited or iterated, and it is run once.
 * Inside of another query's template it is a fragment of that.
 *
 * @example All rows, then one by one
 * ```ts ignore
 * const users = await sql`select * from users where id = ${id}`;
 * for await (const event of sql`select * from events`) console.log(event);
 * ```
 */
export class Query<Row> extends Fragment implements PromiseLike<RowList<Row>>, AsyncIterable<Row> {
  readonly #makings: QueryMakings;
  /** Of any rows, so that a query of some is one of unknown rows, too. */
  readonly #run: QueryRun<unknown>;
  /** Ends the run: that of a COPY is its own. */
  #abort: (reason: unknown) => void;
  /** A query is run once: awaited, or iterated. */
  #taken = false;
  #result: Promise<RowList<Row>> | undefined;

  /** @internal Made by `sql`. */
  constructor(makings: QueryMakings) {
    super(typeof makings.parts === "function" ? NOT_READ : makings.parts);
    this.#makings = makings;
    this.#run = new QueryRun<unknown>(makings);
    this.#abort = this.#run.abort;
  }

  /**
   * @internal Why a query cannot be run by somebody who runs several; undefined: it can.
   */
  static unfitToJoin(query: Query<unknown>, context: ExecutionContext): string | undefined {
    const { parts, context: own } = query.#makings;
    if (typeof parts === "function") return "its text is in a file";
    if (own !== context) return "it is of another connection";
    return query.#taken ? "it ran already" : undefined;
  }

  /** @internal Has a query run by somebody who runs several. */
  static join<Row>(query: Query<Row>, execute: Executor): JoinedQuery<Row> {
    return { rows: query.#collect(execute), abort: query.#run.abort };
  }

  /** The same query with rows as arrays, in the order of the columns; no schema sees them. */
  values(): Query<unknown[]> {
    return this.#derive({ shape: "values", schema: undefined });
  }

  /** The same query with rows as arrays of undecoded bytes, in PostgreSQL's text form; null for NULL. */
  raw(): Query<(Uint8Array | null)[]> {
    return this.#derive({ shape: "raw", schema: undefined });
  }

  /** The same query by the simple protocol: several statements, no parameters. */
  simple(): Query<Row> {
    return this.#derive({ simple: true });
  }

  /**
   * The same query with other options.
   *
   * @throws {TypeError} when there is no such option
   */
  with(options: QueryOptions): Query<Row> {
    return this.#derive(checkQueryOptions(options));
  }

  /**
   * The same query with rows that a schema checks, one by one as they arrive: Zod's, Valibot's,
   * ArkType's, or any other Standard Schema. A row that it does not take is a `TypeError`.
   */
  as<Schema extends StandardSchema>(schema: Schema): Query<InferOutput<Schema>> {
    return this.#derive({ schema });
  }

  /** Runs the query and gives all rows; `await` does just this. */
  then<A = RowList<Row>, B = never>(
    onFulfilled?: ((rows: RowList<Row>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: RejectionReason) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#collectOrReject().then(onFulfilled, onRejected);
  }

  /** Runs the query and takes what it fails with. */
  catch<B = never>(
    onRejected?: ((reason: RejectionReason) => B | PromiseLike<B>) | null,
  ): Promise<RowList<Row> | B> {
    return this.then(undefined, onRejected);
  }

  /** Runs the query and tells its end. */
  finally(onFinally?: (() => void) | null): Promise<RowList<Row>> {
    return this.then().finally(onFinally);
  }

  /** Runs the query now, before somebody awaits it; what it fails with is told when he does. */
  execute(): this {
    this.#collectOrReject().catch(() => {});
    return this;
  }

  /**
   * The one row there is.
   *
   * @throws {RangeError} when there is none, or more than one
   */
  async one(): Promise<Row> {
    const rows = await this;
    if (rows.length === 1) return rows[0];
    throw new RangeError(`Cannot give the one row: the query yields ${rows.length}`);
  }

  /**
   * The one row there is, or undefined when there is none.
   *
   * @throws {RangeError} when there is more than one
   */
  async maybeOne(): Promise<Row | undefined> {
    const rows = await this;
    if (rows.length <= 1) return rows[0];
    throw new RangeError(`Cannot give one row or none: the query yields ${rows.length}`);
  }

  /**
   * The types of its parameters and its columns, without running it.
   *
   * @throws {DatabaseError} when the server does not take the query
   */
  async describe(): Promise<StatementDescription> {
    this.#take();
    return await this.#run.describe();
  }

  /** The rows as they arrive, and what the server says beside them. */
  stream(options?: StreamOptions): RowStream<Row>;
  /** See {@linkcode Query.forEach}. */
  stream(fn: MapFunction<Row, unknown>): Promise<StreamSummary>;
  stream(
    options: StreamOptions | MapFunction<Row, unknown> = {},
  ): RowStream<Row> | Promise<StreamSummary> {
    if (typeof options === "function") return this.forEach(options);
    checkStreamOptions(options);
    this.#take();
    return this.#run.stream(options) as RowStream<Row>;
  }

  /**
   * Yields the rows as they arrive. The query is run when the first is asked for, on a
   * connection of its own meanwhile; in a transaction, on that of the transaction.
   */
  [Symbol.asyncIterator](): ResultIterator<Row> {
    return this.stream()[Symbol.asyncIterator]();
  }

  /** Yields whole arrays of rows as they arrive: no promise a row. */
  batches(): Batches<Row> {
    return this.stream().batches();
  }

  /** The rows as a stream of the Web; of COPY TO STDOUT the bytes, as the server sends them. */
  readable(): ReadableStream<Row> {
    if (!isCopyOut(this.#makings)) return this.stream().readable();
    this.#take();
    const { stream, abort } = copyReadable(this.#makings);
    this.#abort = abort;
    return stream as ReadableStream<unknown> as ReadableStream<Row>;
  }

  /** Of COPY FROM STDIN: takes its data, in pieces of any length; texts are sent as UTF-8. */
  writable(): WritableStream<Uint8Array | string> {
    this.#take();
    const { stream, abort } = copyWritable(this.#makings);
    this.#abort = abort;
    return stream;
  }

  /** Yields arrays of `size` rows each; the last may be shorter. */
  cursor(size?: number): Batches<Row>;
  /** Gives `fn` arrays of `size` rows each, and awaits it; returns it `CLOSE`, it gets no more. */
  cursor(size: number, fn: (rows: Row[]) => unknown): Promise<StreamSummary>;
  /** Gives `fn` arrays of one row each, and awaits it; returns it `CLOSE`, it gets no more. */
  cursor(fn: (rows: Row[]) => unknown): Promise<StreamSummary>;
  cursor(
    sizeOrFn: number | ((rows: Row[]) => unknown) = 1,
    fn?: (rows: Row[]) => unknown,
  ): Batches<Row> | Promise<StreamSummary> {
    if (typeof sizeOrFn === "function") return this.cursor(1, sizeOrFn);
    const stream = this.stream();
    const batches = stream.groups(sizeOrFn);
    return fn ? giveAll(batches, fn, stream) : batches;
  }

  /** Gives `fn` each row and awaits it; what it throws ends the query. */
  forEach(fn: MapFunction<Row, unknown>): Promise<StreamSummary> {
    const stream = this.stream();
    return giveAll(stream[Symbol.asyncIterator](), async (row) => void await fn(row), stream);
  }

  /** Ends the query: it rejects with an AbortError, and the server is told to stop. */
  cancel(): void {
    this.#abort(new DOMException("The query was cancelled", "AbortError"));
  }

  #derive<Other>(change: Partial<QuerySettings>): Query<Other> {
    const settings = { ...this.#makings.settings, ...change };
    return new Query<Other>({ ...this.#makings, settings });
  }

  #take(): void {
    if (this.#taken) throw new TypeError("Cannot run a query twice: it ran already");
    this.#taken = true;
  }

  /** Who gets a promise gets its rejection, too. */
  #collectOrReject(): Promise<RowList<Row>> {
    try {
      return this.#collect();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #collect(execute?: Executor): Promise<RowList<Row>> {
    if (this.#result && !execute) return this.#result;
    this.#take();
    const rows = this.#run.collect(execute) as Promise<RowList<Row>>;
    const { schema } = this.#makings.settings;
    return this.#result = schema ? rows.then((list) => checkAll(list, schema)) : rows;
  }
}

/** A text that is still in a file is not looked into. */
function isCopyOut({ context, parts }: QueryMakings): boolean {
  return typeof parts !== "function" && copyDirection(render(parts, context).text) === "out";
}

/** What a query whose text is still in a file is made of, for who writes it out. */
const NOT_READ: FragmentParts = {
  strings: [""],
  values: [],
  placed() {
    throw new TypeError("Cannot use a query of a file as a fragment, expected sql.unsafe(text)");
  },
};

async function checkAll<Row>(rows: RowList<Row>, schema: StandardSchema): Promise<RowList<Row>> {
  for (let i = 0; i < rows.length; i++) rows[i] = await checkRow(schema, rows[i], i) as Row;
  return rows;
}

async function giveAll<T, Row>(
  source: ResultIterator<T>,
  fn: (item: T) => unknown,
  { summary }: RowStream<Row>,
): Promise<StreamSummary> {
  for await (const item of source) {
    if (await fn(item) === CLOSE) break;
  }
  return await summary;
}
