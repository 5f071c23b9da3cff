/**
 * Tells a server to stop what one of its backends is doing.
 *
 * @module
 */

import { ByteWriter } from "../bytes/byte_writer.ts";
import { ConnectionError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import type { CancelRequest } from "../wire/message.ts";
import type { Protocol } from "../wire/protocol.ts";

/**
 * How long the server may take to close the cancelling connection. It does so once
 * the signal is given; until then the cancel might hit whatever runs by then.
 */
const CANCEL_TIMEOUT_MS = 10_000;

/**
 * Sends a CancelRequest on a connection of its own and waits until the server has
 * closed that: from then on the cancel can hit nothing that starts later.
 *
 * @throws {ConnectionError} when the request was sent and its end is unknown
 */
export async function sendCancelRequest(
  open: () => Promise<Transport>,
  { protocol, key }: { protocol: Protocol; key: Omit<CancelRequest, "kind"> },
): Promise<void> {
  let transport: Transport;
  try {
    transport = await open();
  } catch {
    return; // Nothing was sent: the query just goes on to its end.
  }
  const writer = new ByteWriter(64);
  protocol.encode({ kind: "CancelRequest", ...key }, writer);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConnectionError("Cannot cancel a query: the server gave no sign")),
      CANCEL_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([tellAndWait(transport, writer.take()), timeout]);
  } finally {
    clearTimeout(timer);
    transport.abort();
  }
}

async function tellAndWait(transport: Transport, request: Uint8Array): Promise<void> {
  const reader = transport.readable.getReader();
  try {
    await transport.writable.getWriter().write(request);
    while (!(await reader.read()).done) { /* Nothing is ever answered. */ }
  } catch {
    // A reset is as good an end as any: the server is done with this connection.
  }
}
