/**
 * A socket of Node's as one that is asked for bytes, instead of one that throws them.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import { lostFailure } from "../transport/connection_failure.ts";
import type { ByteSocket } from "../transport/stream_transport.ts";
import type { NodeSocket } from "./node_api.ts";

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** What carries a TLS socket. */
export interface Carrier {
  destroy(): void;
  ref(): void;
  unref(): void;
  /** Lets ciphertext come, or not; absent where pausing the TLS socket does that. */
  flow?(on: boolean): void;
}

/**
 * Reads on demand. While a reader waits the socket flows; the first chunk that nobody
 * waited for pauses it, so that at most this one and what Node buffers is read ahead.
 *
 * Node 20 and 22 report a reset of a paused socket as a clean end: the end of the stream
 * proves nothing, and the session takes it for an error unless it said good-bye itself.
 */
export class NodeByteSocket implements ByteSocket {
  readonly #socket: NodeSocket;
  readonly #carrier: Carrier | undefined;
  readonly #ahead: Uint8Array[] = [];
  #reader: Waiting<Uint8Array | undefined> | undefined;
  #writer: Waiting<void> | undefined;
  #outcome: { readonly error?: Error } | undefined;
  #closed = false;

  constructor(socket: NodeSocket, carrier?: Carrier) {
    this.#socket = socket;
    this.#carrier = carrier;
    // First of all: a listener for "data" sets a socket flowing that nobody has paused.
    this.#flow(false);
    socket.on("data", this.#onData).on("end", this.#onEnd);
    socket.on("error", this.#onError).on("close", this.#onClose);
  }

  read(): Promise<Uint8Array | undefined> {
    const bytes = this.#ahead.shift();
    if (bytes) return Promise.resolve(bytes);
    if (this.#outcome?.error) return Promise.reject(lostFailure("read", this.#outcome.error));
    if (this.#outcome) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#flow(true);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(lostFailure("write", this.#outcome?.error ?? gone()));
    return new Promise<void>((resolve, reject) => {
      this.#writer = { resolve, reject };
      this.#socket.write(bytes, (error) => {
        this.#writer = undefined;
        // Node 20 reports success for a write that destroy() has cut short.
        if (!error && !this.#socket.destroyed) return resolve();
        reject(lostFailure("write", this.#outcome?.error ?? error ?? gone()));
      });
    });
  }

  destroy(): void {
    this.#socket.destroy();
    this.#carrier?.destroy();
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.end(() => this.destroy());
    });
  }

  ref(): void {
    this.#socket.ref();
    this.#carrier?.ref();
  }

  unref(): void {
    this.#socket.unref();
    this.#carrier?.unref();
  }

  /**
   * Lets go of the socket, paused, so that it can be secured.
   *
   * @throws {ProtocolError} when the server sent more in plaintext than was read: somebody
   * on the way may have put it there (CVE-2021-23222)
   */
  detach(): void {
    const socket = this.#socket;
    if (this.#ahead.length > 0) {
      this.destroy();
      throw new ProtocolError("Cannot secure the connection: bytes came ahead of the handshake");
    }
    socket.pause();
    socket.off("data", this.#onData).off("end", this.#onEnd);
    socket.off("error", this.#onError).off("close", this.#onClose);
  }

  readonly #onData = (chunk: Uint8Array): void => {
    // A Uint8Array over the Buffer's memory: Buffer's slice() would be a view, not a copy.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader) {
      this.#carrier?.flow?.(false);
      return reader.resolve(bytes);
    }
    this.#ahead.push(bytes);
    this.#flow(false);
  };

  readonly #onEnd = (): void => this.#finish({});

  readonly #onError = (error: Error): void => this.#finish({ error });

  readonly #onClose = (): void => {
    this.#closed = true;
    this.#finish({ error: gone() });
    this.#writer?.reject(lostFailure("write", this.#outcome!.error ?? gone()));
  };

  #flow(on: boolean): void {
    if (on) this.#socket.resume();
    else this.#socket.pause();
    this.#carrier?.flow?.(on);
  }

  #finish(outcome: { readonly error?: Error }): void {
    this.#outcome ??= outcome;
    const reader = this.#reader;
    this.#reader = undefined;
    if (!reader) return;
    if (outcome.error) reader.reject(lostFailure("read", outcome.error));
    else reader.resolve(undefined);
  }
}

/** Closed without an end and without an error: Bun 1.4 tells a reset so. */
function gone(): Error {
  return Object.assign(new Error("connection reset"), { code: "ECONNRESET" });
}
