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
/** The line end closes a comment that a query may end in. */
const SEPARATOR = "\n;\n";

/** Hands each reply to the query whose turn it is. */
export class PipelineRequest implements Request {
  readonly query: string;
  /** Resolves with the last reply, or when the connection is gone; never rejects. */
  readonly settled: Promise<void>;
  readonly #parts: readonly ResultRequest[];
  readonly #joined: boolean;
  /** The query whose replies come; behind the last when all are complete. */
  #current = 0;
  /** What ended the pipeline early: the query at fault, undefined when it was the end itself. */
  #failure: { readonly error: Error; readonly at: number | undefined } | undefined;
  #settle!: () => void;

  /** `joined`: they are sent as one text (2.0). */
  constructor(parts: readonly ResultRequest[], { joined }: { readonly joined: boolean }) {
    this.#parts = parts;
    this.#joined = joined;
    this.query = parts.map(({ query }) => query).join(SEPARATOR);
    this.settled = new Promise((resolve) => this.#settle = resolve);
  }

  /** The query that failed, counted from 0; undefined when none did. */
  get failedAt(): number | undefined {
    return this.#failure?.at;
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
    const { at, position } = this.#joined ? this.#place(fields) : {
      at: this.#current < this.#parts.length ? this.#current : undefined,
      position: fields.position,
    };
    const query = at === undefined ? undefined : this.#parts[at].query;
    this.#failure ??= { error: serverError({ ...fields, position }, query), at };
  }

  /**
   * Which query an error is of, and where in it. That is the query whose turn it is, but for
   * texts that cannot be read: the server reads all of them before it runs the first.
   */
  #place({ position }: ErrorFields): { at: number | undefined; position: number | undefined } {
    const at = this.#current < this.#parts.length ? this.#current : undefined;
    const found = position === undefined ? undefined : this.#find(position);
    if (found && (found.at === at || at === 0)) return found;
    return { at, position: undefined }; // It points into what a function ran.
  }

  #find(position: number): { at: number; position: number } | undefined {
    let start = 0;
    for (const [at, { query }] of this.#parts.entries()) {
      const length = codePoints(query);
      if (position <= start + length + 1) return { at, position: position - start };
      start += length + SEPARATOR.length;
    }
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

/** Positions count these. */
function codePoints(text: string): number {
  return [...text].length;
}
