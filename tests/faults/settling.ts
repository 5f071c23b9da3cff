/** What every fault must end in. */

import { ConnectionError } from "../../mod.ts";
import type { ProtocolError, Sql } from "../../mod.ts";
import { assertEquals } from "../std_assert.ts";

/** Gives what the promise rejects with, which must be a loss: a clear one, with a text. */
export function lossOf(promise: PromiseLike<unknown>): Promise<Error> {
  return rejectionOf(promise, ConnectionError);
}

/** Gives what the promise rejects with, which must be of that class and have a text. */
export async function rejectionOf(
  promise: PromiseLike<unknown>,
  errorClass: typeof ConnectionError | typeof ProtocolError,
): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof errorClass && error.message.length > 10) return error;
    throw new Error(`Rejected with something else than a ${errorClass.name}`, { cause: error });
  }
  throw new Error(`Resolved, expected a ${errorClass.name}`);
}

/** The same client answers again, by another connection if need be. */
export async function assertWorks(sql: Sql): Promise<void> {
  assertEquals([...await sql`select 'works' as it`], [{ it: "works" }]);
}
