/**
 * Opens Deno's sockets so that an abort leaves none behind.
 *
 * @module
 */

import type { Address } from "../transport/transport.ts";
import { abortable } from "./abortable.ts";
import type { DenoApi, DenoConn } from "./deno_api.ts";

/**
 * Deno 2.9: a signal that aborts just as the connection is made has `Deno.connect()` reject and
 * the socket stay open for good (about 1 in 100 of those within its first millisecond). So
 * the attempt may first go on for so long, and what comes of it is closed.
 */
const GRACE_MS = 200;

/** What an attempt is told. */
export interface DialOptions {
  readonly signal?: AbortSignal;
  /** Makes an error of rill of Deno's. */
  readonly failure: (cause: unknown) => Error;
}

/**
 * A connection, without TLS.
 *
 * @throws the signal's reason, when nothing of the attempt is left or it was given up
 */
export async function dial(
  deno: DenoApi,
  address: Address,
  { signal, failure }: DialOptions,
): Promise<DenoConn> {
  signal?.throwIfAborted();
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const giveUpSoon = () => timer = setTimeout(() => late.abort(signal!.reason), GRACE_MS);
  signal?.addEventListener("abort", giveUpSoon);
  try {
    const attempt = connect(deno, address, late.signal);
    const conn = await abortable(attempt, { signal: late.signal, discard: closeQuietly, failure });
    if (signal?.aborted) closeQuietly(conn);
    else return conn;
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUpSoon);
  }
  throw signal.reason;
}

function connect(deno: DenoApi, address: Address, signal: AbortSignal): Promise<DenoConn> {
  if ("path" in address) return deno.connect({ transport: "unix", path: address.path });
  return deno.connect({ hostname: address.host, port: address.port, signal });
}

/** Deno throws BadResource where a connection has been closed already. */
export function closeQuietly(conn: DenoConn): void {
  try {
    conn.close();
  } catch { /* it is closed: all that was wanted */ }
}
