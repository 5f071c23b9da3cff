/**
 * A request whose replies are the results of a query.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type { BackendMessage, FieldDescription } from "../wire/backend_message.ts";
import { refuseCopy } from "./copy_refusal.ts";
import type { Statement } from "./extended_query.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import type { ResultSink } from "./result_sink.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";

/**
 * SQLSTATEs of a statement that is gone (DEALLOCATE, DISCARD) or whose columns have changed
 * since it was prepared: the next time it is prepared anew.
 */
const STALE: readonly (string | undefined)[] = ["26000", "0A000"];

/** What a result request is made of. */
export interface ResultRequestOptions {
  readonly session: Session;
  readonly query: string;
  readonly sink: ResultSink;
  /** Of the extended protocol: its rows were described when it was prepared. */
  readonly statement?: Statement;
}

/** Hands the results of one query to its sink. */
export class ResultRequest implements Request {
  readonly query: string;
  /** Resolves with the last reply, or when the connection is gone; never rejects. */
  readonly settled: Promise<void>;
  /** Called with the last reply, before the sink hears of it: who asks next finds a free session. */
  onLastReply: (() => void) | undefined;
  readonly #session: Session;
  readonly #sink: ResultSink;
  readonly #statement: Statement | undefined;
  /** Rows may come: their columns are known, and their statement is not complete. */
  #rowsMayCome: boolean;
  #answered = false;
  #settle!: () => void;
  #error: Error | undefined;

  constructor({ session, query, sink, statement }: ResultRequestOptions) {
    this.#session = session;
    this.query = query;
    this.#sink = sink;
    this.#statement = statement;
    this.#rowsMayCome = statement !== undefined && statement.fields.length > 0;
    this.settled = new Promise((resolve) => this.#settle = resolve);
  }

  receive(message: BackendMessage): void | Promise<void> {
    switch (message.kind) {
      case "DataRow":
        if (this.#rowsMayCome) return this.#sink.rows(message);
        break;
      case "CommandComplete":
        return this.#complete(message.commandTag);
      case "EmptyQueryResponse":
        return this.#complete("");
      case "CopyInResponse":
      case "CopyOutResponse":
        this.#error ??= refuseCopy(this.#session, message, { extended: this.#extended });
        return;
      case "CopyData":
      case "CopyDone":
        if (this.#error) return; // Data of the COPY that was refused.
        break;
      case "ErrorResponse":
        return this.#refused(message.fields);
      case "BindComplete":
        if (this.#extended) return;
        break;
      case "CursorResponse":
        if (!this.#extended) return;
        break;
      case "RowDescription":
        if (!this.#extended) return this.#describe(message.fields);
    }
    throw unexpected(message, this.#state);
  }

  notice(fields: ErrorFields): void {
    this.#sink.notice(fields);
  }

  ready(): void {
    if (this.#error) return this.fail(this.#error);
    if (!this.#answered) throw unexpected({ kind: "ReadyForQuery" }, this.#state);
    this.onLastReply?.();
    this.#sink.end();
    this.#settle();
  }

  fail(error: Error): void {
    this.onLastReply?.();
    this.#sink.fail(this.#error ?? error);
    this.#settle();
  }

  get #extended(): boolean {
    return this.#statement !== undefined;
  }

  get #state(): string {
    return this.#extended ? "the execution of a statement" : "a simple query";
  }

  #describe(fields: readonly FieldDescription[]): void | Promise<void> {
    this.#rowsMayCome = true;
    return this.#sink.description(fields);
  }

  #complete(commandTag: string): void {
    this.#rowsMayCome = false;
    this.#answered = true;
    this.#sink.complete(commandTag);
  }

  #refused(fields: ErrorFields): void {
    this.#error ??= serverError(fields, this.query);
    const stale = this.#statement && STALE.includes(fields.code);
    if (stale) this.#session.statements.forget(this.#statement!);
  }
}
