/**
 * Commands that yield no rows: BEGIN, COMMIT, CLOSE and the like.
 *
 * @module
 */

import type { ResultSink } from "./result_sink.ts";
import type { Session } from "./session.ts";
import { simpleQuery } from "./simple_query.ts";

/**
 * Runs commands by the simple protocol, which all servers and poolers take; gives the
 * command tag of the last. A signal has the server told to stop.
 *
 * @throws {DatabaseError | ConnectionError} when one fails
 */
export async function runCommand(
  session: Session,
  text: string,
  signal?: AbortSignal,
): Promise<string> {
  let cancel: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const request = simpleQuery(session, text, new TagSink(resolve, reject));
      cancel = () => session.cancel(request);
      signal?.addEventListener("abort", cancel);
    });
  } finally {
    if (cancel) signal?.removeEventListener("abort", cancel);
  }
}

class TagSink implements ResultSink {
  readonly #resolve: (commandTag: string) => void;
  readonly fail: (error: Error) => void;
  #commandTag = "";

  constructor(resolve: (commandTag: string) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.fail = reject;
  }

  description(): void {}

  rows(): void {}

  complete(commandTag: string): void {
    this.#commandTag = commandTag;
  }

  notice(): void {}

  end(): void {
    this.#resolve(this.#commandTag);
  }
}
