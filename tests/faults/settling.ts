/** What every fault must end in. */

import { ConnectionError, ProtocolError } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { assertEquals } from "../std_assert.ts";

/** True for the two errors that a lost connection may end in. */
export function isLoss(error: unknown): error is ConnectionError | ProtocolError {
  return error instanceof ConnectionError || error instanceof ProtocolError;
}

/** Gives what the promise rejects with, which must be a loss: a clear one, with a text. */
export async function lossOf(promise: PromiseLike<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (isLoss(error) && error.message.length > 10) return error;
    throw new Error("Rejected with something else than a loss", { cause: error });
  }
  throw new Error("Resolved, expected a loss");
}

/** The same client answers again, by another connection if need be. */
export async function assertWorks(sql: Sql): Promise<void> {
  assertEquals([...await sql`select 'works' as it`], [{ it: "works" }]);
}
