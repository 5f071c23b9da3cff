/**
 * An entry of a session's reply queue.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import type { ErrorFields } from "../errors.ts";
import type { BackendMessage } from "../wire/backend_message.ts";

/**
 * What was asked, waiting at its place in the reply queue for what the server answers.
 * Every request ends with exactly one ReadyForQuery, or with the connection.
 */
export interface Request {
  /** The SQL text, where the request has one. */
  readonly query?: string;
  /**
   * Takes the next reply. A promise asks the session to read no further until it
   * settles: that is the back-pressure.
   *
   * @throws {ProtocolError} when this request cannot be answered so; the session then closes
   */
  receive(message: BackendMessage): void | Promise<void>;
  /** A notice that came while this request was being answered. */
  notice?(fields: ErrorFields): void;
  /**
   * ReadyForQuery came: this was the last reply.
   *
   * @throws {ProtocolError} when a reply is missing; the session then closes
   */
  ready(): void;
  /** The connection is gone before the last reply, or the request could not be sent. */
  fail(error: Error): void;
}

/** What to throw for a message that the state does not allow. */
export function unexpected(message: BackendMessage, state: string): ProtocolError {
  return new ProtocolError(`Cannot take ${message.kind}: not expected during ${state}`, {
    messageType: message.kind,
    state,
  });
}
