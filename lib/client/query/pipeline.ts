/**
 * Many queries in one write.
 *
 * @module
 */

import type { RowList } from "../../rows/row_list.ts";
import { sendUnit } from "../../session/execute.ts";
import type { Unit } from "../../session/execute.ts";
import { PipelineRequest } from "../../session/pipeline_request.ts";
import type { Request } from "../../session/request.ts";
import type { Session } from "../../session/session.ts";
import {
  checkCallOptions,
  millisecondsKind,
  signalKind,
  wordKind,
} from "../options/call_options.ts";
import { watchForAbort } from "./abort.ts";
import { refuseForPooler } from "./execution_context.ts";
import type { ExecutionContext } from "./execution_context.ts";
import { PipelinePart } from "./pipeline_part.ts";
import { Query } from "./query.ts";
import type { Lease } from "../lending/session_lender.ts";
import type { Running } from "./query_run.ts";
import { StatementTypes } from "../types/statement_types.ts";

/** See {@linkcode SqlTag.pipeline}. */
export interface PipelineOptions {
  /**
   * `each`: every query ends by itself, and those behind one that fails are run. `one`: all end
   * together; when one fails those behind it are not run, and outside of a transaction what the
   * others did is undone. Default `each`.
   */
  readonly sync?: "each" | "one";
  /** Rejects all queries with the signal's reason, and has the server told to stop. */
  readonly signal?: AbortSignal;
  /** Milliseconds for all; default: no limit but the queries' own. */
  readonly timeoutMs?: number;
}

/** What queries give, each by its own type. */
export type PipelineResults<Queries extends readonly unknown[]> = {
  -readonly [Key in keyof Queries]: Queries[Key] extends Query<infer Row> ? RowList<Row> : never;
};

/**
 * Runs queries in one write, their results in one answer. Each is a query that can be awaited by
 * itself as well, to see which failed.
 *
 * @throws what the first query failed with, or the one that brought the others down
 */
export async function runPipeline<const Queries extends readonly Query<unknown>[]>(
  context: ExecutionContext,
  queries: Queries,
  options: PipelineOptions = {},
): Promise<PipelineResults<Queries>> {
  const { sync = "each", signal, timeoutMs } = checkCallOptions(options, {
    title: "a pipeline",
    kinds: { sync: wordKind("each", "one"), signal: signalKind, timeoutMs: millisecondsKind },
    spellings: { timeout: "timeoutMs" },
  });
  signal?.throwIfAborted();
  if (queries.length === 0) return [] as unknown as PipelineResults<Queries>;
  const pipeline = new Pipeline(context, sync);
  const joined = queries.map((query) => Query.join(query, { context, execute: pipeline.add }));
  const unwatch = watchForAbort(
    { signals: [signal], timeoutMs, what: "The pipeline" },
    (reason) => joined.forEach(({ abort }) => abort(reason)),
  );
  const outcomes = Promise.allSettled(joined.map(({ rows }) => rows));
  await pipeline.run();
  const settled = await outcomes;
  unwatch();
  const failures = settled.filter((one) => one.status === "rejected").map(({ reason }) => reason);
  if (failures.length > 0) throw culprit(failures);
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as PipelineResults<
    Queries
  >;
}

/** The failure that the others came of, if there is one. */
function culprit([first, ...others]: readonly unknown[]): unknown {
  const cause = (first as { readonly cause?: unknown } | undefined)?.cause;
  return others.includes(cause) ? cause : first;
}

/** The run of a pipeline on one session. */
class Pipeline {
  readonly #context: ExecutionContext;
  readonly #sync: "each" | "one";
  readonly #parts: PipelinePart[] = [];
  readonly #controller = new AbortController();
  #session: Session | undefined;
  /** Of all, where they end together. */
  #request: PipelineRequest | undefined;
  #cancelled = 0;

  constructor(context: ExecutionContext, sync: "each" | "one") {
    this.#context = context;
    this.#sync = sync;
  }

  /** Takes a query in; it is run with the others. */
  readonly add: Parameters<typeof Query.join>[1]["execute"] = (
    statement,
    { sink, settings },
  ): Running => {
    const part = new PipelinePart({ context: this.#context, statement, sink, settings });
    this.#parts.push(part);
    return {
      cancel: () => this.#cancel(part),
      decoder: (fields, shape) => part.decoder(fields, shape),
    };
  };

  /** Runs all to the end. Never rejects: whatever happens is told to the queries. */
  async run(): Promise<void> {
    if (this.#parts.length === 0) return; // All were refused, or aborted before.
    const { signal } = this.#controller;
    try {
      for (const part of this.#parts) refuseForPooler(this.#context, part.text);
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

  async #runOn(lease: Lease): Promise<void> {
    const { session } = lease;
    const types = new StatementTypes(this.#context, session);
    await this.#send(types, this.#parts, lease);
    const ill = this.#illParts(session);
    if (ill.length > 0) await this.#send(types, ill, lease);
    for (const part of this.#parts) if (part.failure) part.giveUp(part.failure);
  }

  async #send(
    types: StatementTypes,
    parts: readonly PipelinePart[],
    lease: Lease,
  ): Promise<void> {
    const { signal } = this.#controller;
    const outcomes = await Promise.allSettled(parts.map((part) => part.prepare(types, signal)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed || signal.aborted) {
      // Nothing was sent: who asked for all of it gets none of it.
      for (const part of parts) part.abandon();
      throw failed ? failed.reason : signal.reason;
    }
    const units = parts.map((part) => part.makeUnit());
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
    const request = new PipelineRequest(units.map(({ request }) => request));
    this.#request = request;
    const { bindParameters } = session.protocol.capabilities;
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
    const ill = this.#parts.filter((part) => part.mayHeal);
    return this.#sync === "one" && ill.length > 0 ? this.#parts : ill;
  }

  #cancel(part: PipelinePart): void {
    if (++this.#cancelled === this.#parts.length) this.#controller.abort();
    const request: Request | undefined = this.#sync === "one"
      ? this.#controller.signal.aborted ? this.#request : undefined
      : part.request;
    if (request) this.#session?.cancel(request);
  }
}
