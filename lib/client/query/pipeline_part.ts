/**
 * One query of a pipeline.
 *
 * @module
 */

import type { RowDecoder, RowShape } from "../../rows/row_decoder.ts";
import type { Unit } from "../../session/execute.ts";
import type { ResultRequest } from "../../session/result_request.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import { SimpleRequest } from "../../session/simple_query.ts";
import type { RenderedSql } from "../../sql/fragment.ts";
import { isOneStatement } from "../../value/literal/preparable.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";
import { DeferredSink } from "./deferred_sink.ts";
import { copyDirection } from "../copy/copy_text.ts";
import type { ExecutionContext } from "./execution_context.ts";
import { planExtended } from "./extended_plan.ts";
import type { Plan } from "./extended_plan.ts";
import { ForwardingSink } from "./forwarding_sink.ts";
import { literalOptions, writeLiterals } from "./literal_query.ts";
import type { QuerySettings } from "./query_options.ts";
import type { StatementTypes } from "../types/statement_types.ts";

/** What a part is made with. */
export interface PipelinePartOptions {
  readonly context: ExecutionContext;
  readonly statement: RenderedSql;
  readonly sink: ResultSink;
  readonly settings: QuerySettings;
}

/** A query between the pipeline, which decides what a failure means, and its own sink. */
export class PipelinePart extends ForwardingSink {
  readonly #options: PipelinePartOptions;
  #types: StatementTypes | undefined;
  #plan: Plan | undefined;
  #text: string | undefined;
  #request: ResultRequest | undefined;
  #deferred: DeferredSink | undefined;
  /** Why it was not answered well; undefined when it was. */
  failure: Error | undefined;

  constructor(options: PipelinePartOptions) {
    super(options.sink);
    this.#options = options;
  }

  /** With `$1`, `$2`, … in the places of the values. */
  get text(): string {
    return this.#options.statement.text;
  }

  /** What was sent; undefined before. */
  get request(): ResultRequest | undefined {
    return this.#request;
  }

  /** Resolves when types that came unknown have been looked up; undefined when there were none. */
  get finished(): Promise<void> | undefined {
    return this.#deferred?.finished;
  }

  /** True when what failed may have been the way it was sent. */
  get mayHeal(): boolean {
    if (!this.failure || !this.#request) return false;
    return this.#plan?.mayHeal(this.failure, this.#request) ?? false;
  }

  /** Finds out how it is to be sent; it has failed when that cannot be. */
  async prepare(types: StatementTypes, signal: AbortSignal): Promise<void> {
    this.failure = undefined;
    this.#plan = undefined;
    this.#types = types;
    try {
      await this.#prepare(types, signal);
    } catch (error) {
      this.failure = error as Error;
    }
  }

  async #prepare(types: StatementTypes, signal: AbortSignal): Promise<void> {
    const { context, statement, settings } = this.#options;
    if (settings.simple === true) throw unfit("a simple query");
    if (copyDirection(statement.text)) throw unfit("COPY");
    if (types.session.protocol.capabilities.bindParameters) {
      const { prepare = context.prepare } = settings;
      this.#plan = await planExtended(types, statement, {
        prepare,
        guess: context.mayGuess(),
        asText: settings.shape === "raw",
        mayWait: false, // For a query of the same pipeline it would wait for ever.
        signal,
      });
    } else {
      const inference = { known: context.parameterTypes, signal };
      this.#text = (await writeLiterals(types, statement, inference)).text;
      if (!isOneStatement(this.#text, literalOptions(types.session))) {
        throw unfit("a text of no or several statements");
      }
    }
  }

  /** Forgets how it was sent: it will be sent in another way. */
  renew(): void {
    this.#plan?.renew();
    this.sink.restart?.();
  }

  /** What is to be sent, without what ends it; to be sent at once. */
  makeUnit(): Unit {
    const { session } = this.#types!;
    let unit: Unit;
    if (this.#plan) {
      const sink = this.#plan.isTyped ? this : this.#deferredSink();
      unit = this.#plan.makeUnit(sink);
    } else {
      const query = this.#text!;
      const request = new SimpleRequest({ session, query, sink: this.#deferredSink() });
      unit = { messages: [{ kind: "Query", query }], request };
    }
    this.#request = unit.request;
    return unit;
  }

  /** It is not sent after all. */
  abandon(): void {
    this.#plan?.abandon?.();
  }

  /** Tells the query's own sink what failed. */
  giveUp(error: Error): void {
    super.fail(error);
  }

  /** The decoder of rows of these columns, once their types are known. */
  decoder<Row>(fields: readonly FieldDescription[], shape: RowShape): RowDecoder<Row> {
    return this.#types!.server.plans.decoder(fields, shape);
  }

  override fail(error: Error): void {
    this.failure ??= error;
  }

  #deferredSink(): ResultSink {
    return this.#deferred = new DeferredSink(this, this.#types!);
  }
}

function unfit(what: string): TypeError {
  return new TypeError(`Cannot put ${what} into a pipeline, expected one statement a query`);
}
