/**
 * Reads the binary forms of tsvector and tsquery: counts, flags and lexemes.
 */

import type { FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";

/** A position in the bytes of one field. */
export class LexemeReader {
  readonly #typeName: string;
  readonly #source: FieldSource;
  readonly #end: number;
  #at: number;

  constructor(typeName: string, source: FieldSource, field: readonly [number, number]) {
    this.#typeName = typeName;
    this.#source = source;
    [this.#at, this.#end] = field;
  }

  int8(): number {
    return this.#source.bytes[this.#step(1)];
  }

  uint16(): number {
    return this.#source.view.getUint16(this.#step(2));
  }

  /** As many things as follow: it is not to be trusted until they were read. */
  count(): number {
    return this.#source.view.getUint32(this.#step(4));
  }

  /** A text ended by a zero byte, as PostgreSQL quotes it: `'it''s'`. */
  lexeme(): string {
    const zero = this.#source.bytes.indexOf(0, this.#at);
    if (zero < 0 || zero >= this.#end) throw this.fault("a lexeme has no end");
    const text = this.#source.text(this.#at, zero);
    this.#at = zero + 1;
    return `'${text.replace(/['\\]/g, "$&$&")}'`;
  }

  /** @throws {ProtocolError} when something is left */
  finish(): void {
    if (this.#at !== this.#end) throw this.fault(`${this.#end - this.#at} bytes are left`);
  }

  fault(fault: string): Error {
    return malformed(this.#typeName, fault);
  }

  #step(length: number): number {
    const start = this.#at;
    if (this.#end - start < length) throw this.fault("it is cut short");
    this.#at += length;
    return start;
  }
}
