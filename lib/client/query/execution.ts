/**
 * One run of a query: a session, the request, a second try where the first was at fault, and
 * giving the session back.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import type { RowDecoder, RowShape } from "../../rows/row_decoder.ts";
import { sendUnit } from "../../session/execute.ts";
import type { ResultRequest } from "../../session/result_request.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { Session } from "../../session/session.ts";
import { simpleQuery } from "../../session/simple_query.ts";
import type { RenderedSql } from "../../sql/fragment.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";
import { MENTIONS_COPY_IN } from "../copy/copy_text.ts";
import { DeferredSink } from "./deferred_sink.ts";
import { refuseForPooler } from "./execution_context.ts";
import type { ExecutionContext } from "./execution_context.ts";
import { ForwardingSink } from "./forwarding_sink.ts";
import { planExtended } from "./extended_plan.ts";
import type { Plan } from "./extended_plan.ts";
import { writeLiterals } from "./literal_query.ts";
import type { Lease, StreamControl } from "../lending/session_lender.ts";
import { StatementTypes } from "../types/statement_types.ts";
import { TypedSink } from "./typed_sink.ts";

/** How a query is run. */
export interface ExecutionOptions {
  readonly statement: RenderedSql;
  /** By the simple protocol: several statements, no parameters. */
  readonly simple: boolean;
  /** False: no statement that lasts is prepared. */
  readonly prepare: boolean;
  /** True: columns are wanted in their text form. */
  readonly asText: boolean;
  /** True: the rows are read one after the other, at the reader's pace. */
  readonly stream: boolean;
  readonly sink: ResultSink;
  /** Of a stream. */
  readonly control?: StreamControl;
}

/** One run of a query. Stands between the session and the sink, to catch what can be healed. */
export class Execution extends ForwardingSink {
  readonly #context: ExecutionContext;
  readonly #options: ExecutionOptions;
  readonly #controller = new AbortController();
  #lease: Lease | undefined;
  #types: StatementTypes | undefined;
  #plan: Plan | undefined;
  #request: ResultRequest | undefined;
  #deferred: DeferredSink | undefined;
  /** On 2.0, what the values were written as. */
  #oids: readonly number[] = [];
  #firstError: Error | undefined;
  /** Whether the run was at fault: undefined until it was, true while it is to be run again. */
  #again: boolean | undefined;

  constructor(context: ExecutionContext, options: ExecutionOptions) {
    super(options.sink);
    this.#context = context;
    this.#options = options;
  }

  /** Runs to the end. Never rejects: whatever happens is told to the sink, once. */
  async run(): Promise<void> {
    const { statement, stream, control } = this.#options;
    const exclusive = stream || MENTIONS_COPY_IN.test(statement.text);
    const { signal } = this.#controller;
    try {
      refuseForPooler(this.#context, statement.text);
      const lease = await this.#context.lender.acquire({ exclusive, stream, signal, control });
      try {
        this.#lease = lease;
        await this.#runOn(lease.session);
      } finally {
        lease.release();
      }
    } catch (error) {
      super.fail(error as Error);
    }
  }

  /** Ends the run: takes it out of the queue for a session, or has the server told to stop. */
  cancel(reason?: unknown): void {
    this.#controller.abort(reason);
    if (this.#request) this.#lease?.session.cancel(this.#request);
  }

  /** The decoder of rows of these columns, once their types are known. */
  decoder<Row>(fields: readonly FieldDescription[], shape: RowShape): RowDecoder<Row> {
    return this.#types!.server.plans.decoder(fields, shape);
  }

  override end(): void {
    this.#release();
    super.end();
  }

  override fail(error: Error): void {
    if (this.#mayHeal(error)) {
      this.#firstError = error;
      this.#renew();
      this.#again = true;
      return;
    }
    this.#release();
    super.fail(error);
  }

  async #runOn(session: Session): Promise<void> {
    this.#types = new StatementTypes(this.#context, session);
    do {
      this.#again &&= false;
      this.#request = await this.#send(session);
      this.#lease!.sent?.();
      if (this.#controller.signal.aborted) this.cancel(this.#controller.signal.reason);
      await this.#request.settled;
      await this.#deferred?.finished;
    } while (this.#again);
    await session.cancelled; // Whoever comes next could do nothing but wait for that.
  }

  async #send(session: Session): Promise<ResultRequest> {
    const { statement, simple, prepare, stream, asText } = this.#options;
    const { signal } = this.#controller;
    signal.throwIfAborted();
    if (simple) return simpleQuery(session, textAlone(statement), this.#untypedSink());
    if (!session.protocol.capabilities.bindParameters) {
      return simpleQuery(session, await this.#writeLiterals(), this.#untypedSink());
    }
    const guess = !stream && this.#context.mayGuess();
    const options = { prepare, guess, asText, mayWait: true, signal };
    this.#plan = await planExtended(this.#types!, statement, options);
    return sendUnit(session, this.#plan.makeUnit(this.#plan.isTyped ? this : this.#untypedSink()));
  }

  /** For rows whose types are not known before the query is sent. */
  #untypedSink(): ResultSink {
    if (!this.#options.stream) return this.#deferred = new DeferredSink(this, this.#types!);
    return new TypedSink({
      sink: this,
      lookUp: (oids) => this.#types!.lookUpAside(oids),
      onFailure: () => this.cancel(),
    });
  }

  /** Once, where nothing was done and nothing was lost: outside of a transaction. */
  #mayHeal(error: Error): boolean {
    const { session } = this.#lease!;
    if (this.#again !== undefined || this.#controller.signal.aborted || !session.usable) {
      return false;
    }
    if (session.transactionStatus !== "I" || !this.#request) return false;
    if (this.#plan) return this.#plan.mayHeal(error, this.#request);
    return this.#oids.length > 0 && error instanceof DatabaseError;
  }

  #renew(): void {
    const { session } = this.#lease!;
    if (this.#plan) this.#plan.renew();
    else this.#context.parameterTypes.forget(session, this.#options.statement);
  }

  /** On 2.0 a query that failed is only sent again when its parameters have become others. */
  async #writeLiterals(): Promise<string> {
    const { signal } = this.#controller;
    const inference = { known: this.#context.parameterTypes, signal };
    const { text, oids } = await writeLiterals(this.#types!, this.#options.statement, inference);
    signal.throwIfAborted();
    if (this.#firstError && oids.join() === this.#oids.join()) throw this.#firstError;
    this.#oids = oids;
    return text;
  }

  /** With the last reply, before the caller hears of it: who asks next finds a free session. */
  #release(): void {
    if (!this.#lease?.session.cancelling) this.#lease?.release();
  }
}

function textAlone({ text, values }: RenderedSql): string {
  if (values.length === 0) return text;
  throw new TypeError(
    "Cannot use parameters in a simple query: only the extended protocol has them",
  );
}
