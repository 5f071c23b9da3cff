/**
 * The text form of arrays: `{1,NULL,"a b"}`, `{{1},{2}}`, `[0:1]={5,6}`.
 */

import { type ArrayShape, MAX_DIMENSIONS } from "./array_shape.ts";
import type { Decode, FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";
import { ByteSource } from "../field_source.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BRACKET = 0x5b;
const EQUALS = 0x3d;

/** What is known of the array before its text is read. */
export interface ArrayTextOptions {
  readonly typeName: string;
  readonly decode: Decode;
  /** One ASCII character: `,` for all types but box. */
  readonly delimiter: string;
}

/** Reads the text of one array. */
export class ArrayTextReader {
  readonly #source: FieldSource;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #options: ArrayTextOptions;
  readonly #delimiter: number;
  #at: number;
  #depth = 0;

  /** Dimensions seen; 0 for `{}`. */
  dimensions = 0;
  /** Of a text that states them. */
  lowerBounds: readonly number[] | undefined;

  constructor(source: FieldSource, field: readonly [number, number], options: ArrayTextOptions) {
    this.#source = source;
    this.#bytes = source.bytes;
    [this.#at, this.#end] = field;
    this.#options = options;
    this.#delimiter = options.delimiter.charCodeAt(0);
  }

  read(): unknown[] {
    if (this.#peek() === BRACKET) this.lowerBounds = this.#readBounds();
    const array = this.#readArray();
    if (this.#at !== this.#end) throw this.#fault("something stands behind its end");
    return array;
  }

  /** `[0:1][-2:3]=`, the subscripts that each dimension runs through. */
  #readBounds(): readonly number[] {
    const equals = this.#bytes.indexOf(EQUALS, this.#at);
    if (equals < 0 || equals >= this.#end) throw this.#fault("its bounds have no end");
    const text = this.#source.text(this.#at, equals);
    if (!/^(?:\[-?\d+:-?\d+\]){1,6}$/.test(text)) throw this.#fault("its bounds are malformed");
    this.#at = equals + 1;
    return Array.from(text.matchAll(/\[(-?\d+)/g), (match) => Number(match[1]));
  }

  #readArray(): unknown[] {
    if (this.#peek() !== OPEN) throw this.#fault("an opening brace is missing");
    if (++this.#depth > MAX_DIMENSIONS) throw this.#fault("it is nested too deeply");
    this.#at += 1;
    const array: unknown[] = [];
    if (this.#peek() === CLOSE && this.#depth === 1) {
      this.#at += 1;
      return array;
    }
    this.dimensions = Math.max(this.dimensions, this.#depth);
    for (;;) {
      array.push(this.#peek() === OPEN ? this.#readArray() : this.#readElement());
      const next = this.#peek();
      this.#at += 1;
      if (next === CLOSE) break;
      if (next !== this.#delimiter) throw this.#fault("a delimiter is missing");
    }
    this.#depth -= 1;
    return array;
  }

  #readElement(): unknown {
    if (this.#peek() === QUOTE) return this.#readQuoted();
    const start = this.#at;
    while (this.#at < this.#end && !this.#endsElement(this.#bytes[this.#at])) this.#at += 1;
    if (this.#at === start) throw this.#fault("an element is empty");
    if (isNull(this.#bytes, start, this.#at)) return null;
    return this.#options.decode(this.#source, start, this.#at);
  }

  #readQuoted(): unknown {
    const start = this.#at + 1;
    let escapes = 0;
    let at = start;
    while (at < this.#end && this.#bytes[at] !== QUOTE) {
      if (this.#bytes[at] === BACKSLASH) {
        escapes += 1;
        at += 1;
      }
      at += 1;
    }
    if (at >= this.#end) throw this.#fault("a quoted element has no end");
    this.#at = at + 1;
    // Most elements have no escapes and are read where they stand.
    if (escapes === 0) return this.#options.decode(this.#source, start, at);
    const plain = unescape(this.#bytes.subarray(start, at), escapes);
    return this.#options.decode(new ByteSource(plain), 0, plain.length);
  }

  #endsElement(byte: number): boolean {
    return byte === this.#delimiter || byte === CLOSE || byte === OPEN || byte === QUOTE;
  }

  /** The next byte, or -1 at the end. */
  #peek(): number {
    return this.#at < this.#end ? this.#bytes[this.#at] : -1;
  }

  #fault(fault: string): Error {
    return malformed(this.#options.typeName, fault);
  }
}

/**
 * The text of an array; `format` gives an element's own. Elements are quoted when
 * they must be.
 */
export function formatArray(
  shape: ArrayShape,
  { format, delimiter }: { format: (element: unknown) => string; delimiter: string },
): string {
  const { dimensions, lowerBounds, elements } = shape;
  if (elements.length === 0) return "{}";
  const delimiterCode = delimiter.charCodeAt(0);
  let text = "";
  for (let i = 0; i < elements.length; i++) {
    if (i > 0) text += dimensions.length === 1 ? delimiter : formatBorder(i, dimensions, delimiter);
    const element = elements[i];
    if (element === null) {
      text += "NULL";
    } else {
      const plain = format(element);
      text += needsQuotes(plain, delimiterCode) ? quoteElement(plain) : plain;
    }
  }
  text = "{".repeat(dimensions.length) + text + "}".repeat(dimensions.length);
  if (lowerBounds.every((bound) => bound === 1)) return text;
  const bounds = lowerBounds.map((bound, i) => `[${bound}:${bound + dimensions[i] - 1}]`);
  return `${bounds.join("")}=${text}`;
}

/** What stands before an element: the ends of the inner arrays that end there, and new ones. */
function formatBorder(index: number, dimensions: readonly number[], delimiter: string): string {
  let ends = 0;
  let size = 1;
  for (let level = dimensions.length - 1; level > 0; level--) {
    size *= dimensions[level];
    if (index % size !== 0) break;
    ends += 1;
  }
  return "}".repeat(ends) + delimiter + "{".repeat(ends);
}

/** Just as in arrayfuncs.c, array_out. */
function needsQuotes(text: string, delimiter: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === delimiter || code === QUOTE || code === BACKSLASH || isSpace(code)) return true;
    if (code === OPEN || code === CLOSE) return true;
  }
  return text === "" || text.length === 4 && text.toUpperCase() === "NULL";
}

function isSpace(code: number): boolean {
  return code === 0x20 || code >= 0x09 && code <= 0x0d;
}

function quoteElement(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function isNull(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 4 && (bytes[start] | 0x20) === 0x6e &&
    (bytes[start + 1] | 0x20) === 0x75 &&
    (bytes[start + 2] | 0x20) === 0x6c && (bytes[start + 3] | 0x20) === 0x6c;
}

function unescape(bytes: Uint8Array, escapes: number): Uint8Array {
  const plain = new Uint8Array(bytes.length - escapes);
  for (let from = 0, to = 0; from < bytes.length; from++) {
    if (bytes[from] === BACKSLASH) from += 1;
    plain[to++] = bytes[from];
  }
  return plain;
}
