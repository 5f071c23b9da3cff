/**
 * A transaction: BEGIN, its end, and what may be run in between.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import type { Session } from "../../session/session.ts";
import { quoteIdentifier, quoteLiteral } from "../../value/literal/literal.ts";
import { commit, rolledBack } from "./commit.ts";
import { Handle } from "../lending/handle.ts";
import type { HeldSession } from "../lending/held_session.ts";
import type { Hold, SessionLender } from "../lending/session_lender.ts";
import { beginText } from "./transaction_options.ts";
import type { TransactionOptions } from "./transaction_options.ts";

/** How a savepoint ends. */
export interface OpenSavepoint {
  /** Keeps what was done since; rejects when the transaction has failed since. */
  release(): Promise<void>;
  /** Undoes what was done since. */
  undo(): Promise<void>;
}

/** A transaction that is open on a session of its own. */
export class Transaction {
  /** What its queries run on. */
  readonly handle: Handle;
  readonly #hold: Hold;
  /** Called when it has ended, in whatever way. */
  onEnd: (() => void) | undefined;
  #ended = false;
  #commitText = "commit";
  /** The first query that failed in it. */
  #failure: unknown;
  #savepoints = 0;

  private constructor(hold: Hold) {
    this.#hold = hold;
    this.handle = new Handle(hold.held, () => this.#refusal());
  }

  /**
   * Begins a transaction on a session of the lender's.
   *
   * @throws {DatabaseError | ConnectionError} when it cannot be begun
   */
  static async begin(
    lender: SessionLender,
    options: TransactionOptions | string,
    signal?: AbortSignal,
  ): Promise<Transaction> {
    const text = beginText(options);
    const hold = await lender.hold({ signal });
    try {
      if (hold.held.streaming) throw streaming();
      await hold.held.command(text, signal);
      signal?.throwIfAborted();
    } catch (error) {
      await rollBack(hold.held);
      await hold.release();
      signal?.throwIfAborted(); // A BEGIN that was cancelled says less.
      throw error;
    }
    hold.held.inTransaction = true;
    return new Transaction(hold);
  }

  /** True until it was committed, rolled back or prepared. */
  get open(): boolean {
    return !this.#ended;
  }

  /** Takes what a query failed with: what the transaction failed with, if it did. */
  noteFailure(error: unknown): void {
    if (this.#hold.held.session.transactionStatus === "E") this.#failure ??= error;
  }

  /** Has {@linkcode Transaction.commit} leave the end to COMMIT PREPARED, by any session. */
  prepare(name: string): void {
    this.#commitText = `prepare transaction ${quoteLiteral(name)}`;
  }

  /** Rolls back; a transaction that has ended is left alone. */
  async rollback(reason: Error = ended()): Promise<void> {
    if (this.#ended) return;
    this.#end(reason);
    await this.#hold.held.revokeStreams(reason);
    await this.#release(() => rollBack(this.#hold.held));
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
    return {
      release: async () => {
        try {
          await held.command(`release ${quoted}`);
        } catch (error) {
          if (!(error instanceof DatabaseError)) throw error;
          throw undone(held.session, this.#failure ?? error);
        }
      },
      undo: async () => {
        await held.command(`rollback to ${quoted};\nrelease ${quoted}`);
        this.#failure = undefined; // Undone with what it failed in.
      },
    };
  }

  /**
   * Commits, or prepares if a name was given for it.
   *
   * @throws {DatabaseError} when the server rolled it back instead, or cannot commit
   * @throws {TypeError} when it has ended, or a stream in flow mode is still open in it
   */
  async commit(): Promise<void> {
    const { held } = this.#hold;
    const refusal = this.handle.refusal ?? (held.flowing ? stillOpen() : undefined);
    if (refusal) {
      await this.rollback(refusal);
      throw refusal;
    }
    const reason = ended();
    this.#end(reason);
    await held.revokeStreams(reason);
    await this.#release(() => commit(held, this.#commitText, this.#failure));
  }

  #end(reason: Error): void {
    this.#ended = true;
    this.handle.close(reason);
    this.onEnd?.();
  }

  async #release(end: () => Promise<void>): Promise<void> {
    try {
      await end();
    } finally {
      this.#hold.held.inTransaction = false;
      await this.#hold.release();
    }
  }

  /** A COMMIT that came as a query has ended it unseen: what follows would be on its own. */
  #refusal(): Error | undefined {
    const { session } = this.#hold.held;
    if (session.pending > 0 || session.transactionStatus !== "I" || !session.usable) {
      return undefined;
    }
    return new TypeError(
      "Cannot run a query: its transaction was ended by a COMMIT or ROLLBACK that came as a query",
    );
  }
}

function streaming(): TypeError {
  return new TypeError("Cannot begin: streams of this connection are open, expected their end");
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

/** Rolls back what is left of a transaction. A session that cannot is given up. */
async function rollBack(held: HeldSession): Promise<void> {
  const { session } = held;
  try {
    if (session.usable && session.transactionStatus !== "I") await held.command("rollback");
  } catch (error) {
    if (error instanceof DatabaseError) session.abort(error);
  }
}
