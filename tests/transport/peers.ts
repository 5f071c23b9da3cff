/**
 * Pairs for the conformance suite: a transport under test, and its other end in the hands
 * of the test.
 */

import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import { nodeConnector } from "../../lib/runtime/node.ts";
import { memoryPair } from "../../lib/transport/memory.ts";
import type { Address, Connector, Transport } from "../../lib/transport/transport.ts";
import { createAuthority } from "../../tools/certificates.ts";

/** The other end. */
export interface Peer {
  /** The next bytes, read from the system only now; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Settles when the bytes have left. */
  send(bytes: Uint8Array): Promise<void>;
  end(): void;
  /** As if its host had died: a TCP reset. */
  reset(): void;
}

/** A transport and its other end. */
export interface Pair extends AsyncDisposable {
  readonly transport: Transport;
  readonly peer: Peer;
}

/** Every kind of transport there is, by name. */
export const kinds: Record<string, () => Promise<Pair>> = {
  memory: () => Promise.resolve(memoryKind()),
  "TCP of this runtime": () => socketPair(detectRuntime().connect, "tcp"),
  "Unix socket of this runtime": () => socketPair(detectRuntime().connect, "unix"),
  "TCP by node:net": () => socketPair(nodeConnector(), "tcp"),
};
// As a server node:tls on Deno 2.9 reads whether asked or not: there a real server is the
// peer, in tests/session/tls_test.ts.
if (detectRuntime().name !== "deno") kinds["TLS of this runtime"] = tlsPair;

function memoryKind(): Pair {
  const [transport, other] = memoryPair();
  const reader = other.readable.getReader();
  const writer = other.writable.getWriter();
  const peer: Peer = {
    read: async () => (await reader.read()).value,
    send: (bytes) => writer.write(bytes),
    end: () => void other.close(),
    reset: () => other.abort(),
  };
  return { transport, peer, [Symbol.asyncDispose]: () => closeBoth(transport, other) };
}

async function closeBoth(transport: Transport, other: Transport): Promise<void> {
  transport.abort();
  other.abort();
  await transport.close();
}

async function socketPair(connect: Connector, family: "tcp" | "unix"): Promise<Pair> {
  const listener = await listen(family);
  const [transport, socket] = await Promise.all([
    connect(listener.address, {}),
    listener.accept(),
  ]);
  return {
    transport,
    peer: socketPeer(socket),
    async [Symbol.asyncDispose]() {
      transport.abort();
      socket.destroy();
      await listener.close();
    },
  };
}

const authority = await createAuthority("rill test authority");
const { certificate, key } = await authority.issue({
  commonName: "localhost",
  usage: "server",
  names: ["localhost"],
});

async function tlsPair(): Promise<Pair> {
  const server = tls.createServer({ cert: certificate, key });
  const accepted = new Promise<tls.TLSSocket>((resolve) =>
    server.once("secureConnection", (socket) => resolve(socket.on("error", () => {})))
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const [transport, socket] = await Promise.all([
    detectRuntime().connect({ host: "127.0.0.1", port }, {
      directTls: { verify: "full", serverName: "localhost", caCerts: [authority.certificate] },
    }),
    accepted,
  ]);
  return {
    transport,
    peer: socketPeer(socket),
    async [Symbol.asyncDispose]() {
      transport.abort();
      socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function socketPeer(socket: net.Socket): Peer {
  const chunks = socket.iterator({ destroyOnReturn: false });
  return {
    read: async () => (await chunks.next()).value,
    send: (bytes) =>
      new Promise((resolve, reject) =>
        void socket.write(bytes, (error) => error ? reject(error) : resolve())
      ),
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
}

/** A server that does nothing by itself. */
export interface Listener {
  readonly address: Address;
  accept(): Promise<net.Socket>;
  /** Ends its connections too. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1, or on a socket in a folder of its own. */
export async function listen(family: "tcp" | "unix" = "tcp"): Promise<Listener> {
  const folder = family === "unix" ? await mkdtemp(join(tmpdir(), "rill-")) : undefined;
  const accepted: net.Socket[] = [];
  const all: net.Socket[] = [];
  let waiting: ((socket: net.Socket) => void) | undefined;
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    all.push(socket);
    if (waiting) waiting(socket);
    else accepted.push(socket);
    waiting = undefined;
  });
  await new Promise<void>((resolve) =>
    folder ? server.listen(join(folder, "socket"), resolve) : server.listen(0, "127.0.0.1", resolve)
  );
  const { port } = server.address() as net.AddressInfo;
  return {
    address: folder ? { path: join(folder, "socket") } : { host: "127.0.0.1", port },
    accept: () =>
      accepted.length > 0
        ? Promise.resolve(accepted.shift()!)
        : new Promise((resolve) => waiting = resolve),
    async close() {
      for (const socket of all) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      if (folder) await rm(folder, { recursive: true });
    },
  };
}
