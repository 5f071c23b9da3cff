/**
 * Reads the text of geometric values: numbers, and marks around them.
 */

import type { FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";

/** A position in the text of one field. */
export class GeometricScanner {
  readonly #typeName: string;
  readonly #text: string;
  #at = 0;

  constructor(typeName: string, source: FieldSource, field: readonly [number, number]) {
    this.#typeName = typeName;
    this.#text = source.text(...field);
  }

  /** Steps over the mark if it is what comes next. */
  accept(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  /** @throws {ProtocolError} when something else comes next */
  expect(mark: string): void {
    if (!this.accept(mark)) throw this.#fault();
  }

  /** A number, or Infinity, -Infinity or NaN. */
  number(): number {
    const start = this.#at;
    while (this.#at < this.#text.length && !isMark(this.#text.charCodeAt(this.#at))) this.#at += 1;
    const digits = this.#text.slice(start, this.#at);
    const value = Number(digits);
    if (digits === "" || (Number.isNaN(value) && digits !== "NaN")) throw this.#fault();
    return value;
  }

  /** @throws {ProtocolError} when something is left */
  finish(): void {
    if (this.#at !== this.#text.length) throw this.#fault();
  }

  #fault(): Error {
    return malformed(this.#typeName, "its text has another form");
  }
}

/** What may stand behind a number: `,`, `)`, `]`, `}` or `>`. */
function isMark(code: number): boolean {
  return code === 0x2c || code === 0x29 || code === 0x5d || code === 0x7d || code === 0x3e;
}
