/**
 * Connections over `node:net` and `node:tls`: for Node and Bun, and on Deno for the TLS
 * that its own cannot do.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";
import { codeOf, connectFailure, tlsFailure } from "../transport/connection_failure.ts";
import { StreamTransport } from "../transport/stream_transport.ts";
import type { Address, Connector, TlsOptions, Transport } from "../transport/transport.ts";
import { nodeModule } from "./node_api.ts";
import type { NodeSocket, NodeTls, NodeTlsOptions } from "./node_api.ts";
import { NodeByteSocket } from "./node_byte_socket.ts";

/** Opens connections by `node:net`; the module is asked for with the first of them. */
export function nodeConnector(): Connector {
  return async (address, options) => {
    const { signal } = options;
    signal?.throwIfAborted();
    const socket = dial(address);
    await opened(socket, { event: "connect", signal, failure: (e) => connectFailure(address, e) });
    if (!("path" in address)) {
      socket.setNoDelay(true);
      socket.setKeepAlive(options.keepAlive ?? true);
    }
    if (options.directTls) return secure(socket, options.directTls);
    const bytes = new NodeByteSocket(socket);
    return new StreamTransport(bytes, {
      info: { kind: "node", secure: false },
      startTls: async (tls) => await secure(bytes.detach(), tls),
    });
  };
}

function dial(address: Address): NodeSocket {
  const net = nodeModule("node:net");
  if ("path" in address) return net.connect({ path: address.path });
  return net.connect({ host: address.host, port: address.port });
}

async function secure(plain: NodeSocket, options: TlsOptions): Promise<Transport> {
  let socket = plain;
  try {
    options.signal?.throwIfAborted();
    socket = wrap(plain, options);
    await opened(socket, {
      event: "secureConnect",
      signal: options.signal,
      failure: (cause) => nodeTlsFailure(options, cause),
    });
  } catch (error) {
    socket.destroy();
    plain.destroy();
    throw error;
  }
  const { raw } = socket.getPeerCertificate(true);
  return new StreamTransport(new NodeByteSocket(socket, plain), {
    info: {
      kind: "node",
      secure: true,
      alpn: socket.alpnProtocol || undefined,
      // A copy: Node's buffer may lie within a pool.
      peerCertificate: raw && Uint8Array.from(raw),
    },
  });
}

function wrap(plain: NodeSocket, options: TlsOptions): NodeSocket {
  const tls = nodeModule("node:tls");
  try {
    checkKey(options);
    return tls.connect(tlsOptions(tls, plain, options));
  } catch (cause) {
    const text = (cause as Error).message;
    throw new ConfigError(`Cannot use the certificates or the key: ${text}`, { cause });
  }
}

/** Deno 2.9 finds out only in the handshake, and then says "unsupported protocol". */
function checkKey({ cert, key }: TlsOptions): void {
  if (cert === undefined || key === undefined) return;
  const { X509Certificate, createPrivateKey } = nodeModule("node:crypto");
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return;
  throw new Error("the key is not that of the certificate");
}

function tlsOptions(tls: NodeTls, socket: NodeSocket, options: TlsOptions): NodeTlsOptions {
  const { serverName } = options;
  // RFC 6066, section 3: a literal address is no server name.
  const told = options.serverNameIndication !== false && !nodeModule("node:net").isIP(serverName);
  return {
    socket,
    ...(told && { servername: serverName }),
    ...(options.caCerts && { ca: options.caCerts }),
    ...(options.cert !== undefined && { cert: options.cert }),
    ...(options.key !== undefined && { key: options.key }),
    ...(options.alpn && { ALPNProtocols: options.alpn }),
    rejectUnauthorized: options.verify !== "none",
    checkServerIdentity: (_name, certificate) =>
      options.verify === "full" ? tls.checkServerIdentity(serverName, certificate) : undefined,
  };
}

/** Codes that come from the network or from the protocol's own alerts. */
const handshakeCodes = /^(ECONN|EPIPE|EPROTO|ETIMEDOUT|ERR_SSL_(?!CERTIFICATE_VERIFY))/;

/** What is not known to be something else counts as a refused certificate: that errs safely. */
function nodeTlsFailure({ verify, serverName }: TlsOptions, cause: unknown): Error {
  const certificate = verify !== "none" && !handshakeCodes.test(codeOf(cause) ?? "");
  return tlsFailure(serverName, cause, { certificate });
}

interface OpenedOptions {
  readonly event: "connect" | "secureConnect";
  readonly signal?: AbortSignal;
  readonly failure: (cause: unknown) => Error;
}

/** Waits for the event; on failure or abort destroys the socket. */
function opened(socket: NodeSocket, { event, signal, failure }: OpenedOptions): Promise<void> {
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
