/**
 * A request whose replies are the results of a query: what the simple and the extended
 * protocol have in common.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type {
  BackendMessage,
  CopyInResponse,
  CopyOutResponse,
  DataRow,
} from "../wire/backend_message.ts";
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
}

/** Hands the results of one query to its sink. */
export abstract class ResultRequest implements Request {
  readonly query: string;
  /** Resolves with the last reply, or when the connection is gone; never rejects. */
  readonly settled: Promise<void>;
  /** Called with the last reply, before the sink hears of it: who asks next finds a free session. */
  onLastReply: (() => void) | undefined;
  protected readonly session: Session;
  protected readonly sink: ResultSink;
  /** Rows may come: their columns are known, and their statement is not complete. */
  protected rowsMayCome = false;
  #answered = false;
  #error: Error | undefined;
  #settle!: () => void;

  constructor({ session, query, sink }: ResultRequestOptions) {
    this.session = session;
    this.query = query;
    this.sink = sink;
    this.settled = new Promise((resolve) => this.#settle = resolve);
  }

  /** True once a statement is complete: of the extended protocol's one statement, all came. */
  get answered(): boolean {
    return this.#answered;
  }

  /** What error texts say this is. */
  protected abstract readonly state: string;
  /** True: a Sync was sent behind it. */
  protected abstract readonly extended: boolean;

  abstract receive(message: BackendMessage): void | Promise<void>;

  notice(fields: ErrorFields): void {
    this.sink.notice(fields);
  }

  ready(): void {
    if (this.#error) return this.fail(this.#error);
    if (!this.#answered) throw unexpected({ kind: "ReadyForQuery" }, this.state);
    this.onLastReply?.();
    this.sink.end();
    this.#settle();
  }

  fail(error: Error): void {
    this.onLastReply?.();
    this.sink.fail(this.#error ?? error);
    this.#settle();
  }

  /** Takes what both protocols answer alike. */
  protected receiveResult(message: BackendMessage): void | Promise<void> {
    switch (message.kind) {
      case "DataRow":
        return this.#rows(message);
      case "CommandComplete":
        return this.complete(message.commandTag);
      case "EmptyQueryResponse":
        return this.complete("");
      case "CopyInResponse":
      case "CopyOutResponse":
        return this.#refuse(message);
      case "CopyData":
      case "CopyDone":
        if (this.#error) return; // Data of the COPY that was refused.
        break;
      case "ErrorResponse":
        this.#error ??= serverError(message.fields, this.query);
        return;
    }
    throw unexpected(message, this.state);
  }

  /** A statement is done; what is given is told to the sink. */
  protected complete(commandTag?: string): void {
    this.rowsMayCome = false;
    this.#answered = true;
    if (commandTag !== undefined) this.sink.complete(commandTag);
  }

  #rows(run: DataRow): void | Promise<void> {
    if (!this.rowsMayCome) throw unexpected(run, this.state);
    return this.sink.rows(run);
  }

  #refuse(message: CopyInResponse | CopyOutResponse): void {
    this.#error ??= refuseCopy(this.session, message, { extended: this.extended });
  }
}
