/**
 * A transaction: BEGIN, its end, and what may be run in between.
 *
 * @module
 */

import { ConnectionError, DatabaseError } from "../../errors.ts";
import { cancelOnAbort } from "../../session/cancel_on_abort.ts";
import type { Session } from "../../session/session.ts";
import { quoteIdentifier, quoteLiteral } from "../../value/literal/literal.ts";
import { commit, endedUnseen, rolledBack } from "./commit.ts";
import { Handle } from "../lending/handle.ts";
import type { HeldSession } from "../lending/held_session.ts";
import type { Hold, SessionLender } from "../lending/session_lender.ts";
import { beginText } from "./transaction_options.ts";
import type { TransactionOptions } from "./transaction_options.ts";

/** How a savepoint ends. */
export interface OpenSavepoint {
  /** Keeps what was done since; rejects when the transaction has failed since. */
  release(): Promise<void>;
  /** Undoes what was done since; who reads a stream that was opened since gets `reason`. */
  undo(reason: Error): Promise<void>;
}

/** A transaction that is open on a session of its own. */
export class Transaction {
  /** What its queries run on. */
  readonly handle: Handle;
  /** Called when it has ended, in whatever way. */
  onEnd: (() => void) | undefined;
  readonly #hold: Hold;
  /** Has a COMMIT that is on its way cancelled. */
  readonly #signal: AbortSignal | undefined;
  /** Never rejects. */
  #ending: Promise<void> | undefined;
  #commitText = "commit";
  /** COMMIT waits for its turn, or was sent. */
  #committing = false;
  #unsent: { readonly error: unknown } | undefined;
  /** Of a COMMIT: rejects as that does. */
  #outcome: Promise<void> | undefined;
  /** The first query that failed in it. */
  #failure: unknown;
  #savepoints = 0;

