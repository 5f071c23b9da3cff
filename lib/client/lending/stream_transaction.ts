/**
 * The transaction that streams by portal need where there is none: portals end with it.
 *
 * @module
 */

import { runCommand } from "../../session/command.ts";
import { checkCommitted } from "../transaction/commit.ts";
import type { HeldSession } from "./held_session.ts";

/** Begun for the first stream of a session that needs it, ended with the last. */
export class StreamTransaction {
  readonly #held: HeldSession;
  /** Streams that are open in it. */
  #streams = 0;
  #begun: Promise<unknown> | undefined;
  #failed = false;

  constructor(held: HeldSession) {
    this.#held = held;
  }

  /**
   * Begins it, if there is no transaction already. To be called by who has the session.
   * Resolves with true where `leave` is to be called at the stream's end.
   *
   * @throws {DatabaseError | ConnectionError} when it cannot be begun
   */
  async enter(signal: AbortSignal): Promise<boolean> {
    if (this.#held.inTransaction) return false;
    if (this.#streams === 0 && await this.#held.isInTransaction()) return false;
    this.#streams++;
    this.#begun ??= runCommand(this.#held.session, "begin", { signal });
    try {
      await this.#begun;
      return true;
    } catch (error) {
      this.#streams--;
      this.#begun = undefined;
      throw error;
    }
  }

  /**
   * Ends it with the last stream: committed, or rolled back when one failed or was aborted. To
   * be called by who has the session for himself.
   *
   * @throws {DatabaseError | ConnectionError} when it cannot be committed
   */
  async leave({ failed }: { readonly failed: boolean }): Promise<void> {
    this.#failed ||= failed;
    if (--this.#streams > 0) return;
    const failedAtAll = this.#failed;
    this.#failed = false;
    this.#begun = undefined;
    const { session } = this.#held;
    const commandTag = await runCommand(session, failedAtAll ? "rollback" : "commit");
    if (!failedAtAll) checkCommitted(session, commandTag);
  }
}
