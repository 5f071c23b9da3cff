/**
 * Walks over a text that stands in bytes, one expected thing after the other.
 */

import { malformed } from "../codec_error.ts";
import { readDigits } from "../number/digits.ts";

/** A position in the text of one field. ASCII only. */
export class TextScanner {
  readonly #typeName: string;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(typeName: string, bytes: Uint8Array, field: { start: number; end: number }) {
    this.#typeName = typeName;
    this.#bytes = bytes;
    this.#at = field.start;
    this.#end = field.end;
  }

  get position(): number {
    return this.#at;
  }

  /** Steps over the text if it is what comes next. */
  accept(text: string): boolean {
    if (this.#at + text.length > this.#end) return false;
    for (let i = 0; i < text.length; i++) {
      if (this.#bytes[this.#at + i] !== text.charCodeAt(i)) return false;
    }
    this.#at += text.length;
    return true;
  }

  /** @throws {ProtocolError} when something else comes next */
  expect(text: string): void {
    if (!this.accept(text)) throw this.fault();
  }

  /** All digits up to the next other character, at least `min` and at most `max` of them. */
  digits(min: number, max: number): number {
    const start = this.#at;
    while (this.#at < this.#end && isDigit(this.#bytes[this.#at])) this.#at += 1;
    const count = this.#at - start;
    if (count < min || count > max) throw this.fault();
    return readDigits(this.#bytes, start, this.#at);
  }

  /** @throws {ProtocolError} when something is left */
  finish(): void {
    if (this.#at !== this.#end) throw this.fault();
  }

  /** The error that this text is not of the form it should have. */
  fault(): Error {
    return malformed(this.#typeName, "its text has another form, expected DateStyle ISO");
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
