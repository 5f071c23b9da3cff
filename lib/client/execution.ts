/**
 * One run of a query: a session from the pool, the request, and giving it back.
 *
 * @module
 */

import type { Pool } from "../pool/pool.ts";
import { execute } from "../session/extended_query.ts";
import type { BoundValue } from "../session/extended_query.ts";
import type { ResultRequest } from "../session/result_request.ts";
import type { ResultSink } from "../session/result_sink.ts";
import type { Session } from "../session/session.ts";
import { simpleQuery } from "../session/simple_query.ts";
import type { RenderedSql } from "../sql/fragment.ts";
import { interpolate } from "../value/interpolate.ts";
import { encodeParameter } from "../value/parameter.ts";
import type { TypeRegistry } from "../value/type_registry.ts";
import type { ResultPlans } from "./result_plans.ts";

/** What every run of one client shares. */
export interface ExecutionContext {
  readonly pool: Pool;
  readonly registry: TypeRegistry;
  readonly plans: ResultPlans;
}

/** How a query is run. */
export interface ExecutionOptions {
  readonly statement: RenderedSql;
  /** By the simple protocol: several statements, no parameters. */
  readonly simple: boolean;
  /** On a session of its own, as a stream must be. */
  readonly exclusive: boolean;
  readonly sink: ResultSink;
}

/**
 * The server takes what follows a COPY FROM STDIN for its data, so nothing may be sent behind
 * it. A text that only mentions the two words just has its connection for itself.
 */
const COPY_IN: RegExp = /\bcopy\b[^]*\bstdin\b/i;

/** One run of a query. */
export class Execution {
  readonly #context: ExecutionContext;
  readonly #options: ExecutionOptions;
  readonly #controller = new AbortController();
  #session: Session | undefined;
  #request: ResultRequest | undefined;

  constructor(context: ExecutionContext, options: ExecutionOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Runs to the end. Never rejects: whatever happens is told to the sink, once. */
  async run(): Promise<void> {
    const { statement, sink } = this.#options;
    const exclusive = this.#options.exclusive || COPY_IN.test(statement.text);
    const { signal } = this.#controller;
    try {
      const lease = await this.#context.pool.acquire({ exclusive, signal });
      try {
        const { session } = lease;
        this.#session = session;
        this.#request = await this.#send(session);
        this.#request.onLastReply = () => session.cancelling ? undefined : lease.release();
        if (signal.aborted) this.cancel(signal.reason);
        await this.#request.settled;
        await session.cancelled; // Whoever comes next could do nothing but wait for that.
      } finally {
        lease.release();
      }
    } catch (error) {
      sink.fail(error as Error);
    }
  }

  /** Ends the run: takes it out of the pool's queue, or has the server told to stop. */
  cancel(reason?: unknown): void {
    this.#controller.abort(reason);
    if (this.#request) this.#session?.cancel(this.#request);
  }

  async #send(session: Session): Promise<ResultRequest> {
    const { statement: { text, values }, simple, sink } = this.#options;
    const { signal } = this.#controller;
    signal.throwIfAborted();
    if (!session.protocol.capabilities.bindParameters) {
      const query = values.length > 0 ? withLiterals(session, text, values) : text;
      return simpleQuery(session, query, sink);
    }
    if (simple) {
      if (values.length === 0) return simpleQuery(session, text, sink);
      throw new TypeError(
        "Cannot use parameters in a simple query: only the extended protocol has them",
      );
    }
    const prepared = await session.statements.get(text, signal);
    signal.throwIfAborted();
    return execute(session, prepared, {
      values: this.#bind(prepared.parameterOids, values),
      fields: this.#context.plans.fields(prepared),
      sink,
    });
  }

  #bind(oids: readonly number[], values: readonly unknown[]): readonly BoundValue[] {
    if (oids.length !== values.length) {
      throw new TypeError(
        `Cannot bind ${values.length} values: the statement has ${oids.length} parameters`,
      );
    }
    return values.map((value, i) =>
      encodeParameter(this.#context.registry, { typeOid: oids[i], value, index: i + 1 })
    );
  }
}

/** Where there are no bind parameters: the values as literals, quoted as this server reads them. */
function withLiterals(session: Session, text: string, values: readonly unknown[]): string {
  const setting = session.parameters.get("standard_conforming_strings");
  return interpolate(text, values, { standardConformingStrings: setting === "on" });
}
