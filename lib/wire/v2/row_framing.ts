/**
 * Rows of 2.0: finding a run of them in a chunk, and the fields of one.
 *
 * @module
 */

// Hot path (bench/wire_bench.ts).
// Unusual: rows are walked ahead of the general scanner and become one object per run; the walk
// stops without a word at whatever is no whole row, and the scanner says what is wrong.
// Gain: 0.8x (8 kB chunks) and 1.6x (64 kB) against a bare walk, which checks nothing and can not be
// cut, with a message a row on Deno 2.9; 1.2x and 2.2x on Bun 1.4 (medians, 2026-11-22). Undo it
// when the general scanner alone costs no more.
// Plain twin: tests/wire/row_twins.ts.

import type { Span } from "../../bytes/span.ts";
import { ProtocolError } from "../../errors.ts";
import type { DataRow } from "../backend_message.ts";
import type { Format } from "../message.ts";
import type { RowStarts } from "../row_starts.ts";

const asciiRowType = 0x44; // D
const binaryRowType = 0x42; // B

/** True for the type bytes of AsciiRow and BinaryRow. */
export function isRowType(type: number): boolean {
  return type === asciiRowType || type === binaryRowType;
}

/** What {@linkcode frameRowsV2} must know of the rows. */
export interface RowShape {
  readonly columns: number;
  readonly maxMessageBytes: number;
}

/** Adds the whole rows at `span.start`, all of the type of the first, and gives the offset behind. */
export function frameRowsV2(span: Span, starts: RowStarts, shape: RowShape): number {
  const { bytes, end } = span;
  const type = bytes[span.start];
  // The size of a value counts itself in an AsciiRow only.
  const counted = type === asciiRowType ? 4 : 0;
  let at = span.start;
  while (at < end && bytes[at] === type) {
    const next = rowEnd(span, at + 1, shape.columns, counted);
    if (next < 0 || next - at > shape.maxMessageBytes) break;
    starts.add(at + 1);
    at = next;
  }
  return at;
}

/** Offset behind the row whose bitmap is at `at`, or -1 when it is not whole or not right. */
function rowEnd(span: Span, bitmap: number, columns: number, counted: number): number {
  const { bytes, view, end } = span;
  let at = bitmap + ((columns + 7) >> 3);
  if (at > end) return -1;
  for (let i = 0; i < columns; i++) {
    if ((bytes[bitmap + (i >> 3)] & (0x80 >> (i & 7))) === 0) continue;
    if (end - at < 4) return -1;
    const length = view.getInt32(at) - counted;
    at += 4;
    if (length < 0 || length > end - at) return -1;
    at += length;
  }
  return at;
}

/**
 * A run of AsciiRows or of BinaryRows. The body of a row begins with the bitmap of the fields
 * that are not NULL. All lengths were checked when the run was found.
 */
export class DataRowV2 implements DataRow {
  readonly kind = "DataRow" as const;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly starts: Int32Array;
  readonly byteLength: number;
  readonly format: Format;
  readonly fieldCount: number;

  /** Covers whole rows of `span` with `fieldCount` fields each, up to offset `end`. */
  constructor(span: Span, starts: Int32Array, run: { end: number; fieldCount: number }) {
    this.count = starts.length;
    this.bytes = span.bytes;
    this.view = span.view;
    this.starts = starts;
    this.byteLength = run.end - starts[0] + 1;
    this.format = span.bytes[starts[0] - 1] === binaryRowType ? 1 : 0;
    this.fieldCount = run.fieldCount;
  }

  locate(row: number, fieldCount: number, out: Int32Array): void {
    if (fieldCount !== this.fieldCount) {
      throw new ProtocolError(
        `Cannot decode DataRow: it has ${this.fieldCount} fields, expected ${fieldCount}`,
        { messageType: this.format === 1 ? "B" : "D" },
      );
    }
    const bytes = this.bytes;
    const view = this.view;
    const bitmap = this.starts[row];
    const counted = this.format === 1 ? 0 : 4;
    let at = bitmap + ((fieldCount + 7) >> 3);
    for (let i = 0; i < fieldCount; i++) {
      if ((bytes[bitmap + (i >> 3)] & (0x80 >> (i & 7))) === 0) {
        out[2 * i] = out[2 * i + 1] = -1;
        continue;
      }
      const start = at + 4;
      at = start + view.getInt32(at) - counted;
      out[2 * i] = start;
      out[2 * i + 1] = at;
    }
  }
}
