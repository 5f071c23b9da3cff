/**
 * The one time that a query is run: what it gives, and what ends it early.
 *
 * @module
 */

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
import { holdsSeveral } from "../../value/literal/preparable.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";
import { throwIfAborted } from "./abort.ts";
import { type CallSite, pointAt } from "./caller_stack.ts";
import { describeQuery } from "./describe_query.ts";
import type { StatementDescription } from "./describe_query.ts";
import { MENTIONS_COPY_IN } from "../copy/copy_text.ts";
import { Execution } from "./execution.ts";
import type { ExecutionContext } from "./execution_context.ts";
import type { StreamControl, StreamMode } from "../lending/session_lender.ts";
import { PortalExecution } from "../portal/portal_execution.ts";
import type { QuerySettings, StreamOptions } from "./query_options.ts";
import { renderParts } from "./render_statement.ts";
import { StreamSink } from "./stream_sink.ts";
import { WaitLimit } from "./wait_limit.ts";

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
  #waits: WaitLimit | undefined;

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
        if (!execute) return this.#execute(statement, collector);
        this.#watch(this.#timeoutMs);
        this.#execution = execute(statement, { sink: collector, settings: this.#options.settings });
      });
    });
  }

  /** Gives the rows as they arrive; the query is run when the first is asked for. */
  stream({ mode }: StreamOptions = {}): RowStream<Row> {
    const facts = new ResultFacts();
    const waits = this.#waits = new WaitLimit(
      { timeoutMs: this.#timeoutMs, what: WHAT },
      this.abort,
    );
    const queue: ResultQueue<Row> = new ResultQueue<Row>({
      decoderFor: this.#decoderFor,
      start: () => {
        this.#reject = (reason) => (facts.fail(reason), queue.abort(reason));
        this.#start(sink, (statement) => this.#fetchOrFlow(statement, { queue, sink, mode }));
      },
      cancel: () => this.#options.context.lender.drains ? undefined : this.#execution?.cancel(),
      onEnd: () => facts.left(), // Where the server has said nothing before.
      onRead: () => this.#settle(),
      onWait: (waiting) => waits.set("rows", waiting),
    });
    const sink = new StreamSink(queue as ResultQueue<unknown>, facts, {
      describe: () => waits.set("columns", false),
      fail: (error) => this.#explain(error),
    });
    const { schema } = this.#options.settings;
    const source = schema ? checkedSource(queue, schema) : queueSource(queue);
    const start = () => {
      source.start();
      waits.set("columns", !facts.described);
    };
    return new RowStream({ ...source, start } as RowSource<Row>, facts);
  }

  /** Ends the run with `reason`, and has the server told to stop. */
  readonly abort = (reason: unknown): void => {
    if (this.#give(reason)) this.#execution?.cancel(reason);
  };

  /** What the server says of the query, without running it. */
  describe(): Promise<StatementDescription> {
    const controller = new AbortController();
    return new Promise((resolve, reject) => {
      if (this.#aborted) throw this.#aborted.reason;
      throwIfAborted(this.#signals);
      this.#reject = (reason) => (reject(reason), controller.abort(reason));
      this.#watch(this.#timeoutMs);
      describeQuery(this.#options, controller.signal).then(
        (description) => (this.#settle(), resolve(description)),
        (error) => (this.#explain(error), reject(error)),
      );
    });
  }

  /** Rejects who waits for the result; false when there is nobody any more. */
  #give(reason: unknown): boolean {
    this.#aborted ??= { reason };
    const reject = this.#reject;
    if (!reject) return false;
    this.#settle();
    reject(reason);
    return true;
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

  #execute(statement: RenderedSql, sink: ResultSink): void {
    this.#watch(this.#timeoutMs);
    this.#flow(statement, sink);
  }

  /** A reader may take his time: only his waiting is limited. */
  #fetchOrFlow(
    statement: RenderedSql,
    { queue, sink, mode: asked }: StreamOptions & {
      readonly queue: ResultQueue<Row>;
      readonly sink: ResultSink;
    },
  ): void {
    this.#watch(0);
    const control: StreamControl = {
      revoke: (reason, { gently }) => gently ? this.#give(reason) : this.abort(reason),
      isLeaving: () => queue.left,
      hurry: () => queue.hurry(),
    };
    const mode = this.#modeOf(statement, asked);
    if (mode === undefined) return sink.fail(noPortal());
    if (mode === "flow") return this.#flow(statement, sink, control);
    const { context, settings } = this.#options;
    const { prepare = context.prepare } = settings;
    const asText = settings.shape === "raw";
    const options = { statement, prepare, asText, sink, control };
    const execution = this.#execution = new PortalExecution(context, options);
    queue.comeBy(execution);
    execution.run();
  }

  /** Undefined where portal mode was asked for and cannot be had. */
  #modeOf(statement: RenderedSql, asked: StreamMode | undefined): StreamMode | undefined {
    const mustFlow = this.#isSimple(statement) || MENTIONS_COPY_IN.test(statement.text);
    if (mustFlow) return asked === "portal" ? undefined : "flow";
    return asked ?? this.#options.context.lender.streamMode(statement.text);
  }

  #flow(statement: RenderedSql, sink: ResultSink, control?: StreamControl): void {
    const { context, settings } = this.#options;
    const { prepare = context.prepare } = settings;
    const execution = this.#execution = new Execution(context, {
      statement,
      simple: this.#isSimple(statement),
      prepare,
      asText: settings.shape === "raw",
      stream: control !== undefined,
      sink,
      control,
    });
    execution.run();
  }

  #isSimple({ text, values }: RenderedSql): boolean {
    const { simple } = this.#options.settings;
    return simple === "if several" ? values.length === 0 && holdsSeveral(text, LITERALS) : simple;
  }

  get #timeoutMs(): number {
    return this.#options.settings.timeoutMs ?? this.#options.context.queryTimeoutMs;
  }

  get #signals(): readonly (AbortSignal | undefined)[] {
    return [this.#options.settings.signal, this.#options.context.signal];
  }

  #watch(timeoutMs: number): void {
    const sources = { signals: this.#signals, timeoutMs, what: WHAT };
    this.#unwatch = this.#options.context.aborts.watch(sources, this.abort);
  }

  #explain(error: unknown): void {
    this.#settle();
    pointAt(error, this.#options.site);
    this.#options.context.onFailure?.(error);
  }

  #settle(): void {
    this.#reject = undefined;
    this.#unwatch?.();
    this.#waits?.clear();
  }
}

const WHAT = "The query";
/** Only words are looked for, and where a statement ends. */
const LITERALS = { standardConformingStrings: true };

function noPortal(): TypeError {
  return new TypeError(
    "Cannot stream in portal mode: the text is no single statement, expected one, or flow mode",
  );
}
