// Hot path (bench/rows_bench.ts): every text of every row is made here.
// Unusual: on V8 a window of up to 16 kB of the chunk becomes one string, of which ASCII
// fields are substrings: a call into the runtime per window, not per field.
// Gain (six columns, decoder kept, minima): 1.5x rows/s on Deno 2.9.6 over utf8Slice a field, 2x
// over the Web's means (2026-11-22). Undo it if under 1.2x on V8. Not for Bun 1.4.5: it gains
// nothing there once somebody looks into a text.
// Plain twin: ByteSource of lib/value/field_source.ts; the tests read the same fields by both.

/**
 * The fields of one run of rows, with the fastest reading of text at hand.
 */

import type { FieldSource } from "../value/codec.ts";
import { ByteSource, isAscii } from "../value/field_source.ts";
import type { DataRow } from "../wire/backend_message.ts";

/** Reads bytes as text. */
export type ReadText = (bytes: Uint8Array, start: number, end: number) => string;

/** What the runtime has for reading text; without either the Web's own means are used. */
export interface TextReaders {
  /** UTF-8; ill-formed sequences become U+FFFD. */
  readonly readUtf8?: ReadText;
  /**
   * One character a byte. Give it only where a substring is cheaper than a call into the
   * runtime (V8, not JavaScriptCore).
   */
  readonly readLatin1?: ReadText;
}

/** The source of a run's fields. */
export function createFieldSource(
  run: DataRow,
  { readUtf8, readLatin1 }: TextReaders,
): FieldSource {
  const wide = run.byteLength > run.count * WIDE_ROW_BYTES;
  if (readLatin1 && !wide) return new WindowSource(run, readLatin1, readUtf8);
  if (readUtf8) return new RuntimeSource(run, readUtf8);
  return new ByteSource(run.bytes, run.view);
}

class RuntimeSource implements FieldSource {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #readUtf8: ReadText;

  constructor({ bytes, view }: DataRow, readUtf8: ReadText) {
    this.bytes = bytes;
    this.view = view;
    this.#readUtf8 = readUtf8;
  }

  text(start: number, end: number): string {
    return this.#readUtf8(this.bytes, start, end);
  }
}

// A substring of more than 12 characters holds its window in memory: the cap bounds what one
// kept text can pin, and where rows are wider than this on average there is no window at all.
const WINDOW_BYTES = 16_384;
const WIDE_ROW_BYTES = 1024;
// Longer texts are worth a call of their own.
const LONG_TEXT_BYTES = 1024;

class WindowSource extends ByteSource {
  readonly #readLatin1: ReadText;
  readonly #readUtf8: ReadText | undefined;
  /** About where the run ends: what stands behind it is for others. */
  readonly #limit: number;
  #window = "";
  #start = 0;
  #end = 0;

  constructor(run: DataRow, readLatin1: ReadText, readUtf8: ReadText | undefined) {
    super(run.bytes, run.view);
    this.#limit = Math.min(run.starts[0] + run.byteLength, run.bytes.length);
    this.#readLatin1 = readLatin1;
    this.#readUtf8 = readUtf8;
  }

  override text(start: number, end: number): string {
    if (end - start > LONG_TEXT_BYTES || !isAscii(this.view, start, end)) {
      return this.#readUtf8 ? this.#readUtf8(this.bytes, start, end) : super.text(start, end);
    }
    if (start < this.#start || end > this.#end) this.#moveTo(start);
    return this.#window.substring(start - this.#start, end - this.#start);
  }

  #moveTo(start: number): void {
    this.#start = start;
    this.#end = Math.min(start + WINDOW_BYTES, this.#limit);
    this.#window = this.#readLatin1(this.bytes, this.#start, this.#end);
  }
}
