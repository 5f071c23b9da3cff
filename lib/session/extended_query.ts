/**
 * The extended query protocol: a statement is prepared once, then bound and
 * executed with values. Each of the two is one unit with a Sync of its own.
 *
 * @module
 */

import type { BackendMessage, FieldDescription } from "../wire/backend_message.ts";
import type { Format } from "../wire/message.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import { ResultRequest } from "./result_request.ts";
import type { ResultSink } from "./result_sink.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";

/** A prepared statement, as the server described it. */
export interface Statement {
  /** The server's name of it. */
  readonly name: string;
  readonly query: string;
  /** The type of each parameter, as it was asked for or inferred. */
  readonly parameterOids: readonly number[];
  /** The columns of its rows; empty when it yields none. */
  readonly fields: readonly FieldDescription[];
}

/** A value to bind. */
export interface BoundValue {
  readonly format: Format;
  /** Null: NULL. */
  readonly bytes: Uint8Array | null;
}

/** What a statement is executed with. */
export interface ExecuteOptions {
  readonly values: readonly BoundValue[];
  /** {@linkcode Statement.fields}, each with the format it is wanted in. */
  readonly fields: readonly FieldDescription[];
}

/** A query, and the types that its parameters are to have: 0 where the server infers them. */
export interface TypedQuery {
  readonly query: string;
  readonly typeOids: readonly number[];
}

/** Has a statement parsed and described under a name. */
export function prepare(
  session: Session,
  name: string,
  { query, typeOids }: TypedQuery,
): Preparation {
  const preparation = new Preparation(name, query);
  session.send([
    { kind: "Parse", statement: name, query, typeOids },
    { kind: "Describe", target: "S", name },
    { kind: "Sync" },
  ], preparation);
  return preparation;
}

/** Executes a prepared statement; its rows go to the sink. */
export function execute(
  session: Session,
  statement: Statement,
  { values, fields, sink }: ExecuteOptions & { readonly sink: ResultSink },
): ResultRequest {
  const { query } = statement;
  const request = new ResultRequest({ session, query, sink, statement });
  if (fields.length > 0) sink.description(fields);
  session.send([
    {
      kind: "Bind",
      portal: "",
      statement: statement.name,
      parameterFormats: values.map((value) => value.format),
      parameters: values.map((value) => value.bytes),
      resultFormats: fields.map((field) => field.format),
    },
    { kind: "Execute", portal: "", maxRows: 0 },
    { kind: "Sync" },
  ], request);
  return request;
}

/** Forgets a prepared statement; nobody waits for it. */
export function closeStatement(session: Session, name: string): void {
  session.send([{ kind: "Close", target: "S", name }, { kind: "Sync" }], new CloseStatement());
}

const PREPARATION = "the preparation of a statement";

/** The request that a statement comes of. */
export class Preparation implements Request {
  readonly query: string;
  /** Rejects with what the server says of it, or when the connection is gone. */
  readonly statement: Promise<Statement>;
  /** The server's name of the statement. */
  readonly name: string;
  #resolve!: (statement: Statement) => void;
  #reject!: (error: Error) => void;
  #parameterOids: readonly number[] = [];
  /** Undefined: not told yet; empty: it yields no rows. */
  #fields: readonly FieldDescription[] | undefined;
  #error: Error | undefined;

  constructor(name: string, query: string) {
    this.name = name;
    this.query = query;
    this.statement = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  receive(message: BackendMessage): void {
    switch (message.kind) {
      case "ParseComplete":
        return;
      case "NoData":
        this.#fields = [];
        return;
      case "ParameterDescription":
        this.#parameterOids = message.typeOids;
        return;
      case "RowDescription":
        this.#fields = message.fields;
        return;
      case "ErrorResponse":
        this.#error ??= serverError(message.fields, this.query);
        return;
      default:
        throw unexpected(message, PREPARATION);
    }
  }

  ready(): void {
    if (this.#error) return this.#reject(this.#error);
    if (!this.#fields) throw unexpected({ kind: "ReadyForQuery" }, PREPARATION);
    this.#resolve({
      name: this.name,
      query: this.query,
      parameterOids: this.#parameterOids,
      fields: this.#fields,
    });
  }

  fail(error: Error): void {
    this.#reject(this.#error ?? error);
  }
}

class CloseStatement implements Request {
  receive(message: BackendMessage): void {
    if (message.kind === "CloseComplete" || message.kind === "ErrorResponse") return;
    throw unexpected(message, "the closing of a statement");
  }

  ready(): void {}

  fail(): void {}
}
