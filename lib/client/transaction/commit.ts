/**
 * COMMIT, and what its answer means.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import type { Session } from "../../session/session.ts";
import type { HeldSession } from "../lending/held_session.ts";

/**
 * Commits, or does what `text` says instead (PREPARE TRANSACTION). A failed transaction is
 * rolled back by it, which the server does not call an error; here it is one.
 *
 * @throws {DatabaseError} `40000` when the transaction was rolled back, `cause` being what failed
 * in it if that is known; else what the server says
 */
export async function commit(held: HeldSession, text = "commit", cause?: unknown): Promise<void> {
  const commandTag = await held.command(text);
  if (commandTag !== "ROLLBACK") return;
  throw rolledBack(held.session, {
    message: "Cannot commit: a query of the transaction had failed, so it was rolled back",
    cause,
  });
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
