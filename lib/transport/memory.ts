/**
 * Two transports that are each other's other end, within the process: for tests, and for
 * servers that live in the same program.
 *
 * @module
 */

import { ConnectionError } from "../errors.ts";
import { StreamTransport } from "./stream_transport.ts";
import type { ByteSocket } from "./stream_transport.ts";
import type { Transport } from "./transport.ts";

/**
 * Makes a connected pair. Each direction holds up to 64 KiB; a write beyond that settles
 * when the other end has read enough. Bytes are copied, as a socket would.
 *
 * `close()` is seen by the other end as the end of the stream, behind what was written;
 * `abort()` as a lost connection (`ECONNRESET`).
 */
export function memoryPair(): [Transport, Transport] {
  const there = new MemoryPipe();
  const back = new MemoryPipe();
  return [
    new StreamTransport(memorySocket(back, there), { info: { kind: "memory", secure: false } }),
    new StreamTransport(memorySocket(there, back), { info: { kind: "memory", secure: false } }),
  ];
}

function memorySocket(input: MemoryPipe, output: MemoryPipe): ByteSocket {
  const reset = () => {
    input.reset();
    output.reset();
  };
  return {
    read: () => input.read(),
    write: (bytes) => output.write(bytes),
    destroy: reset,
    close() {
      output.end();
      input.reset();
      return Promise.resolve();
    },
  };
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** Bytes that a pipe takes before its writer has to wait, as a kernel's socket buffer does. */
const PIPE_CAPACITY = 65_536;

/** One direction. */
class MemoryPipe {
  readonly #chunks: Uint8Array[] = [];
  #buffered = 0;
  #reader: Waiting<Uint8Array | undefined> | undefined;
  #writer: Waiting<void> | undefined;
  #state: "open" | "ended" | "reset" = "open";

  read(): Promise<Uint8Array | undefined> {
    if (this.#state === "reset") return Promise.reject(lost("read from"));
    const bytes = this.#chunks.shift();
    if (bytes) {
      this.#buffered -= bytes.length;
      if (this.#buffered <= PIPE_CAPACITY) this.#settleWriter();
      return Promise.resolve(bytes);
    }
    if (this.#state === "ended") return Promise.resolve(undefined);
    return new Promise((resolve, reject) => this.#reader = { resolve, reject });
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#state !== "open") return Promise.reject(lost("write to"));
    if (bytes.length === 0) return Promise.resolve();
    const copy = Uint8Array.from(bytes);
    if (this.#reader) {
      this.#reader.resolve(copy);
      this.#reader = undefined;
      return Promise.resolve();
    }
    this.#chunks.push(copy);
    this.#buffered += copy.length;
    if (this.#buffered <= PIPE_CAPACITY) return Promise.resolve();
    return new Promise((resolve, reject) => this.#writer = { resolve, reject });
  }

  /** No more writes; what is buffered can still be read. */
  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#reader?.resolve(undefined);
    this.#reader = undefined;
    this.#settleWriter();
  }

  /** Loses what is buffered, unless the writing end had closed in peace. */
  reset(): void {
    if (this.#state === "open") this.#state = "reset";
    this.#reader?.reject(lost("read from"));
    this.#writer?.reject(lost("write to"));
    this.#reader = this.#writer = undefined;
  }

  #settleWriter(): void {
    this.#writer?.resolve();
    this.#writer = undefined;
  }
}

function lost(action: string): ConnectionError {
  return new ConnectionError(`Cannot ${action} the other end: connection reset`, {
    code: "ECONNRESET",
  });
}
