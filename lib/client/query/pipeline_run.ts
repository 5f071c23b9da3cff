/**
 * The run of a pipeline on one session.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import { sendUnit } from "../../session/execute.ts";
import type { Unit } from "../../session/execute.ts";
import { PipelineRequest } from "../../session/pipeline_request.ts";
import type { Session } from "../../session/session.ts";
import type { Lease } from "../lending/session_lender.ts";
import { StatementTypes } from "../types/statement_types.ts";
import { refuseForPooler } from "./execution_context.ts";
import type { ExecutionContext } from "./execution_context.ts";
import { PipelinePart } from "./pipeline_part.ts";
import type { Executor, Running } from "./query_run.ts";

/** Whether queries end each by itself or all together. */
export type PipelineSync = "each" | "one";

/** Runs the queries that were added, once. */
export class PipelineRun {
  readonly #context: ExecutionContext;
  readonly #sync: PipelineSync;
  readonly #parts: PipelinePart[] = [];
  readonly #controller = new AbortController();
  #session: Session | undefined;
  /** Of all, where they end together. */
  #request: PipelineRequest | undefined;
  /** What a query that could not even be added is rejected with. */
  #refused: Promise<unknown> | undefined;
  #cancelled = 0;

  constructor(context: ExecutionContext, sync: PipelineSync) {
    this.#context = context;
    this.#sync = sync;
  }

  /** Queries that were added. */
  get size(): number {
    return this.#parts.length;
  }

  /** What ended all of them before their time; undefined when nothing did. */
  get givenUpFor(): unknown {
    return this.#controller.signal.reason;
  }

  /** Takes a query in; it is run with the others. */
  readonly add: Executor = (statement, { sink, settings }): Running => {
    const part = new PipelinePart({ context: this.#context, statement, sink, settings });
    this.#parts.push(part);
    return {
      cancel: (reason) => this.#cancel(part, reason),
      decoder: (fields, shape) => part.decoder(fields, shape),
    };
  };

  /** A query could not be added: its rows are rejected, or about to be. */
  refuse(rows: Promise<unknown>): void {
    this.#refused ??= rows.catch((error) => error);
  }

  /** Runs all to the end. Never rejects: whatever happens is told to the queries. */
  async run(): Promise<void> {
    const { signal } = this.#controller;
    try {
      await this.#checkAll();
      if (this.#parts.length === 0) return;
      const lease = await this.#context.lender.acquire({ exclusive: false, signal });
      try {
        this.#session = lease.session;
        await this.#runOn(lease);
        await lease.session.cancelled;
      } finally {
        lease.release();
      }
    } catch (error) {
      for (const part of this.#parts) part.giveUp(error as Error);
    }
  }

  async #checkAll(): Promise<void> {
    if (this.#refused && this.#sync === "one") throw notRun(await this.#refused);
    for (const part of this.#parts) refuseForPooler(this.#context, part.text);
  }

  async #runOn(lease: Lease): Promise<void> {
    const { session } = lease;
    const types = new StatementTypes(this.#context, session);
    await this.#send(types, this.#parts, lease);
    const ill = this.#illParts(session);
    for (const part of ill) part.renew();
    if (ill.length > 0) await this.#send(types, ill, lease);
    for (const part of this.#parts) if (part.failure) part.giveUp(part.failure);
  }

  async #send(
    types: StatementTypes,
    parts: readonly PipelinePart[],
    lease: Lease,
  ): Promise<void> {
    const { signal } = this.#controller;
    await Promise.all(parts.map((part) => part.prepare(types, signal)));
    const failed = parts.find((part) => part.failure);
    if (signal.aborted || (failed && this.#sync === "one")) {
      return abandon(parts, failed?.failure ?? signal.reason);
    }
    const units = parts.filter((part) => !part.failure).map((part) => part.makeUnit());
    const answered = this.#sync === "one"
      ? this.#sendAsOne(types.session, units)
      : this.#sendEach(types.session, units);
    lease.sent?.();
    await answered;
    await Promise.all(parts.map((part) => part.finished));
  }

  async #sendEach(session: Session, units: readonly Unit[]): Promise<void> {
    const { bindParameters } = session.protocol.capabilities;
    for (const unit of units) {
      if (bindParameters) sendUnit(session, unit);
      else session.send(unit.messages, unit.request); // A simple query ends by itself.
      if (this.#context.pooler?.maxPipelined === 1) await unit.request.settled;
    }
    await Promise.all(units.map(({ request }) => request.settled));
  }

  async #sendAsOne(session: Session, units: readonly Unit[]): Promise<void> {
    const { bindParameters } = session.protocol.capabilities;
    const request = new PipelineRequest(units.map(({ request }) => request), {
      joined: !bindParameters,
    });
    this.#request = request;
    if (bindParameters) {
      session.send([...units.flatMap(({ messages }) => messages), { kind: "Sync" }], request);
    } else {
      session.send([{ kind: "Query", query: request.query }], request);
    }
    await request.settled;
  }

  /** Those to be sent once more, in another way; of a pipeline that ends as one, all. */
  #illParts(session: Session): readonly PipelinePart[] {
    if (session.transactionStatus !== "I" || !session.usable || this.#controller.signal.aborted) {
      return [];
    }
    if (this.#sync === "each") return this.#parts.filter((part) => part.mayHeal);
    const culprit = this.#parts[this.#request?.failedAt ?? -1];
    return culprit?.mayHeal ? this.#parts : [];
  }

  /** All or nothing: where they end together, one that is given up ends all. */
  #cancel(part: PipelinePart, reason: unknown): void {
    const endsAll = this.#sync === "one" || ++this.#cancelled === this.#parts.length;
    if (endsAll) this.#controller.abort(reason);
    const request = this.#sync === "one" ? this.#request : part.request;
    if (request) this.#session?.cancel(request);
  }
}

/** Nothing is sent: who asked for all of it gets none of it. */
function abandon(parts: readonly PipelinePart[], cause: unknown): void {
  for (const part of parts) {
    part.abandon();
    part.failure ??= notRun(cause);
  }
}

function notRun(cause: unknown): DatabaseError {
  return new DatabaseError({
    severity: "ERROR",
    code: "25P02",
    message: "Cannot run the query: another query of its pipeline cannot be run",
  }, { condition: "in_failed_sql_transaction", cause });
}
