/**
 * A stretch of bytes and the way to look at it.
 *
 * @module
 */

/** Bytes from `start` up to `end` of a buffer; what lies outside is not to be looked at. */
export class Span {
  readonly bytes: Uint8Array;
  /** Over the same bytes, offset 0 to offset 0. */
  readonly view: DataView;
  start: number;
  end: number;

  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.start = start;
    this.end = end;
  }

  /** Where `byte` is first found from offset `from` on, or -1. */
  indexOf(byte: number, from: number): number {
    if (this.end === this.bytes.length) return this.bytes.indexOf(byte, from);
    const found = this.bytes.subarray(from, this.end).indexOf(byte);
    return found < 0 ? -1 : from + found;
  }
}
