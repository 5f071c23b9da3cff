/**
 * Puts a message that chunks have cut back together.
 *
 * @module
 */

import { Span } from "./span.ts";

/** A lying length costs its reader no more than this before the bytes have really come. */
const trustedBytes = 1 << 20;

/** How a {@linkcode ByteJoiner} allocates. */
export interface ByteJoinerOptions {
  /** True when what is said to be missing is all that is missing: then the buffer gets that size. */
  readonly exact: boolean;
}

/** Collects the pieces of one message at a time, each byte copied a bounded number of times. */
export class ByteJoiner {
  readonly #exact: boolean;
  /** What `#span` is between messages: never written to. */
  readonly #empty: Span = new Span(new Uint8Array(0));
  #span: Span = this.#empty;

  constructor(options: ByteJoinerOptions) {
    this.#exact = options.exact;
  }

  /** What has come so far; `bytes` may be longer than `end`. */
  get span(): Span {
    return this.#span;
  }

  /** Adds a piece; `missing` more bytes are known to follow behind it. */
  append(piece: Uint8Array, missing: number): void {
    const length = this.#span.end;
    const needed = length + piece.length;
    if (needed === length) return;
    if (needed > this.#span.bytes.length) this.#grow(needed, missing);
    this.#span.bytes.set(piece, length);
    this.#span.end = needed;
  }

  /** Gives what was joined, which is the caller's from now on, and starts afresh. */
  take(): Span {
    const taken = this.#span;
    this.#span = this.#empty;
    return taken;
  }

  #grow(needed: number, missing: number): void {
    const doubled = this.#span.bytes.length * 2;
    const most = Math.max(needed, doubled, trustedBytes);
    let capacity = Math.min(needed + missing, most);
    if (!this.#exact) capacity = Math.max(capacity, doubled);
    const grown = new Span(new Uint8Array(capacity), 0, this.#span.end);
    grown.bytes.set(this.#span.bytes.subarray(0, this.#span.end));
    this.#span = grown;
  }
}
