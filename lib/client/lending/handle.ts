/**
 * What a transaction, a savepoint or a reserved connection gives its queries: always the one
 * session, and nothing once it has ended.
 *
 * @module
 */

import type { HeldSession } from "./held_session.ts";
import { isDeclarable } from "../portal/declarable.ts";
import type { BorrowOptions, Hold, Lease, SessionLender, StreamMode } from "./session_lender.ts";

/** The lender of one `tx` or `reserved`. Several may share a session: a savepoint's lives in its transaction's. */
export class Handle implements SessionLender {
  readonly shared = false;
  readonly held: HeldSession;
  /** Gives why no query can be run at the moment. */
  readonly #check: () => Error | undefined;
  #refusal: Error | undefined;

  constructor(held: HeldSession, check: () => Error | undefined = () => undefined) {
    this.held = held;
    this.#check = check;
  }

  get drains(): boolean {
    return this.held.inTransaction || this.held.session.transactionStatus !== "I";
  }

  /** Refuses all queries from now on. The first reason counts. */
  close(reason: Error): void {
    this.#refusal ??= reason;
  }

  /** Why no query can be run; undefined: it can. */
  get refusal(): Error | undefined {
    return this.#refusal ?? this.#check();
  }

  /** Throws when no query can be run. */
  check(): void {
    const { refusal } = this;
    if (refusal) throw ownCopy(refusal);
  }

  async acquire(options: BorrowOptions): Promise<Lease> {
    this.check();
    // Not a turn later where there is none: queries have their turns in the order they come.
    if (this.held.transactionEnding) await this.#afterTransaction();
    return await this.held.acquire(options);
  }

  async hold(): Promise<Hold> {
    this.check();
    if (this.held.transactionEnding) await this.#afterTransaction();
    return { held: this.held, release: () => Promise.resolve() };
  }

  async #afterTransaction(): Promise<void> {
    await this.held.transactionEnding;
    this.check();
  }

  /** Other queries are to be run while the stream is open: by portal, where there are some. */
  streamMode(text: string): StreamMode {
    const { bindParameters } = this.held.session.protocol.capabilities;
    return bindParameters || isDeclarable(text) ? "portal" : "flow";
  }
}

/** Each query has an error of its own, with the stack of its own caller. */
function ownCopy(refusal: Error): Error {
  return refusal instanceof TypeError ? new TypeError(refusal.message) : refusal;
}
