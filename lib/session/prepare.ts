/**
 * Parse and Describe: a statement is prepared, and the server tells of what types it is.
 *
 * @module
 */

import type { BackendMessage } from "../wire/backend_message.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";
import type { Statement, TypedQuery } from "./statement.ts";

/** Has a statement parsed and described under a name; without one it lasts until the next. */
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
  /** Undefined: not told yet. */
  #columns: Pick<Statement, "fields" | "yieldsRows"> | undefined;
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
        this.#columns = { fields: [], yieldsRows: false };
        return;
      case "ParameterDescription":
        this.#parameterOids = message.typeOids;
        return;
      case "RowDescription":
        this.#columns = { fields: message.fields, yieldsRows: true };
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
    if (!this.#columns) throw unexpected({ kind: "ReadyForQuery" }, PREPARATION);
    this.#resolve({
      name: this.name,
      query: this.query,
      parameterOids: this.#parameterOids,
      ...this.#columns,
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
