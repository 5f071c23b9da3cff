/**
 * Waits for a socket of Node's to be connected, or secured.
 *
 * @module
 */

import type { NodeSocket } from "./node_api.ts";

/** What is waited for. */
export interface OpenedOptions {
  readonly event: "connect" | "secureConnect";
  readonly signal?: AbortSignal;
  readonly failure: (cause: unknown) => Error;
}

/** Waits for the event; on failure or abort destroys the socket. */
export function opened(
  socket: NodeSocket,
  { event, signal, failure }: OpenedOptions,
): Promise<void> {
  // Stays: an error that comes when nobody waits any more must not end the program.
  socket.on("error", () => {});
  return new Promise<void>((resolve, reject) => {
    const done = () => settle(resolve);
    const fail = (cause: unknown) => settle(() => reject(failure(cause)));
    const closed = () => fail(closedEarly());
    const abort = () => settle(() => reject(signal!.reason));
    const settle = (answer: () => void) => {
      socket.off(event, done).off("error", fail).off("close", closed);
      signal?.removeEventListener("abort", abort);
      if (answer !== resolve) socket.destroy();
      answer();
    };
    socket.once(event, done).once("error", fail).once("close", closed);
    signal?.addEventListener("abort", abort);
  });
}

function closedEarly(): Error {
  return Object.assign(new Error("closed by the server"), { code: "ECONNRESET" });
}
