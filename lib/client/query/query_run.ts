/**
 * The one time that a query is run: what it gives, and what ends it early.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import { ResultFacts } from "../../rows/result_facts.ts";
import { ResultQueue } from "../../rows/result_queue.ts";
import type { RowDecoder, RowShape } from "../../rows/row_decoder.ts";
import { RowCollector } from "../../rows/row_list.ts";
import type { RowList } from "../../rows/row_list.ts";
import { checkedSource, queueSource } from "../../rows/row_source.ts";
import type { RowSource } from "../../rows/row_source.ts";
import { RowStream } from "../../rows/row_stream.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { FragmentParts, RenderedSql } from "../../sql/fragment.ts";
import type { DataRow, FieldDescription } from "../../wire/backend_message.ts";
import { throwIfAborted, timeoutError, watchForAbort } from "./abort.ts";
import { type CallSite, pointAt } from "./caller_stack.ts";
import { describeQuery } from "./describe_query.ts";
import type { StatementDescription } from "./describe_query.ts";
import { Execution } from "./execution.ts";
import type { ExecutionContext } from "./execution_context.ts";
import { PortalExecution } from "../portal/portal_execution.ts";
import type { QuerySettings } from "./query_options.ts";
import { renderParts } from "./render_statement.ts";

/** Reads what a query is made of from a file. */
export type ReadParts = () => Promise<FragmentParts>;

/** What is run. */
export interface QueryRunOptions {
  readonly context: ExecutionContext;
  readonly parts: FragmentParts | ReadParts;
  readonly settings: QuerySettings;
  readonly site: CallSite;
}

/** What a run needs of who talks to the server for it. */
export interface Running {
  /** Has the server told to stop. */
  cancel(reason?: unknown): void;
  /** The decoder of rows of these columns, once their types are known. */
  decoder<Row>(fields: readonly FieldDescription[], shape: RowShape): RowDecoder<Row>;
}

/** Runs a statement, whose results go to the sink. */
export type Executor = (
  statement: RenderedSql,
  options: { readonly sink: ResultSink; readonly settings: QuerySettings },
) => Running;

