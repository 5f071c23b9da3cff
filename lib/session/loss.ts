/**
 * The end of a connection, as told to each request that waits on it.
 *
 * @module
 */

import { ConnectionError, ProtocolError } from "../errors.ts";

/**
 * An error of its own for each request, so that each has the stack of its own caller.
 * What is not of our making (a signal's reason) is handed on as it is.
 */
export function lossFor(error: Error): Error {
  if (error instanceof ConnectionError) {
    return new ConnectionError(error.message, { code: error.code, cause: error.cause ?? error });
  }
  if (error instanceof ProtocolError) {
    const { messageType, state, offset } = error;
    return new ProtocolError(error.message, { messageType, state, offset, cause: error });
  }
  return error;
}
