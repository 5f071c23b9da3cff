/**
 * Stands between a client and a server and does what networks do: cuts, resets and stalls
 * connections at the byte that a test says, and lets bytes in that nobody sent.
 */

import { createServer, Socket } from "node:net";
import type { AddressInfo, Server } from "node:net";

/** What happens to a connection. `cut`: both ends see its end; `stall`: nothing comes any more. */
export type Fault = "cut" | "reset" | "stall";

/** Gives a connection its fault when it is made; 1 is the first connection. */
export type FaultPlan = (connection: ProxiedConnection, number: number) => void;

/** A connection that a client made, and the one to the server behind it. */
export class ProxiedConnection {
  /** Bytes of the server that were passed on. */
  fromServer = 0;
  /** What the client sent, chunk by chunk, the first few. */
  readonly fromClient: Uint8Array[] = [];
  readonly #client: Socket;
  readonly #server: Socket;
  #faultAt: number | undefined;
  #fault: Fault | undefined;
  #ended!: () => void;
  /** Resolves when the client's side has ended. */
  readonly ended: Promise<void> = new Promise((resolve) => this.#ended = resolve);

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on("data", (bytes) => {
      if (this.fromClient.length < 4) this.fromClient.push(bytes);
      pass(bytes, client, server);
    });
    server.on("data", (bytes) => this.#answer(bytes));
    for (const [socket, other] of [[client, server], [server, client]]) {
      socket.on("error", () => {}); // Told by `close`.
      socket.on("end", () => this.#fault === "stall" ? undefined : other.end());
    }
    server.on("close", () => this.#fault === "stall" ? undefined : client.destroySoon());
    client.on("close", () => {
      server.destroy();
      this.#ended();
    });
  }

  /** Has `fault` happen when the server has sent `bytes` more; 0: now. */
  failAfter(bytes: number, fault: Fault): void {
    if (bytes === 0) return this.fail(fault);
    this.#faultAt = this.fromServer + bytes;
    this.#fault = fault;
  }

  /** Has `fault` happen now. */
  fail(fault: Fault): void {
    this.#faultAt = this.fromServer;
    this.#fault = fault;
    if (fault === "cut") {
      this.#client.end();
      this.#server.destroy();
    } else if (fault === "reset") {
      // Deno's node:net had no reset once; there the end comes without a FIN's good manners.
      if (this.#client.resetAndDestroy) this.#client.resetAndDestroy();
      else this.#client.destroy();
    }
  }

  /** Sends bytes to the client as if the server had. */
  inject(bytes: Uint8Array): void {
    this.#client.write(bytes);
  }

  #answer(bytes: Uint8Array): void {
    const left = this.#faultAt === undefined ? bytes.length : this.#faultAt - this.fromServer;
    const passed = bytes.subarray(0, Math.max(left, 0));
    this.fromServer += passed.length;
    if (passed.length > 0) pass(passed, this.#server, this.#client);
    if (left > 0 && left <= bytes.length && this.#fault) this.fail(this.#fault);
  }
}

/** A proxy in front of a server. */
export class FaultProxy {
  readonly connections: ProxiedConnection[] = [];
  readonly #listener: Server;

  private constructor(listener: Server) {
    this.#listener = listener;
  }

  /** Listens on a port of its own. */
  static start(
    target: { readonly host: string; readonly port: number },
    plan: FaultPlan = () => {},
  ): Promise<FaultProxy> {
    const listener = createServer((client) => {
      const server = new Socket();
      const connection = new ProxiedConnection(client, server);
      plan(connection, proxy.connections.push(connection));
      server.connect(target.port, target.host);
    });
    const proxy = new FaultProxy(listener);
    return new Promise((resolve) => listener.listen(0, "127.0.0.1", () => resolve(proxy)));
  }

  /** A connection string to the server by way of this proxy. */
  url(parameters: Readonly<Record<string, string>> = {}): string {
    const { port } = this.#listener.address() as AddressInfo;
    return `postgres://postgres@127.0.0.1:${port}/postgres?${new URLSearchParams(parameters)}`;
  }

  /** The connection that was made last. */
  get last(): ProxiedConnection {
    return this.connections[this.connections.length - 1];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    for (const connection of this.connections) connection.fail("reset");
    await closed;
  }
}

/** Writes, and reads on when there is room for more: the proxy holds nothing up but back-pressure. */
function pass(bytes: Uint8Array, from: Socket, to: Socket): void {
  if (to.destroyed || to.write(bytes)) return;
  from.pause();
  to.once("drain", () => from.resume());
}
