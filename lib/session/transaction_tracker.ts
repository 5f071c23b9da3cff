/**
 * Finds out the transaction status where the protocol does not tell it (2.0).
 *
 * Command tags tell most of it, as libpq does it. They mislead after `ROLLBACK TO`,
 * `… AND CHAIN` and transaction control inside of procedures: there the server is asked.
 *
 * @module
 */

import type { TransactionStatus } from "../wire/message.ts";

/** Follows the command tags and errors of one session. */
export class TransactionTracker {
  #status: TransactionStatus | undefined = "I";

  /** Undefined: not known until the server was asked. */
  get status(): TransactionStatus | undefined {
    return this.#status;
  }

  /** A statement of `query` completed with this tag. */
  completed(commandTag: string, query: string): void {
    switch (commandTag) {
      case "BEGIN":
      case "START TRANSACTION":
        this.#status = "T";
        return;
      case "COMMIT":
      case "ROLLBACK":
        this.#status = /\b(?:to|chain)\b/i.test(query) ? undefined : "I";
        return;
      case "PREPARE TRANSACTION":
        this.#status = "I";
        return;
      case "CALL":
      case "DO":
        if (this.#status === "T") this.#status = undefined;
        return;
      case "*ABORT STATE*":
        this.#status = "E";
    }
  }

  /** An error ended `query`: a COMMIT that fails ends the transaction with it. */
  failed(query: string): void {
    if (this.#status !== "T") return;
    this.#status = /\b(?:commit|end|prepare)\b/i.test(query) ? undefined : "E";
  }

  /** The server was asked and gave a row, or an error (undefined). */
  probed(inTransaction: boolean | undefined): void {
    if (inTransaction === undefined) this.#status = "E";
    else this.#status = inTransaction ? "T" : "I";
  }
}
