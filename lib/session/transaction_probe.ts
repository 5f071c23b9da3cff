/**
 * Asks a server that does not tell whether a transaction is open (2.0).
 *
 * @module
 */

import type { BackendMessage } from "../wire/backend_message.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import type { Session } from "./session.ts";
import type { TransactionTracker } from "./transaction_tracker.ts";

/**
 * Free of side effects: false outside of a transaction block, true inside of one, an
 * error in a failed one. A block opened by the same message would give false, so
 * this is a message of its own.
 */
const PROBE = "select now() <> statement_timestamp()";

/** Has the server asked; the answer goes to the tracker. */
export function probeTransaction(session: Session, tracker: TransactionTracker): void {
  session.send([{ kind: "Query", query: PROBE }], new TransactionProbe(tracker));
}

const PROBING = "the probe for a transaction";

class TransactionProbe implements Request {
  readonly #tracker: TransactionTracker;
  #inTransaction: boolean | undefined;
  #answered = false;

  constructor(tracker: TransactionTracker) {
    this.#tracker = tracker;
  }

  receive(message: BackendMessage): void {
    switch (message.kind) {
      case "DataRow": {
        const offsets = new Int32Array(2);
        message.locate(0, 1, offsets);
        this.#inTransaction = message.bytes[offsets[0]] === 0x74; // "t"
        return;
      }
      case "CursorResponse":
      case "RowDescription":
        return;
      case "CommandComplete":
      case "ErrorResponse":
        this.#answered = true;
        return;
      default:
        throw unexpected(message, PROBING);
    }
  }

  ready(): void {
    if (!this.#answered) throw unexpected({ kind: "ReadyForQuery" }, PROBING);
    this.#tracker.probed(this.#inTransaction);
  }

  fail(): void {}
}
