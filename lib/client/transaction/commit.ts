/**
 * COMMIT, and what its answer means.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import type { ErrorFields } from "../../errors.ts";
import type { Session } from "../../session/session.ts";
import type { HeldSession } from "../lending/held_session.ts";

/**
 * Commits, or does what `text` says instead (PREPARE TRANSACTION). A failed transaction is
 * rolled back by it, which the server does not call an error; here it is one.
 *
 * @throws {DatabaseError} `40000` when the transaction was rolled back, `cause` being what failed
 * in it if that is known; else what the server says
 */
export async function commit(
  held: HeldSession,
  { text, cause, signal, guard }: CommitOptions,
): Promise<void> {
  let wasOpen = true;
  const commandTag = await held.command(text, {
    signal,
    guard,
    onNotice(notice) {
      wasOpen &&= !saysNoTransaction(notice);
    },
  });
  if (!wasOpen) throw endedUnseen();
  checkCommitted(held.session, commandTag, cause);
}

/** How a transaction is to end. */
export interface CommitOptions {
  /** `commit`, or `prepare transaction …`. */
  readonly text: string;
  /** Gives what failed in it first. */
  readonly cause: () => unknown;
  readonly signal?: AbortSignal;
  /** Throws where it must not be sent, when its turn has come. */
  readonly guard: () => void;
}

/** Throws when the answer to a COMMIT is that all was rolled back. */
export function checkCommitted(session: Session, commandTag: string, cause?: () => unknown): void {
  if (commandTag !== "ROLLBACK") return;
  throw rolledBack(session, {
    message: "Cannot commit: a query of the transaction had failed, so it was rolled back",
    cause: cause?.(),
  });
}

/** The error for a transaction that a query ended: what followed ran on its own. */
export function endedUnseen(): TypeError {
  return new TypeError(
    "Cannot run a query: its transaction was ended by a COMMIT or ROLLBACK that came as a query",
  );
}

/** 25P01, no_active_sql_transaction; on 2.0 there are only the server's words. */
function saysNoTransaction({ code, message }: ErrorFields): boolean {
  return code === "25P01" || (code === undefined && /no transaction in progress/.test(message));
}

/** The error for what was rolled back where it was to be kept, because of an earlier failure. */
export function rolledBack(
  session: Session,
  { message, cause }: { readonly message: string; readonly cause: unknown },
): DatabaseError {
  const code = session.protocol.capabilities.sqlState ? { code: "40000" } : undefined;
  return new DatabaseError({ severity: "ERROR", message, ...code }, {
    condition: "transaction_rollback",
    safeToRetry: cause instanceof DatabaseError && cause.safeToRetry,
    ...(cause !== undefined && { cause }),
  });
}
