/**
 * Deno's own sockets, which cost a third less CPU than `node:net` there. Its TLS
 * serves where it can say what is asked of it, else `node:tls` over the same socket.
 *
 * @module
 */

import type { ConnectionError } from "../errors.ts";
import { connectFailure, lostFailure, tlsFailure } from "../transport/connection_failure.ts";
import { StreamTransport } from "../transport/stream_transport.ts";
import type { ByteSocket } from "../transport/stream_transport.ts";
import type { Connector, TlsOptions, Transport } from "../transport/transport.ts";
import { abortable } from "./abortable.ts";
import type { DenoApi, DenoConn } from "./deno_api.ts";
import { DenoCarrier } from "./deno_carrier.ts";
import { closeQuietly, dial } from "./deno_dial.ts";
import { secureByNode } from "./node_tls.ts";

/** Opens connections by Deno's own sockets. */
export function denoConnector(deno: DenoApi): Connector {
  return async (address, options) => {
    const { signal } = options;
    const failure = (cause: unknown) => connectFailure(address, cause);
    const conn = await dial(deno, address, { signal, failure });
    conn.setNoDelay?.(true);
    conn.setKeepAlive?.(options.keepAlive ?? true);
    if (options.directTls) return secure(deno, conn, options.directTls);
    return new StreamTransport(new DenoSocket(conn), {
      info: { kind: "deno", secure: false },
      startTls: (tls) => secure(deno, conn, tls),
    });
  };
}

function secure(deno: DenoApi, conn: DenoConn, tls: TlsOptions): Promise<Transport> {
  if (canSecure(tls)) return secureByDeno(deno, conn, tls);
  const carrier = new DenoCarrier(new DenoSocket(conn));
  return secureByNode(carrier.stream, carrier, tls);
}

/**
 * Deno 2.9 verifies always, the name included, takes no client certificate after the
 * SSLRequest, gives no access to the server's certificate and always sends its name.
 * `caCerts` are trusted beside the runtime's roots, which is not what libpq's
 * `sslrootcert` means: any public authority could vouch for a private server.
 */
function canSecure(tls: TlsOptions): boolean {
  return tls.verify === "full" && !tls.caCerts && !tls.cert && !tls.key &&
    !tls.needPeerCertificate && tls.serverNameIndication !== false;
}

async function secureByDeno(
  deno: DenoApi,
  plain: DenoConn,
  tls: TlsOptions,
): Promise<Transport> {
  const failure = (cause: unknown) => denoTlsFailure(tls.serverName, cause);
  let conn = plain;
  try {
    const { signal } = tls;
    conn = await abortable(startTls(deno, plain, tls), { signal, discard: closeQuietly, failure });
    const { alpnProtocol } = await abortable(conn.handshake!(), { signal, failure });
    return new StreamTransport(new DenoSocket(conn), {
      info: { kind: "deno", secure: true, alpn: alpnProtocol ?? undefined },
    });
  } catch (error) {
    // Deno 2.9 keeps the socket itself open while an unfinished handshake hangs, until the
    // server closes it; nothing can be done about it from here.
    closeQuietly(conn);
    throw error;
  }
}

/** Async, so that what `startTls` throws on the spot is a rejection too. */
async function startTls(deno: DenoApi, conn: DenoConn, tls: TlsOptions): Promise<DenoConn> {
  return await deno.startTls(conn, {
    hostname: tls.serverName,
    alpnProtocols: tls.alpn && [...tls.alpn],
  });
}

function denoTlsFailure(serverName: string, cause: unknown): ConnectionError {
  const text = String(cause);
  const hint = text.includes("CaUsedAsEndEntity")
    ? "Deno refuses a server certificate that is its own authority: name it as root certificate"
    : undefined;
  return tlsFailure(serverName, cause, {
    certificate: text.includes("invalid peer certificate"),
    hint,
  });
}

/** Zeroing and collecting a slab costs most when it is small, pinned memory when it is large. */
const SLAB_BYTES = 131_072;

class DenoSocket implements ByteSocket {
  readonly #conn: DenoConn;
  /** Where the next bytes go; what was handed out of it is never written again. */
  #slab: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(conn: DenoConn) {
    this.#conn = conn;
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#slab.length < SLAB_BYTES / 4) this.#slab = new Uint8Array(SLAB_BYTES);
    const slab = this.#slab;
    const count = await this.#conn.read(slab).catch(rejectLost("read"));
    if (count === null) return undefined;
    this.#slab = slab.subarray(count);
    return slab.subarray(0, count);
  }

  async write(bytes: Uint8Array): Promise<void> {
    let sent = 0;
    while (sent < bytes.length) {
      sent += await this.#conn.write(bytes.subarray(sent)).catch(rejectLost("write"));
    }
  }

  destroy(): void {
    closeQuietly(this.#conn);
  }

  close(): Promise<void> {
    closeQuietly(this.#conn);
    return Promise.resolve();
  }

  ref(): void {
    this.#conn.ref();
  }

  unref(): void {
    this.#conn.unref();
  }
}

function rejectLost(action: "read" | "write"): (cause: unknown) => never {
  return (cause) => {
    throw lostFailure(action, cause);
  };
}
