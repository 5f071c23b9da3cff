/**
 * The quoting that ranges and records share (rangetypes.c, range_parse_bound; rowtypes.c,
 * record_in): an item may be quoted in whole or in part, `""` inside of quotes is a quote, a
 * backslash takes the next character as it is, and nothing at all is no value.
 */

import type { Decode, FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";
import { ByteSource } from "../field_source.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE_PARENTHESIS = 0x29;
const CLOSE_BRACKET = 0x5d;

/** What is known of the text before it is read. */
export interface QuotedTextOptions {
  readonly typeName: string;
  /** True of ranges: an item also ends where a `]` is that is not quoted. */
  readonly brackets: boolean;
}

/** Walks over the text of one field. */
export class QuotedReader {
  readonly #options: QuotedTextOptions;
  readonly #source: FieldSource;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(source: FieldSource, field: readonly [number, number], options: QuotedTextOptions) {
    this.#source = source;
    this.#bytes = source.bytes;
    [this.#at, this.#end] = field;
    this.#options = options;
  }

  get position(): number {
    return this.#at;
  }

  /** Steps over the text, which is ASCII, if it is what comes next. */
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
    if (!this.accept(text)) throw this.#fault(`"${text}" is missing`);
  }

  /** Reads up to a comma or a closing bracket that is not quoted; null for nothing at all. */
  readItem<T>(decode: Decode<T>): T | null {
    const start = this.#at;
    if (this.#at < this.#end && this.#bytes[start] === QUOTE) return this.#readQuoted(decode);
    this.#skipPlain();
    if (!this.#endsHere()) return this.#readMixed(start, decode);
    return this.#at === start ? null : decode(this.#source, start, this.#at);
  }

  /** @throws {ProtocolError} when something is left */
  finish(): void {
    if (this.#at !== this.#end) throw this.#fault("something stands behind its end");
  }

  /** Most quoted items have no escapes, and are read where they stand. */
  #readQuoted<T>(decode: Decode<T>): T {
    const start = this.#at;
    let at = start + 1;
    while (at < this.#end && this.#bytes[at] !== QUOTE && this.#bytes[at] !== BACKSLASH) at += 1;
    this.#at = at + 1;
    if (this.#endsHere() && this.#bytes[at] === QUOTE) return decode(this.#source, start + 1, at);
    return this.#readMixed(start, decode);
  }

  #readMixed<T>(start: number, decode: Decode<T>): T {
    const plain = new Uint8Array(this.#end - start);
    let length = 0;
    let quoted = false;
    for (this.#at = start; quoted || !this.#endsHere(); this.#at++) {
      if (this.#at >= this.#end) throw this.#fault("an item has no end");
      const byte = this.#bytes[this.#at];
      if (byte === BACKSLASH) {
        if (++this.#at >= this.#end) throw this.#fault("an item has no end");
      } else if (byte === QUOTE) {
        if (!quoted || this.#bytes[this.#at + 1] !== QUOTE || this.#at + 1 >= this.#end) {
          quoted = !quoted;
          continue;
        }
        this.#at += 1;
      }
      plain[length++] = this.#bytes[this.#at];
    }
    return decode(new ByteSource(plain.subarray(0, length)), 0, length);
  }

  #skipPlain(): void {
    while (this.#at < this.#end && !this.#endsHere()) {
      const byte = this.#bytes[this.#at];
      if (byte === QUOTE || byte === BACKSLASH) return;
      this.#at += 1;
    }
    if (this.#at >= this.#end) throw this.#fault("an item has no end");
  }

  #endsHere(): boolean {
    if (this.#at >= this.#end) return false;
    const byte = this.#bytes[this.#at];
    return byte === COMMA || byte === CLOSE_PARENTHESIS ||
      (byte === CLOSE_BRACKET && this.#options.brackets);
  }

  #fault(fault: string): Error {
    return malformed(this.#options.typeName, fault);
  }
}

/** The item as the server writes it; `special` matches what must be quoted. */
export function quoteItem(text: string, special: RegExp): string {
  if (text !== "" && !special.test(text)) return text;
  return `"${text.replace(/["\\]/g, "$&$&")}"`;
}
