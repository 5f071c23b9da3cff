/**
 * Reads integers, texts and bytes one behind the other, and never beyond the end.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import type { Span } from "./span.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads the body of a message. Every length is checked before it is used;
 * the errors say only what is wrong, the decoder adds of which message.
 */
export class ByteReader {
  readonly #span: Span;
  #at: number;
  readonly #end: number;

  /** Reads `span` from its start, or a part of it by absolute offsets. */
  constructor(span: Span, start: number = span.start, end: number = span.end) {
    this.#span = span;
    this.#at = start;
    this.#end = end;
  }

  /** Bytes that were not read yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  readByte(): number {
    return this.#span.bytes[this.#move(1)];
  }

  readInt16(): number {
    return this.#span.view.getInt16(this.#move(2));
  }

  readUint16(): number {
    return this.#span.view.getUint16(this.#move(2));
  }

  readInt32(): number {
    return this.#span.view.getInt32(this.#move(4));
  }

  /** OIDs are unsigned. */
  readUint32(): number {
    return this.#span.view.getUint32(this.#move(4));
  }

  /** A view, not a copy. */
  readBytes(count: number): Uint8Array {
    const start = this.#move(count);
    return this.#span.bytes.subarray(start, start + count);
  }

  /** All that is left; a view, not a copy. */
  readRest(): Uint8Array {
    return this.readBytes(this.left);
  }

  /** The manual's String: UTF-8 ended by a zero byte. */
  readCString(): string {
    const end = this.#span.bytes.indexOf(0, this.#at);
    if (end < 0 || end >= this.#end) throw new ProtocolError("a text has no end");
    const text = decodeUtf8(this.#span.bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  /** A count that each of its items needs at least `itemBytes` for. */
  readCount(itemBytes: number): number {
    const count = this.readUint16();
    if (count * itemBytes > this.left) {
      throw new ProtocolError(
        `${count} items need ${count * itemBytes} bytes, ${this.left} are left`,
      );
    }
    return count;
  }

  /** A length and so many bytes; length -1 is NULL. */
  readValue(): Uint8Array | null {
    const length = this.readInt32();
    return length === -1 ? null : this.readBytes(length);
  }

  /** @throws {ProtocolError} when bytes are left over */
  expectEnd(): void {
    if (this.left > 0) throw new ProtocolError(`${this.left} bytes are left over`);
  }

  #move(count: number): number {
    const start = this.#at;
    if (count < 0) throw new ProtocolError(`a length is ${count}`);
    if (count > this.#end - start) {
      throw new ProtocolError(`${count} bytes are needed, ${this.left} are left`);
    }
    this.#at = start + count;
    return start;
  }
}
