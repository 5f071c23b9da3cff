/**
 * Tells a server to stop what one of its backends is doing.
 *
 * @module
 */

import { ByteWriter } from "../bytes/byte_writer.ts";
import { ConnectionError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import type { CancelRequest } from "../wire/frontend_message.ts";
import type { Protocol } from "../wire/protocol.ts";

/** What to cancel. */
export interface CancelOptions {
  readonly protocol: Protocol;
  readonly key: Omit<CancelRequest, "kind">;
  /** For opening the connection and, again, until the server has closed it. */
  readonly timeoutMs: number;
}

/**
 * Sends a CancelRequest on a connection of its own and waits until the server has
 * closed that: from then on the cancel can hit nothing that starts later.
 *
 * @throws {ConnectionError} when the request was sent and its end is unknown
 */
export async function sendCancelRequest(
  open: (signal: AbortSignal) => Promise<Transport>,
  { protocol, key, timeoutMs }: CancelOptions,
): Promise<void> {
  const writer = new ByteWriter(64);
  protocol.encode({ kind: "CancelRequest", ...key }, writer);
  let transport: Transport;
  try {
    transport = await withTimeout(timeoutMs, open);
  } catch {
    return; // Nothing was sent: the query just goes on.
  }
  await withTimeout(timeoutMs, (signal) => tellAndWait(transport, writer.take(), signal));
}

async function withTimeout<T>(
  timeoutMs: number,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new ConnectionError("Cannot cancel a query: the server gave no sign"));
  }, timeoutMs);
  try {
    return await act(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function tellAndWait(
  transport: Transport,
  request: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const reader = transport.readable.getReader();
  signal.addEventListener("abort", () => transport.abort(signal.reason));
  try {
    await transport.writable.getWriter().write(request);
    while (!(await reader.read()).done) { /* Nothing is ever answered. */ }
  } catch {
    // A reset is as good an end as any: the server is done with this connection.
    signal.throwIfAborted();
  } finally {
    transport.abort();
  }
}
