/**
 * What the four decoders share: cut messages are joined, faults are explained,
 * and who failed once stays failed.
 *
 * @module
 */

import { ByteJoiner, type ByteJoinerOptions } from "../bytes/byte_joiner.ts";
import { Span } from "../bytes/span.ts";
import { ProtocolError } from "../errors.ts";
import type { MessageDecoder } from "./decoder.ts";

/** {@linkcode Framing.scan} says: all bytes up to a zero byte, however many. */
export const untilZero = -1;
/** {@linkcode Framing.scan} says: all bytes up to a line feed, however many. */
export const untilLineFeed = -2;

/** What a protocol's direction knows of its messages. */
export interface Framing<M> {
  /** Bytes of the message that the last `scan` found whole. */
  readonly messageLength: number;
  /** What the decoder is at, for texts of errors. */
  readonly state: string;
  /** While bytes come without a type byte: what they are. */
  readonly untyped?: string;
  /** Why the stream must not end between two messages here. */
  readonly unfinished?: string;
  /** The name of the message that begins with this byte, or undefined when there is none. */
  nameOf(type: number): string | undefined;
  /**
   * Looks whether the message at `span.start` is whole: 0, and its length is in
   * `messageLength`; else the bytes missing at least, or `untilZero` or
   * `untilLineFeed`. It is asked again with more bytes of the same message.
   */
  scan(span: Span): number;
  /** Decodes the message at `span.start` that `scan` found whole. */
  decode(span: Span, messages: M[]): void;
  /** Takes what can be taken in bulk and moves `span.start` behind it. */
  decodeRun?(span: Span, messages: M[]): void;
}

/** Calls `scan` of a framing until a message is whole, then its `decode`. */
export class StreamDecoder<M> implements MessageDecoder<M> {
  readonly #framing: Framing<M>;
  readonly #joiner: ByteJoiner;
  /** What `scan` said last; 0 between messages. */
  #missing = 0;
  /** Bytes of the stream before the chunk at hand. */
  #offset = 0;
  #span: Span = new Span(new Uint8Array(0));
  /** Offset in the stream of offset 0 in the span. */
  #spanOffset = 0;
  #failure: ProtocolError | undefined;

  constructor(framing: Framing<M>, options: ByteJoinerOptions) {
    this.#framing = framing;
    this.#joiner = new ByteJoiner(options);
  }

  push(chunk: Uint8Array): M[] {
    if (this.#failure !== undefined) throw this.#failure;
    const messages: M[] = [];
    try {
      this.#decodeChunk(chunk, messages);
    } catch (error) {
      throw this.#failure = this.#explain(error);
    }
    this.#offset += chunk.length;
    return messages;
  }

  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const { start, end } = this.#span;
    const cut = this.#missing === 0
      ? undefined
      : `the stream ended behind ${end - start} bytes of it`;
    const reason = cut ?? this.#framing.unfinished;
    if (reason === undefined) return;
    throw this.#failure = this.#explain(new ProtocolError(reason, { truncated: true }));
  }

  #decodeChunk(chunk: Uint8Array, messages: M[]): void {
    let at = 0;
    while (this.#missing !== 0 && at < chunk.length) at = this.#join(chunk, at, messages);
    if (at === chunk.length) return;
    this.#span = new Span(chunk, at);
    this.#spanOffset = this.#offset;
    this.#decodeWhole(this.#span, messages);
  }

  #decodeWhole(span: Span, messages: M[]): void {
    while (span.start < span.end) {
      const before = span.start;
      this.#framing.decodeRun?.(span, messages);
      if (span.start !== before) continue;
      const missing = this.#framing.scan(span);
      if (missing !== 0) return this.#keep(span, missing);
      const next = span.start + this.#framing.messageLength;
      this.#framing.decode(span, messages);
      span.start = next;
    }
  }

  #keep(span: Span, missing: number): void {
    this.#joiner.append(span.bytes.subarray(span.start), Math.max(missing, 0));
    this.#spanOffset += span.start;
    this.#span = this.#joiner.span;
    this.#missing = missing;
  }

  /** Adds to the cut message what it misses, gives the offset behind that. */
  #join(chunk: Uint8Array, at: number, messages: M[]): number {
    const end = this.#pieceEnd(chunk, at);
    this.#joiner.append(chunk.subarray(at, end), Math.max(this.#missing - (end - at), 0));
    this.#span = this.#joiner.span;
    this.#missing = this.#framing.scan(this.#span);
    if (this.#missing === 0) this.#framing.decode(this.#joiner.take(), messages);
    return end;
  }

  #pieceEnd(chunk: Uint8Array, at: number): number {
    if (this.#missing > 0) return Math.min(at + this.#missing, chunk.length);
    const found = chunk.indexOf(this.#missing === untilZero ? 0 : 10, at);
    return found < 0 ? chunk.length : found + 1;
  }

  /** Adds to a fault which message it was, what the decoder was at and where in the stream. */
  #explain(error: unknown): ProtocolError {
    const { bytes, start, end } = this.#span;
    const { untyped, state } = this.#framing;
    const type = untyped === undefined && start < end ? bytes[start] : undefined;
    const messageType = type === undefined ? undefined : letterOf(type);
    const name = untyped ?? (type === undefined ? undefined : this.#framing.nameOf(type));
    const reason = error instanceof Error ? error.message : String(error);
    const offset = this.#spanOffset + start;
    const what = name ?? `a message of type ${messageType}`;
    const text = `Cannot decode ${what} in state ${state} at offset ${offset}: ${reason}`;
    const truncated = error instanceof ProtocolError && error.truncated;
    return new ProtocolError(text, { messageType, state, offset, truncated, cause: error });
  }
}

/** A type byte as its letter, or in hex when it is not printable. */
export function letterOf(type: number): string {
  if (type > 0x20 && type < 0x7f) return String.fromCharCode(type);
  return "0x" + type.toString(16).padStart(2, "0");
}
