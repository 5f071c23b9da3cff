/**
 * Several queries that end together: on 3.x with one Sync, on 2.0 as one text. The server
 * keeps what all of them did, or nothing.
 *
 * @module
 */

import { DatabaseError } from "../errors.ts";
import type { ErrorFields } from "../errors.ts";
import type { BackendMessage } from "../wire/backend_message.ts";
import { lossFor } from "./loss.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import type { ResultRequest } from "./result_request.ts";
import { serverError } from "./server_error.ts";

const PIPELINE = "a pipeline";

/** Hands each reply to the query whose turn it is. */
export class PipelineRequest implements Request {
  readonly query: string;
  /** Resolves with the last reply, or when the connection is gone; never rejects. */
  readonly settled: Promise<void>;
  readonly #parts: readonly ResultRequest[];
  /** The query whose replies come; behind the last when all are complete. */
  #current = 0;
  /** What ended the pipeline early: the query at fault, undefined when it was the end itself. */
  #failure: { readonly error: Error; readonly at: number | undefined } | undefined;
  #settle!: () => void;

  constructor(parts: readonly ResultRequest[]) {
    this.#parts = parts;
    this.query = parts.map(({ query }) => query).join(";\n");
    this.settled = new Promise((resolve) => this.#settle = resolve);
  }

  receive(message: BackendMessage): void | Promise<void> {
    if (message.kind === "ErrorResponse") return this.#fail(message.fields);
    const part = this.#parts[this.#current];
    if (part === undefined || this.#failure) throw unexpected(message, PIPELINE);
    const wait = part.receive(message);
    if (part.answered) this.#current++;
    return wait;
  }

  notice(fields: ErrorFields): void {
    this.#parts[Math.min(this.#current, this.#parts.length - 1)].notice(fields);
  }

  ready(): void {
    if (!this.#failure && this.#current < this.#parts.length) {
      throw unexpected({ kind: "ReadyForQuery" }, PIPELINE);
    }
    for (const [i, part] of this.#parts.entries()) {
      if (this.#failure) part.fail(this.#errorOf(i));
      else part.ready();
    }
    this.#settle();
  }

  fail(error: Error): void {
    for (const part of this.#parts) part.fail(lossFor(error));
    this.#settle();
  }

  #fail(fields: ErrorFields): void {
    const at = this.#current < this.#parts.length ? this.#current : undefined;
    const query = at === undefined ? undefined : this.#parts[at].query;
    this.#failure ??= { error: serverError(fields, query), at };
  }

  /** What a query of a failed pipeline is rejected with: undone is undone, whoever's fault it was. */
  #errorOf(index: number): Error {
    const { error, at } = this.#failure!;
    if (index === at) return error;
    const culprit = at === undefined
      ? "the end of the pipeline"
      : `query ${at + 1} of the pipeline`;
    return new DatabaseError({
      severity: "ERROR",
      code: "25P02",
      message: `Cannot keep what the query did: ${culprit} failed (${error.message})`,
    }, {
      condition: "in_failed_sql_transaction",
      query: this.#parts[index].query,
      safeToRetry: error instanceof DatabaseError && error.safeToRetry,
      cause: error,
    });
  }
}
