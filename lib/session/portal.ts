/**
 * The end of a portal that was not read to its end.
 *
 * @module
 */

import type { BackendMessage } from "../wire/backend_message.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";

/**
 * Closes a portal; one that is gone already is no error.
 *
 * @throws {DatabaseError | ConnectionError} when it cannot be closed
 */
export function closePortal(session: Session, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    session.send(
      [{ kind: "Close", target: "P", name }, { kind: "Sync" }],
      new ClosePortal(resolve, reject),
    );
  });
}

class ClosePortal implements Request {
  readonly #resolve: () => void;
  readonly fail: (error: Error) => void;
  #error: Error | undefined;

  constructor(resolve: () => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.fail = reject;
  }

  receive(message: BackendMessage): void {
    if (message.kind === "CloseComplete") return;
    if (message.kind !== "ErrorResponse") throw unexpected(message, "the closing of a portal");
    this.#error = serverError(message.fields);
  }

  ready(): void {
    if (this.#error) this.fail(this.#error);
    else this.#resolve();
  }
}
