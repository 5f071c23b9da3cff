/**
 * TLS by `node:tls`, which can do all that `sslmode` asks for on every runtime.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";
import { codeOf, tlsFailure } from "../transport/connection_failure.ts";
import { StreamTransport } from "../transport/stream_transport.ts";
import type { TlsOptions, Transport } from "../transport/transport.ts";
import { nodeModule } from "./node_api.ts";
import type { NodeDuplex, NodeSocket, NodeTls, NodeTlsOptions } from "./node_api.ts";
import { NodeByteSocket } from "./node_byte_socket.ts";
import type { Carrier } from "./node_byte_socket.ts";
import { opened } from "./node_opened.ts";

/** Runs the handshake over `stream`. Whatever fails, `carrier` is destroyed. */
export async function secureByNode(
  stream: NodeDuplex,
  carrier: Carrier,
  options: TlsOptions,
): Promise<Transport> {
  const socket = await shakeHands(stream, options).catch((error) => {
    carrier.destroy();
    throw error;
  });
  const { raw } = socket.getPeerCertificate(true);
  return new StreamTransport(new NodeByteSocket(socket, carrier), {
    info: {
      kind: "node",
      secure: true,
      alpn: socket.alpnProtocol || undefined,
      // A copy: Node's buffer may lie within a pool.
      peerCertificate: raw && Uint8Array.from(raw),
    },
  });
}

async function shakeHands(stream: NodeDuplex, options: TlsOptions): Promise<NodeSocket> {
  const { signal } = options;
  signal?.throwIfAborted();
  const socket = wrap(stream, options);
  const failure = (cause: unknown) => nodeTlsFailure(options, cause);
  await opened(socket, { event: "secureConnect", signal, failure });
  return socket;
}

function wrap(stream: NodeDuplex, options: TlsOptions): NodeSocket {
  const tls = nodeModule("node:tls");
  try {
    checkKey(options);
    return tls.connect({ socket: stream, ...tlsOptions(tls, options) });
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

function tlsOptions(tls: NodeTls, options: TlsOptions): Omit<NodeTlsOptions, "socket"> {
  const { serverName } = options;
  // RFC 6066, section 3: a literal address is no server name.
  const told = options.serverNameIndication !== false && !nodeModule("node:net").isIP(serverName);
  return {
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