  private constructor(hold: Hold, signal: AbortSignal | undefined) {
    this.#hold = hold;
    this.#signal = signal;
    this.handle = new Handle(hold.held, () => this.#refusal());
  }

  /**
   * Begins a transaction on a session of the lender's.
   *
   * @throws {DatabaseError | ConnectionError} when it cannot be begun
   * @throws {TypeError} when an option does not fit, or the session has a transaction or streams
   */
  static async begin(
    lender: SessionLender,
    options: TransactionOptions | string,
    signal?: AbortSignal,
  ): Promise<Transaction> {
    const text = beginText(options);
    const hold = await lender.hold({ signal });
    const { held } = hold;
    try {
      await beginOn(held, text, signal);
    } catch (error) {
      await hold.release();
      throw error;
    }
    return new Transaction(hold, signal);
  }

  /** True until it was committed, rolled back or prepared. */
  get open(): boolean {
    return this.#ending === undefined;
  }

  /**
   * Takes what a query failed with: what the transaction failed with, if it did. One that was
   * begun before COMMIT and could not be sent is missing in it, and nobody may have heard.
   */
  noteFailure(error: unknown): void {
    if (this.#hold.held.session.transactionStatus === "E") this.#failure ??= error;
    else if (this.#committing) this.#unsent ??= { error };
  }

  /** Has {@linkcode Transaction.commit} leave the end to COMMIT PREPARED, by any session. */
  prepare(name: string): void {
    this.#commitText = `prepare transaction ${quoteLiteral(name)}`;
  }

  /**
   * Rolls back; when it is at its end already, waits for that. Resolves when the session is
   * free again; never rejects.
   */
  rollback(reason: Error = ended()): Promise<void> {
    if (this.#ending) return this.#ending;
    const act = () => rollBack(this.#hold.held, this.#signal);
    return this.#setEnding(this.#endWith(reason, { act, gently: false }));
  }

  /**
   * Commits, or prepares if a name was given for it.
   *
   * @throws {DatabaseError} when the server rolled it back instead, or cannot commit
   * @throws {TypeError} when it has ended, or a stream in flow mode is still open in it
   */
  async commit(): Promise<void> {
    const { held } = this.#hold;
    const refusal = this.handle.refusal ?? (held.streams.flowing ? stillOpen() : undefined);
    if (refusal) {
      await this.rollback(refusal);
      throw refusal;
    }
    this.#committing = true;
    const committed = this.#endWith(ended(), { act: () => this.#commit(), gently: true });
    this.#outcome = committed;
    this.#setEnding(committed.catch(() => {}));
    await committed;
  }

  /**
   * Commits what is open. Of a transaction that was ended before, waits for that.
   *
   * @throws what the COMMIT fails with
   */
  async finish(): Promise<void> {
    if (this.open) await this.commit();
    else await (this.#outcome ?? this.#ending);
  }

  async #commit(): Promise<void> {
    const { held } = this.#hold;
    const signal = this.#signal;
    const cause = () => this.#failure;
    const guard = () => {
      if (this.#unsent) throw this.#unsent.error;
    };
    try {
      await commit(held, { text: this.#commitText, cause, signal, guard });
    } catch (error) {
      if (this.#unsent) await rollBack(held, signal);
      signal?.throwIfAborted(); // A COMMIT that was cancelled says less.
      throw error;
    }
  }

  /**
   * Opens a savepoint.
   *
   * @throws {DatabaseError | ConnectionError} when it cannot be opened
   */
  async savepoint(name?: string): Promise<OpenSavepoint> {
    const { held } = this.#hold;
    const quoted = quoteIdentifier(name ?? `rill_s${++this.#savepoints}`);
    await held.command(`savepoint ${quoted}`);
    const streamsBefore = held.streams.count;
    return {
      release: async () => {
        try {
          await held.command(`release ${quoted}`);
        } catch (error) {
          if (!(error instanceof DatabaseError)) throw error;
          if (held.session.transactionStatus === "I") throw endedUnseen();
          throw undone(held.session, this.#failure ?? error);
        }
      },
      undo: async (reason) => {
        // Their portals go with the savepoint.
        await held.streams.revoke(reason, { after: streamsBefore, gently: true });
        await held.command(`rollback to ${quoted};\nrelease ${quoted}`);
        this.#failure = undefined; // Undone with what it failed in.
      },
    };
  }

  #setEnding(ending: Promise<void>): Promise<void> {
    this.#hold.held.transactionEnding = ending;
    return this.#ending = ending;
  }

  async #endWith(
    reason: Error,
    { act, gently }: { readonly act: () => Promise<void>; readonly gently: boolean },
  ): Promise<void> {
    const { held, release } = this.#hold;
    this.handle.close(reason);
    try {
      await held.streams.revoke(reason, { gently });
      await act();
    } finally {
      held.inTransaction = false;
      held.transactionEnding = undefined;
      await release();
      this.onEnd?.();
    }
  }

  /** A COMMIT that came as a query has ended it unseen: what follows would be on its own. */
  #refusal(): Error | undefined {
    const { session } = this.#hold.held;
    if (session.pending > 0 || session.transactionStatus !== "I" || !session.usable) {
      return undefined;
    }
    return endedUnseen();
  }
}

async function beginOn(held: HeldSession, text: string, signal?: AbortSignal): Promise<void> {
  if (held.inTransaction) throw cannotBegin("a transaction is open on this connection");
  if (held.streams.some) throw cannotBegin("streams of this connection are open");
  // From now on, so that nobody else begins one, or slips into this one.
  held.inTransaction = true;
  try {
    if (await held.isInTransaction()) throw cannotBegin("a transaction is open, begun by a query");
    await beginOrUndo(held, text, signal);
  } catch (error) {
    held.inTransaction = false;
    throw error;
  }
}

/** A BEGIN that comes with more, a snapshot, may fail behind it. */
async function beginOrUndo(held: HeldSession, text: string, signal?: AbortSignal): Promise<void> {
  try {
    await held.command(text, { signal });
    signal?.throwIfAborted();
  } catch (error) {
    await rollBack(held, signal);
    signal?.throwIfAborted(); // A BEGIN that was cancelled says less.
    throw error;
  }
}

function cannotBegin(state: string): TypeError {
  return new TypeError(`Cannot begin: ${state}, expected its end`);
}

function undone(session: Session, cause: unknown): DatabaseError {
  return rolledBack(session, {
    message:
      "Cannot release the savepoint: a query since it had failed, so all since it was undone",
    cause,
  });
}

function stillOpen(): TypeError {
  return new TypeError("Cannot commit: a stream in flow mode is still open, expected its end");
}

function ended(): TypeError {
  return new TypeError("Cannot run a query: its transaction has ended");
}

/**
 * Rolls back what is left of a transaction; never rejects. A session that cannot is given up,
 * and so is one that says nothing for too long, where the transaction was aborted.
 */
async function rollBack(held: HeldSession, signal: AbortSignal | undefined): Promise<void> {
  const { session } = held;
  if (!session.usable || session.transactionStatus === "I" && session.pending === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const losePatience = () => {
    timer = setTimeout(() => session.abort(silent(session.patienceMs)), session.patienceMs);
  };
  if (signal?.aborted) losePatience();
  try {
    await cancelOnAbort(held.command("rollback"), { cancel: losePatience, signal });
  } catch (error) {
    if (error instanceof DatabaseError) session.abort(error);
  } finally {
    clearTimeout(timer);
  }
}

function silent(patienceMs: number): ConnectionError {
  return new ConnectionError(`Cannot roll back: the server is silent for ${patienceMs} ms`);
}
