/**
 * Finds the end of messages that have no length, wherever chunks cut them.
 *
 * @module
 */

import type { Span } from "../../bytes/span.ts";
import { ProtocolError } from "../../errors.ts";
import { untilZero } from "../stream_decoder.ts";

/** The unit is a text ended by a zero byte. */
const text = -1;

/**
 * Walks a message unit by unit: a unit is so many bytes, or a text. What was walked
 * is never looked at again when more bytes come, so the work is linear in the size.
 */
export abstract class UnitScanner {
  /** Bytes of the message walked so far: where the next unit begins. */
  #walked = 0;
  /** Size of the next unit, or `text`. */
  #unit = 1;
  /** Bytes of an unfinished text that hold no zero byte. */
  #searched = 0;
  #done = false;
  /** Bytes of the message that was last found whole. */
  messageLength: number = 0;

  /** As `StreamDecoder.scan`; `maxMessageBytes` bounds what is walked. */
  scan(span: Span, maxMessageBytes: number): number {
    while (!this.#done) {
      const at = span.start + this.#walked;
      const size = this.#unit === text ? this.#textSize(span, at) : this.#unit;
      const needed = this.#walked + Math.max(size, this.#searched);
      if (needed > maxMessageBytes) {
        throw new ProtocolError(`it needs ${needed} bytes, expected at most ${maxMessageBytes}`);
      }
      if (size === text) return untilZero;
      if (size > span.end - at) return size - (span.end - at);
      this.#walked += size;
      this.#searched = 0;
      this.next(span, at);
    }
    this.messageLength = this.#walked;
    this.#walked = 0;
    this.#unit = 1;
    this.#done = false;
    return 0;
  }

  /** The unit that lies at offset `at` is whole: says what comes next, by one of the three below. */
  protected abstract next(span: Span, at: number): void;

  protected expectBytes(count: number): void {
    this.#unit = count;
  }

  protected expectText(): void {
    this.#unit = text;
  }

  protected finish(): void {
    this.#done = true;
  }

  /** Bytes of the text at `at`, its zero byte included, or `text` when its end has not come. */
  #textSize(span: Span, at: number): number {
    const zero = span.indexOf(0, at + this.#searched);
    if (zero >= 0) return zero + 1 - at;
    this.#searched = span.end - at;
    return text;
  }
}
