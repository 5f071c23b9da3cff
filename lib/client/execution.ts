/**
 * One run of a query: a session from the pool, the request, and giving it back.
 *
 * @module
 */

import type { Pool } from "../pool/pool.ts";
import type { RowDecoder, RowShape } from "../rows/row_decoder.ts";
import { execute } from "../session/extended_query.ts";
import type { ResultRequest } from "../session/result_request.ts";
import type { ResultSink } from "../session/result_sink.ts";
import type { Session } from "../session/session.ts";
import { simpleQuery } from "../session/simple_query.ts";
import type { RenderedSql } from "../sql/fragment.ts";
import { interpolate } from "../value/literal/interpolate.ts";
import { encodeParameter, formatParameter } from "../value/parameter.ts";
import type { Parameter } from "../value/parameter.ts";
import { isPreparable } from "../value/literal/preparable.ts";
import { TypedValue } from "../value/registry/typed_value.ts";
import type { FieldDescription } from "../wire/backend_message.ts";
import type { ParameterTypes } from "./parameter_types.ts";
import type { ClientTypes, LendSession, ServerTypes } from "./server_types.ts";
import { TypedSink } from "./typed_sink.ts";

/** What every run of one client shares. */
export interface ExecutionContext {
  readonly pool: Pool;
  readonly types: ClientTypes;
  readonly parameterTypes: ParameterTypes;
  /** Opens a session beside the pool, to the server that `Session.server` names. */
  readonly openAside: (server: string) => Promise<Session>;
  /** True: undefined is sent as NULL; false: it is an error. */
  readonly undefinedAsNull: boolean;
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
  #types: ServerTypes | undefined;
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

  /** The decoder of rows of these columns, once their types are known. */
  decoder<Row>(fields: readonly FieldDescription[], shape: RowShape): RowDecoder<Row> {
    return this.#types!.plans.decoder(fields, shape);
  }

  async #send(session: Session): Promise<ResultRequest> {
    const { statement, simple } = this.#options;
    this.#controller.signal.throwIfAborted();
    this.#types = this.#context.types.of(session);
    if (!session.protocol.capabilities.bindParameters) {
      return this.#sendSimple(session, await this.#interpolate(session, statement));
    }
    if (!simple) return this.#sendExtended(session, statement);
    if (statement.values.length === 0) return this.#sendSimple(session, statement.text);
    throw new TypeError(
      "Cannot use parameters in a simple query: only the extended protocol has them",
    );
  }

  #sendSimple(session: Session, query: string): ResultRequest {
    this.#controller.signal.throwIfAborted();
    const sink = new TypedSink({
      sink: this.#options.sink,
      // Its own session is busy with the rows that wait for the answer.
      lookUp: (oids) => this.#lookUp(oids, (ask) => this.#askAside(session.server, ask)),
      onFailure: () => this.cancel(),
    });
    return simpleQuery(session, query, sink);
  }

  async #sendExtended(session: Session, { text, values }: RenderedSql): Promise<ResultRequest> {
    const { signal } = this.#controller;
    const typeOids = values.map(typeOidOfValue);
    const prepared = await session.statements.get({ query: text, typeOids }, signal);
    checkCount(prepared.parameterOids, values);
    const oids = [...prepared.parameterOids, ...prepared.fields.map(({ typeOid }) => typeOid)];
    const lookingUp = this.#lookUp(oids, (ask) => ask(session));
    if (lookingUp) await lookingUp; // Not a turn later when all is known, as nearly always.
    signal.throwIfAborted();
    return execute(session, prepared, {
      values: values.map((value, i) =>
        encodeParameter(this.#types!.registry, this.#parameter(value, i, prepared.parameterOids))
      ),
      fields: this.#types!.plans.fields(prepared),
      sink: this.#options.sink,
    });
  }

  /** Where there are no bind parameters: the query with its values as literals. */
  async #interpolate(session: Session, { text, values }: RenderedSql): Promise<string> {
    if (values.length === 0) return text;
    const { registry } = this.#types!;
    const setting = session.parameters.get("standard_conforming_strings");
    const options = { standardConformingStrings: setting === "on" };
    const oids = isPreparable(text, options)
      ? await this.#inferTypes(session, { text, values })
      : values.map(typeOidOfValue);
    const placed = values.map((value, i) => ({
      text: formatParameter(registry, this.#parameter(value, i, oids)),
      typeName: registry.sqlName(oids[i]),
    }));
    return interpolate(text, placed, options);
  }

  async #inferTypes(session: Session, { text, values }: RenderedSql): Promise<readonly number[]> {
    const { registry, plain } = this.#types!;
    const said = values.map(typeOidOfValue);
    const typeNames = said.some((oid) => oid !== 0)
      ? said.map((oid) => registry.sqlName(oid) ?? "unknown")
      : [];
    const oids = await this.#context.parameterTypes.get(session, text, { typeNames, plans: plain });
    checkCount(oids, values);
    await this.#lookUp(oids, (ask) => ask(session));
    return oids;
  }

  #parameter(value: unknown, i: number, oids: readonly number[]): Parameter {
    const given = value instanceof TypedValue ? value.value : value;
    const isNull = given === undefined && this.#context.undefinedAsNull;
    return { typeOid: oids[i], value: isNull ? null : given, index: i + 1 };
  }

  #lookUp(oids: readonly number[], lend: LendSession): Promise<void> | undefined {
    const unknown = this.#types!.unknown(oids);
    return unknown.length > 0 ? this.#types!.lookUp(unknown, lend) : undefined;
  }

  async #askAside<T>(server: string, ask: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#context.openAside(server);
    try {
      return await ask(session);
    } finally {
      await session.close();
    }
  }
}

function typeOidOfValue(value: unknown): number {
  return value instanceof TypedValue ? value.typeOid : 0;
}

function checkCount(oids: readonly number[], values: readonly unknown[]): void {
  if (oids.length === values.length) return;
  throw new TypeError(
    `Cannot bind ${values.length} values: the statement has ${oids.length} parameters`,
  );
}
