/**
 * COPY data of 2.0: bare lines, ended by the line `\.`.
 *
 * @module
 */

import type { Span } from "../../bytes/span.ts";
import { ProtocolError } from "../../errors.ts";
import { untilLineFeed } from "../stream_decoder.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;
const dot = 0x2e;

/** What {@linkcode scanCopyLines} found: offsets into the span's bytes. */
export interface CopyLines {
  /** Behind the last line that is whole and no end mark. */
  readonly end: number;
  /** Behind the last of them that is not empty. */
  readonly filledEnd: number;
  /** Behind the end mark, or -1 when it is not there. */
  readonly markEnd: number;
}

/** Walks the whole lines at `span.start` up to the end mark; a client may end it with CR LF. */
export function scanCopyLines(span: Span): CopyLines {
  let at = span.start;
  let filledEnd = at;
  for (;;) {
    const feed = span.indexOf(lineFeed, at);
    if (feed < 0) return { end: at, filledEnd, markEnd: -1 };
    if (isEndMark(span.bytes, at, feed)) return { end: at, filledEnd, markEnd: feed + 1 };
    if (feed > at) filledEnd = feed + 1;
    at = feed + 1;
  }
}

function isEndMark(bytes: Uint8Array, start: number, feed: number): boolean {
  if (bytes[start] !== backslash || bytes[start + 1] !== dot) return false;
  return feed === start + 2 || (feed === start + 3 && bytes[start + 2] === carriageReturn);
}

/** Finds the end of a line that chunks have cut; what was searched is not searched again. */
export class CutLine {
  /** Bytes of the line that was last found whole, its line feed included. */
  length: number = 0;
  #searched = 0;

  /** As `Framing.scan`. */
  scan(span: Span, maxBytes: number): number {
    const feed = span.indexOf(lineFeed, span.start + this.#searched);
    this.#searched = feed < 0 ? span.end - span.start : 0;
    this.length = feed + 1 - span.start;
    if (feed >= 0) return 0;
    if (this.#searched <= maxBytes) return untilLineFeed;
    throw new ProtocolError(`a line has more than ${maxBytes} bytes`);
  }
}
