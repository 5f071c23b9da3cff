/**
 * Makes a {@linkcode Transport} of what a runtime calls a socket: the streams, the
 * back-pressure and the ways to end are the same everywhere, and here.
 *
 * @module
 */

import { ConnectionError } from "../errors.ts";
import type { TlsOptions, Transport, TransportInfo } from "./transport.ts";

/** The least an adapter must give. What it rejects with reaches the user as it is. */
export interface ByteSocket {
  /** The next bytes, in memory of their own; undefined at the end. Never called twice at once. */
  read(): Promise<Uint8Array | undefined>;
  /** Settles when the operating system has all of it. Never called twice at once. */
  write(bytes: Uint8Array): Promise<void>;
  /** Frees everything at once; what is pending settles somehow. Idempotent, never throws. */
  destroy(): void;
  /** Says good-bye where the protocol has one, then frees everything. Never rejects. */
  close(): Promise<void>;
  ref?(): void;
  unref?(): void;
}

/** What a {@linkcode StreamTransport} is made of. */
export interface StreamTransportOptions {
  readonly info: TransportInfo;
  /** Takes the socket over, or destroys it. */
  readonly startTls?: (options: TlsOptions) => Promise<Transport>;
}

/** Bytes that may wait to be written before a writer is asked to wait. */
const WRITE_HIGH_WATER_MARK = 65_536;

/**
 * A transport over a {@linkcode ByteSocket}.
 *
 * There is no half-close: closing the writable or cancelling the readable ends the whole
 * connection. After `close()` a pending read sees the end, as if the server had closed.
 */
export class StreamTransport implements Transport {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly info: TransportInfo;
  readonly startTls?: (options: TlsOptions) => Promise<Transport>;
  readonly ref?: () => void;
  readonly unref?: () => void;

  readonly #socket: ByteSocket;
  #input!: ReadableStreamDefaultController<Uint8Array>;
  #output!: WritableStreamDefaultController;
  #reading = false;
  /** The server has closed its side. */
  #inputEnded = false;
  /** Set once this side has ended; what is pending rejects with the reason. */
  #end: { readonly reason: unknown } | undefined;
  /** The socket is TLS's now, and no longer this transport's to destroy. */
  #handedOver = false;
  #closing: Promise<void> | undefined;
  /** Bytes that the writable has taken and the socket has not. */
  #unsent = 0;
  #onFlushed: (() => void) | undefined;

  constructor(socket: ByteSocket, options: StreamTransportOptions) {
    this.#socket = socket;
    this.info = options.info;
    if (options.startTls) this.startTls = (tls) => this.#startTls(options.startTls!, tls);
    if (socket.ref) this.ref = () => socket.ref!();
    if (socket.unref) this.unref = () => socket.unref!();
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#input = controller),
      pull: () => this.#pull(),
      cancel: (reason) => this.abort(reason),
    }, { highWaterMark: 0 });
    this.writable = new WritableStream<Uint8Array>({
      start: (controller) => void (this.#output = controller),
      write: (bytes) => this.#write(bytes),
      close: () => this.close(),
      abort: (reason) => this.abort(reason),
    }, { highWaterMark: WRITE_HIGH_WATER_MARK, size: (bytes) => this.#count(bytes) });
  }

  close(): Promise<void> {
    return this.#closing ??= this.#flushAndClose();
  }

  abort(reason?: unknown): void {
    const end = reason ?? new ConnectionError("Cannot use the connection: it was aborted");
    this.#stop(end, () => this.#input.error(end));
    if (!this.#handedOver) this.#socket.destroy();
  }

  async #pull(): Promise<void> {
    this.#reading = true;
    try {
      const bytes = await this.#socket.read();
      this.#reading = false;
      if (this.#end) return;
      if (bytes) return this.#input.enqueue(bytes);
      this.#inputEnded = true;
      this.#input.close();
    } catch (error) {
      this.#reading = false;
      if (!this.#end) this.abort(error);
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#throwIfEnded();
    try {
      await this.#socket.write(bytes);
    } catch (error) {
      this.abort(error);
    }
    this.#throwIfEnded();
    this.#unsent -= bytes.length;
    if (this.#unsent === 0) this.#onFlushed?.();
  }

  /** The stream calls this for each write as it is made: so `close()` knows of queued ones. */
  #count(bytes?: Uint8Array): number {
    const length = bytes?.length ?? 0;
    this.#unsent += length;
    return length;
  }

  async #flushAndClose(): Promise<void> {
    if (this.#unsent > 0 && !this.#end) {
      await new Promise<void>((resolve) => this.#onFlushed = resolve);
    }
    if (this.#end) return;
    const reason = new ConnectionError("Cannot use the connection: it was closed");
    this.#stop(reason, () => this.#inputEnded ? undefined : this.#input.close());
    await this.#socket.close();
  }

  #throwIfEnded(): void {
    if (this.#end) throw this.#end.reason;
  }

  #stop(reason: unknown, endInput: () => void): void {
    if (this.#end) return;
    this.#end = { reason };
    endInput();
    this.#output.error(reason);
    this.#onFlushed?.();
  }

  async #startTls(
    upgrade: (options: TlsOptions) => Promise<Transport>,
    options: TlsOptions,
  ): Promise<Transport> {
    this.#throwIfEnded();
    if (this.readable.locked || this.writable.locked || this.#reading || this.#unsent > 0) {
      throw new TypeError("Cannot secure the connection: its streams are in use");
    }
    const reason = new ConnectionError("Cannot use the connection: it was handed over to TLS");
    this.#stop(reason, () => this.#input.error(reason));
    this.#handedOver = true;
    return await upgrade(options);
  }
}
