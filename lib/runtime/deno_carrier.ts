/**
 * Carries `node:tls` over Deno's own sockets.
 *
 * @module
 */

import type { ByteSocket } from "../transport/stream_transport.ts";
import { nodeModule } from "./node_api.ts";
import type { NodeDuplex } from "./node_api.ts";
import type { Carrier } from "./node_byte_socket.ts";

/**
 * A stream of Node's over a socket, with a gate for what comes in.
 *
 * Deno 2.9: a paused TLS socket over `node:net` goes on reading and keeps all of it in
 * memory (30 MB while nobody read). Here nothing comes through before it is asked for.
 */
export class DenoCarrier implements Carrier {
  readonly stream: NodeDuplex;
  readonly #socket: ByteSocket;
  readonly #push: (bytes: Uint8Array | null) => void;
  /** Open during the handshake. */
  #flowing = true;
  #onFlow: (() => void) | undefined;

  constructor(socket: ByteSocket) {
    const { Duplex } = nodeModule("node:stream");
    const stream = new Duplex({
      read: () => void this.#fill(),
      write: (bytes, _encoding, done) => void socket.write(bytes).then(() => done(), done),
      destroy(error, done) {
        socket.destroy();
        done(error);
      },
    });
    this.stream = stream;
    this.#socket = socket;
    this.#push = (bytes) => void stream.push(bytes);
  }

  flow(on: boolean): void {
    this.#flowing = on;
    if (on) this.#onFlow?.();
  }

  destroy(): void {
    this.#socket.destroy(); // The stream would do it some turns later.
    this.stream.destroy();
  }

  ref(): void {
    this.#socket.ref?.();
  }

  unref(): void {
    this.#socket.unref?.();
  }

  async #fill(): Promise<void> {
    if (!this.#flowing) await new Promise<void>((resolve) => this.#onFlow = resolve);
    try {
      const bytes = await this.#socket.read();
      if (!this.stream.destroyed) this.#push(bytes ?? null);
    } catch (error) {
      this.stream.destroy(error as Error);
    }
  }
}
