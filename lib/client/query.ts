/**
 * A query as users hold it: awaited it gives all rows, iterated it streams them.
 *
 * @module
 */

import type { FieldDescription } from "../wire/backend_message.ts";
import { BatchIterator } from "../rows/batch_iterator.ts";
import { ResultQueue } from "../rows/result_queue.ts";
import type { RowDecoder, RowShape } from "../rows/row_decoder.ts";
import { RowIterator } from "../rows/row_iterator.ts";
import { RowCollector } from "../rows/row_list.ts";
import type { RowList } from "../rows/row_list.ts";
import type { ResultSink } from "../session/result_sink.ts";
import { Fragment, render } from "../sql/fragment.ts";
import type { FragmentParts, RenderedSql } from "../sql/fragment.ts";
import { type CallSite, pointAt } from "./caller_stack.ts";
import { Execution } from "./execution.ts";
import type { ExecutionContext } from "./execution.ts";

/** How one query is to be run; see {@linkcode Query.with}. */
export interface QueryOptions {
  /** Rejects the query with the signal's reason, and has the server told to stop. */
  readonly signal?: AbortSignal;
}

/** What a promise may be rejected with, typed as the language types it. */
export type RejectionReason = Parameters<NonNullable<Parameters<Promise<unknown>["catch"]>[0]>>[0];

interface QuerySettings extends QueryOptions {
  readonly shape: RowShape;
  readonly simple: boolean;
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
  readonly #context: ExecutionContext;
  readonly #settings: QuerySettings;
  readonly #site: CallSite;
  /** A query is run once: awaited, or iterated. */
  #taken = false;
  #result: Promise<RowList<Row>> | undefined;
  #execution: Execution | undefined;
  #abort: ((reason: unknown) => void) | undefined;
  /** Set by {@linkcode Query.cancel} before the query was run. */
  #cancelledBy: DOMException | undefined;

  /** @internal Made by `sql`. */
  constructor(
    context: ExecutionContext,
    parts: FragmentParts,
    settings: QuerySettings,
    site: CallSite,
  ) {
    super(parts);
    this.#context = context;
    this.#settings = settings;
    this.#site = site;
  }

  /** The same query with rows as arrays, in the order of the columns. */
  values(): Query<unknown[]> {
    return this.#derive({ shape: "values" });
  }

  /** The same query with rows as arrays of undecoded bytes, null for NULL. */
  raw(): Query<(Uint8Array | null)[]> {
    return this.#derive({ shape: "raw" });
  }

  /** The same query by the simple protocol: several statements, no parameters. */
  simple(): Query<Row> {
    return this.#derive({ simple: true });
  }

  /** The same query with other options. */
  with(options: QueryOptions): Query<Row> {
    return this.#derive(options);
  }

  /** Runs the query and gives all rows; `await` does just this. */
  then<A = RowList<Row>, B = never>(
    onFulfilled?: ((rows: RowList<Row>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: RejectionReason) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#result ??= this.#collect();
    return this.#result.then(onFulfilled, onRejected);
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

  /**
   * Yields the rows as they arrive, on a connection of their own meanwhile. The query is run
   * when the first is asked for.
   */
  [Symbol.asyncIterator](): RowIterator<Row> {
    return new RowIterator(this.#stream());
  }

  /** Yields whole arrays of rows as they arrive: no promise a row. */
  batches(): BatchIterator<Row> {
    return new BatchIterator(this.#stream());
  }

  /** Ends the query: it rejects with an AbortError, and the server is told to stop. */
  cancel(): void {
    const reason = new DOMException("The query was cancelled", "AbortError");
    if (this.#execution) this.#abort?.(reason);
    else this.#cancelledBy = reason;
  }

  #derive<Other>(change: Partial<QuerySettings>): Query<Other> {
    return new Query<Other>(
      this.#context,
      this.parts,
      { ...this.#settings, ...change },
      this.#site,
    );
  }

  #take(): void {
    if (this.#taken) throw new TypeError("Cannot run a query twice: it ran already");
    this.#taken = true;
  }

  #collect(): Promise<RowList<Row>> {
    this.#take();
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        this.#settled();
        pointAt(error, this.#site);
        reject(error);
      };
      const collector = new RowCollector<Row>({
        decoderFor: this.#decoderFor,
        resolve: (rows) => (this.#settled(), resolve(rows)),
        reject: fail,
      });
      const abort = (reason: unknown) => {
        this.#settled();
        reject(reason);
        this.#execution?.cancel(reason);
      };
      this.#start(collector, { exclusive: false, abort });
    });
  }

  #stream(): ResultQueue<Row> {
    this.#take();
    const queue = new ResultQueue<Row>({
      decoderFor: this.#decoderFor,
      start: () => this.#start(sink, { exclusive: true, abort: (reason) => queue.abort(reason) }),
      cancel: () => this.#execution?.cancel(),
    });
    const end = (failure?: { error: unknown }) => {
      this.#settled();
      if (failure) pointAt(failure.error, this.#site);
      queue.end(failure);
    };
    const sink: ResultSink = {
      description: (fields) => queue.description(fields),
      rows: (run) => queue.push(run),
      complete: () => {},
      notice: () => {},
      end: () => end(),
      fail: (error) => end({ error }),
    };
    return queue;
  }

  readonly #decoderFor = (fields: readonly FieldDescription[]): RowDecoder<Row> =>
    this.#execution!.decoder(fields, this.#settings.shape);

  #start(
    sink: ResultSink,
    { exclusive, abort }: { exclusive: boolean; abort: (reason: unknown) => void },
  ): void {
    const { signal, simple } = this.#settings;
    if (this.#cancelledBy) return sink.fail(this.#cancelledBy);
    if (signal?.aborted) return sink.fail(signal.reason);
    let statement: RenderedSql;
    try {
      statement = render(this.parts);
    } catch (error) {
      return sink.fail(error as Error);
    }
    this.#execution = new Execution(this.#context, { statement, simple, exclusive, sink });
    this.#abort = abort;
    signal?.addEventListener("abort", this.#onSignal);
    this.#execution.run();
  }

  readonly #onSignal = (): void => this.#abort?.(this.#settings.signal!.reason);

  #settled(): void {
    this.#abort = undefined;
    this.#settings.signal?.removeEventListener("abort", this.#onSignal);
  }
}
