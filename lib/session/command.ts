/**
 * Commands that yield no rows: BEGIN, COMMIT, CLOSE and the like.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import { cancelOnAbort } from "./cancel_on_abort.ts";
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
  options: CommandOptions = {},
): Promise<string> {
  const request: { cancel?: () => void } = {};
  const commandTag = new Promise<string>((resolve, reject) => {
    const sent = simpleQuery(session, text, new TagSink(resolve, reject, options.onNotice));
    request.cancel = () => session.cancel(sent);
  });
  return await cancelOnAbort(commandTag, { cancel: request.cancel!, signal: options.signal });
}

/** How a command is run. */
export interface CommandOptions {
  readonly signal?: AbortSignal;
  readonly onNotice?: (notice: ErrorFields) => void;
}

class TagSink implements ResultSink {
  readonly #resolve: (commandTag: string) => void;
  readonly fail: (error: Error) => void;
  readonly notice: (fields: ErrorFields) => void;
  #commandTag = "";

  constructor(
    resolve: (commandTag: string) => void,
    reject: (error: Error) => void,
    onNotice: (notice: ErrorFields) => void = () => {},
  ) {
    this.#resolve = resolve;
    this.fail = reject;
    this.notice = onNotice;
  }

  description(): void {}

  rows(): void {}

  complete(commandTag: string): void {
    this.#commandTag = commandTag;
  }

  end(): void {
    this.#resolve(this.#commandTag);
  }
}
