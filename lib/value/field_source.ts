/**
 * The field source that needs nothing but the Web platform.
 */

import type { FieldSource } from "./codec.ts";

// Unlike the default, a leading U+FEFF is text and stays.
const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

// Below this a loop over the bytes beats the call into TextDecoder (bench/rows_bench.ts).
const SHORT_TEXT_BYTES = 24;

/** Fields that stand in some bytes. Ill-formed UTF-8 becomes U+FFFD. */
export class ByteSource implements FieldSource {
  /** See {@linkcode FieldSource.bytes}. */
  readonly bytes: Uint8Array;
  /** Over the same bytes. */
  readonly view: DataView;

  /** Takes the bytes, and a view over them where there is one. */
  constructor(
    bytes: Uint8Array,
    view: DataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ) {
    this.bytes = bytes;
    this.view = view;
  }

  text(start: number, end: number): string {
    if (end - start > SHORT_TEXT_BYTES || !isAscii(this.view, start, end)) {
      return utf8.decode(this.bytes.subarray(start, end));
    }
    return readShortAscii(this.bytes, start, end);
  }
}

// Hot path (every text on V8, see lib/rows/field_source.ts): four bytes at a time, the last four
// first, so that no rest is left. Gain on a text of 32 bytes, minima: 24.7 to 10.1 ns on Deno 2.9.6,
// 12.2 to 8.0 on Bun 1.4.5 (2026-11-22). Undo it if under 1.2x on V8.
// Plain twin: tests/value/field_source_test.ts.

/** True when no byte has its high bit set. */
export function isAscii(view: DataView, start: number, end: number): boolean {
  const last = end - 4;
  if (last < start) return isShortAscii(view, start, end);
  let bits = view.getInt32(last);
  for (let at = start; at < last; at += 4) bits |= view.getInt32(at);
  return (bits & 0x8080_8080) === 0;
}

function isShortAscii(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (view.getInt8(at) < 0) return false;
  return true;
}

/** Four characters a call: one at a time makes a chain of ropes. */
function readShortAscii(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let at = start;
  for (; at + 4 <= end; at += 4) {
    text += String.fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at]);
  return text;
}
