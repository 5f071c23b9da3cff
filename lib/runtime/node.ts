/**
 * Connections over `node:net` and `node:tls`, for Node and Bun.
 *
 * @module
 */

import { connectFailure } from "../transport/connection_failure.ts";
import { StreamTransport } from "../transport/stream_transport.ts";
import type { Address, Connector } from "../transport/transport.ts";
import { nodeModule } from "./node_api.ts";
import type { NodeSocket } from "./node_api.ts";
import { NodeByteSocket } from "./node_byte_socket.ts";
import { opened } from "./node_opened.ts";
import { secureByNode } from "./node_tls.ts";

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
    if (options.directTls) return secureByNode(socket, socket, options.directTls);
    const bytes = new NodeByteSocket(socket);
    return new StreamTransport(bytes, {
      info: { kind: "node", secure: false },
      async startTls(tls) {
        bytes.detach();
        return await secureByNode(socket, socket, tls);
      },
    });
  };
}

function dial(address: Address): NodeSocket {
  const net = nodeModule("node:net");
  if ("path" in address) return net.connect({ path: address.path });
  return net.connect({ host: address.host, port: address.port });
}
