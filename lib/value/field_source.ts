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
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(
    bytes: Uint8Array,
    view: DataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ) {
    this.bytes = bytes;
    this.view = view;
  }

  text(start: number, end: number): string {
    return readText(this.bytes, start, end);
  }
}

/** Reads UTF-8; ill-formed sequences become U+FFFD. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_TEXT_BYTES || !isAscii(bytes, start, end)) {
    return utf8.decode(bytes.subarray(start, end));
  }
  return readShortAscii(bytes, start, end);
}

/** True when no byte has its high bit set. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= bytes[i];
  return bits < 0x80;
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