/** One run of a query. */
export class QueryRun<Row> {
  readonly #options: QueryRunOptions;
  #execution: Running | undefined;
  /** Rejects who waits for the result; undefined when it is settled. */
  #reject: ((reason: unknown) => void) | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  #unwatch: (() => void) | undefined;
  #waitTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: QueryRunOptions) {
    this.#options = options;
  }

  /** Runs the query and gives all rows; by `execute` if others are run with it. */
  collect(execute?: Executor): Promise<RowList<Row>> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      const collector = new RowCollector<Row>({
        decoderFor: this.#decoderFor,
        resolve: (rows) => (this.#settle(), resolve(rows)),
        reject: (error) => (this.#explain(error), reject(error)),
      });
      this.#start(collector, (statement) => {
        if (!execute) return this.#execute(statement, collector, false);
        this.#watchAll();
        this.#execution = execute(statement, { sink: collector, settings: this.#options.settings });
      });
    });
  }

  /** Gives the rows as they arrive; the query is run when the first is asked for. */
  stream(): RowStream<Row> {
    const facts = new ResultFacts();
    const queue: ResultQueue<Row> = new ResultQueue<Row>({
      decoderFor: this.#decoderFor,
      start: () => {
        this.#reject = (reason) => (facts.fail(reason), queue.abort(reason));
        this.#start(sink, (statement) => this.#fetchOrFlow(statement, queue, sink));
      },
      cancel: () => this.#execution?.cancel(),
      onEnd: () => facts.left(), // Where the server has said nothing before.
      onWait: (waiting) => this.#limitWait(waiting),
    });
    const sink = new StreamSink(queue as ResultQueue<unknown>, facts, {
      end: () => this.#settle(),
      fail: (error) => this.#explain(error),
    });
    const { schema } = this.#options.settings;
    const source = schema ? checkedSource(queue, schema) : queueSource(queue);
    return new RowStream(source as RowSource<Row>, facts);
  }

  /** Ends the run with `reason`, and has the server told to stop. */
  readonly abort = (reason: unknown): void => {
    this.#aborted ??= { reason };
    const reject = this.#reject;
    if (!reject) return;
    this.#settle();
    reject(reason);
    this.#execution?.cancel(reason);
  };

  /** What the server says of the query, without running it. */
  describe(): Promise<StatementDescription> {
    const controller = new AbortController();
    return new Promise((resolve, reject) => {
      if (this.#aborted) throw this.#aborted.reason;
      throwIfAborted(this.#signals);
      this.#reject = (reason) => (reject(reason), controller.abort(reason));
      this.#watchAll();
      describeQuery(this.#options, controller.signal).then(
        (description) => (this.#settle(), resolve(description)),
        (error) => (this.#explain(error), reject(error)),
      );
    });
  }

  readonly #decoderFor = (fields: readonly FieldDescription[]): RowDecoder<Row> =>
    this.#execution!.decoder(fields, this.#options.settings.shape);

  /** A text that is still being read is waited for. */
  #start(sink: ResultSink, run: (statement: RenderedSql) => void): void {
    const { parts } = this.#options;
    if (typeof parts !== "function") return this.#begin(parts, sink, run);
    parts().then((read) => this.#begin(read, sink, run), (error) => sink.fail(error));
  }

  #begin(parts: FragmentParts, sink: ResultSink, run: (statement: RenderedSql) => void): void {
    let statement: RenderedSql;
    try {
      if (this.#aborted) throw this.#aborted.reason;
      throwIfAborted(this.#signals);
      statement = renderParts(parts, this.#options);
    } catch (error) {
      return sink.fail(error as Error);
    }
    run(statement);
  }

  #execute(statement: RenderedSql, sink: ResultSink, stream: boolean): void {
    const { context, settings } = this.#options;
    const { simple, prepare = context.prepare } = settings;
    // A reader may take his time: only his waiting is limited.
    if (stream) this.#watch(0);
    else this.#watchAll();
    const onRevoke = this.abort;
    const asText = settings.shape === "raw";
    const options = { statement, simple, prepare, asText, stream, sink, onRevoke };
    const execution = this.#execution = new Execution(context, options);
    execution.run();
  }

  #fetchOrFlow(statement: RenderedSql, queue: ResultQueue<Row>, sink: ResultSink): void {
    const { context, settings } = this.#options;
    const { mode = context.lender.streamMode(statement.text), prepare = context.prepare } =
      settings;
    if (mode === "flow" || settings.simple) return this.#execute(statement, sink, true);
    this.#watch(0);
    const execution = new PortalExecution(context, {
      statement,
      prepare,
      asText: settings.shape === "raw",
      sink,
      onRevoke: this.abort,
    });
    this.#execution = execution;
    queue.comeBy(execution);
    execution.run();
  }

  get #signals(): readonly (AbortSignal | undefined)[] {
    return [this.#options.settings.signal, this.#options.context.signal];
  }

  #watch(timeoutMs: number): void {
    this.#unwatch = watchForAbort({ signals: this.#signals, timeoutMs, what: WHAT }, this.abort);
  }

  #watchAll(): void {
    this.#watch(this.#options.settings.timeoutMs ?? this.#options.context.queryTimeoutMs);
  }

  #limitWait(waiting: boolean): void {
    clearTimeout(this.#waitTimer);
    const { context, settings } = this.#options;
    const timeoutMs = settings.timeoutMs ?? context.queryTimeoutMs;
    if (!waiting || timeoutMs === 0) return;
    this.#waitTimer = setTimeout(() => this.abort(timeoutError(WHAT, timeoutMs)), timeoutMs);
  }

  #explain(error: unknown): void {
    this.#settle();
    pointAt(error, this.#options.site);
    this.#options.context.onFailure?.(error);
  }

  #settle(): void {
    this.#reject = undefined;
    this.#unwatch?.();
    clearTimeout(this.#waitTimer);
  }
}

const WHAT = "The query";

/** Who is told that a run has ended. */
interface RunEnds {
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
}

/** Gives a result to the queue of its rows and to who keeps the facts beside them. */
class StreamSink implements ResultSink {
  readonly #queue: ResultQueue<unknown>;
  readonly #facts: ResultFacts;
  readonly #run: RunEnds;

  constructor(queue: ResultQueue<unknown>, facts: ResultFacts, run: RunEnds) {
    this.#queue = queue;
    this.#facts = facts;
    this.#run = run;
  }

  description(fields: readonly FieldDescription[]): void {
    this.#facts.description(fields);
    this.#queue.description(fields);
  }

  rows(run: DataRow): void | Promise<void> {
    this.#facts.rows(run);
    return this.#queue.push(run);
  }

  complete(commandTag: string): void {
    this.#facts.complete(commandTag);
  }

  notice(fields: ErrorFields): void {
    this.#facts.notice(fields);
  }

  end(): void {
    this.#run.end();
    if (this.#queue.left) this.#facts.left();
    else this.#facts.end();
    this.#queue.end();
  }

  fail(error: Error): void {
    this.#run.fail(error);
    if (this.#queue.left) this.#facts.left();
    else this.#facts.fail(error);
    this.#queue.end({ error });
  }
}
