/**
 * A request whose replies are the results of a query.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type { BackendMessage } from "../wire/message.ts";
import { refuseCopy } from "./copy_refusal.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import type { ResultSink } from "./result_sink.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";

/** What a result request is made of. */
export interface ResultRequestOptions {
  readonly session: Session;
  readonly query: string;
  readonly sink: ResultSink;
  /** Of the extended protocol: the rows were described when the statement was prepared. */
  readonly extended: boolean;
}

/** Hands the results of one query to its sink. */
export class ResultRequest implements Request {
  readonly query: string;
  /** Resolves with the last reply, or when the connection is gone; never rejects. */
  readonly settled: Promise<void>;
  readonly #session: Session;
  readonly #sink: ResultSink;
  readonly #extended: boolean;
  #settle!: () => void;
  #error: Error | undefined;

  constructor({ session, query, sink, extended }: ResultRequestOptions) {
    this.#session = session;
    this.query = query;
    this.#sink = sink;
    this.#extended = extended;
    this.settled = new Promise((resolve) => this.#settle = resolve);
  }

  receive(message: BackendMessage): void | Promise<void> {
    switch (message.kind) {
      case "DataRow":
        return this.#sink.rows(message);
      case "CommandComplete":
        return this.#sink.complete(message.commandTag);
      case "EmptyQueryResponse":
        return this.#sink.complete("");
      case "CopyInResponse":
      case "CopyOutResponse":
        this.#error ??= refuseCopy(this.#session, message, { extended: this.#extended });
        return;
      case "CopyData":
      case "CopyDone":
        if (this.#error) return; // Data of the COPY that was refused.
        break;
      case "ErrorResponse":
        this.#error ??= serverError(message.fields, this.query);
        return;
      case "BindComplete":
        if (this.#extended) return;
        break;
      case "CursorResponse":
        if (!this.#extended) return;
        break;
      case "RowDescription":
        if (!this.#extended) return this.#sink.description(message.fields);
    }
    throw unexpected(message, this.#extended ? "the execution of a statement" : "a simple query");
  }

  notice(fields: ErrorFields): void {
    this.#sink.notice(fields);
  }

  ready(): void {
    if (this.#error) this.fail(this.#error);
    else {
      this.#sink.end();
      this.#settle();
    }
  }

  fail(error: Error): void {
    this.#sink.fail(this.#error ?? error);
    this.#settle();
  }
}
