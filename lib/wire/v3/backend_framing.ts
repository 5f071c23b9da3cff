/**
 * Finds and decodes what a server of protocol 3.x sends.
 *
 * @module
 */

import { ByteReader } from "../../bytes/byte_reader.ts";
import type { Span } from "../../bytes/span.ts";
import { ProtocolError } from "../../errors.ts";
import { type DecoderOptions, defaultMaxMessageBytes, startupMessageBytes } from "../decoder.ts";
import { parseErrorText } from "../error_fields.ts";
import type { BackendMessage } from "../backend_message.ts";
import { RowStarts } from "../row_starts.ts";
import { type Framing, untilZero } from "../stream_decoder.ts";
import { backendNameV3, decodeBackendBodyV3 } from "./backend_messages.ts";
import { DataRowV3, frameRowsV3 } from "./row_framing.ts";

const errorResponse = 0x45; // E
const dataRow = 0x44; // D

/** The messages of this direction, one after the other. */
export class BackendFramingV3 implements Framing<BackendMessage> {
  messageLength: number = 0;
  readonly #maxMessageBytes: number;
  readonly #starts = new RowStarts();
  /** Until the first ReadyForQuery. */
  #startingUp = true;
  /** Bytes of an error in 2.0's form that hold no zero byte. */
  #searched = 0;

  constructor(options: DecoderOptions = {}) {
    this.#maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
  }

  get state(): string {
    return this.#startingUp ? "startup" : "ready";
  }

  nameOf(type: number): string | undefined {
    return backendNameV3(type);
  }

  decodeRun(span: Span, messages: BackendMessage[]): void {
    if (this.#startingUp || span.bytes[span.start] !== dataRow) return;
    const end = frameRowsV3(span, this.#starts, this.#maxMessageBytes);
    if (this.#starts.count === 0) return;
    messages.push(new DataRowV3(span, this.#starts.take(), end));
    span.start = end;
  }

  scan(span: Span): number {
    const { bytes, view, start, end } = span;
    if (this.#mayBeOldError(bytes[start])) {
      if (end - start < 2) return 1;
      if (bytes[start + 1] !== 0) return this.#scanOldError(span);
    }
    if (backendNameV3(bytes[start]) === undefined) throw new ProtocolError("the type is unknown");
    if (end - start < 5) return 5 - (end - start);
    // Length counts itself but not the type byte.
    const length = view.getInt32(start + 1);
    this.#checkLength(length, bytes[start]);
    this.messageLength = length + 1;
    return Math.max(this.messageLength - (end - start), 0);
  }

  decode(span: Span, messages: BackendMessage[]): void {
    const { bytes, start } = span;
    const end = start + this.messageLength;
    if (this.#mayBeOldError(bytes[start]) && bytes[start + 1] !== 0) {
      const text = new ByteReader(span, start + 1, end).readCString();
      messages.push({ kind: "ErrorResponse", fields: parseErrorText(text, "FATAL") });
      return;
    }
    if (bytes[start] === dataRow) {
      this.#starts.add(start + 5);
      messages.push(new DataRowV3(span, this.#starts.take(), end));
      return;
    }
    const reader = new ByteReader(span, start + 5, end);
    const message = decodeBackendBodyV3(String.fromCharCode(bytes[start]), reader);
    reader.expectEnd();
    if (message.kind === "ReadyForQuery") this.#startingUp = false;
    messages.push(message);
  }

  #checkLength(length: number, type: number): void {
    const least = type === dataRow ? 6 : 4;
    const most = this.#startingUp
      ? Math.min(startupMessageBytes, this.#maxMessageBytes)
      : this.#maxMessageBytes;
    if (length >= least && length <= most) return;
    throw new ProtocolError(`its length is ${length}, expected ${least} to ${most}`);
  }

  /**
   * Servers before 7.4, and any that cannot start a process for the connection, say so
   * in 2.0's form: no length, whose first byte would be zero, but a text.
   */
  #mayBeOldError(type: number): boolean {
    return this.#startingUp && type === errorResponse;
  }

  #scanOldError(span: Span): number {
    const zero = span.indexOf(0, span.start + Math.max(this.#searched, 1));
    if (zero >= 0) {
      this.#searched = 0;
      this.messageLength = zero + 1 - span.start;
      return 0;
    }
    this.#searched = span.end - span.start;
    if (this.#searched > startupMessageBytes) {
      throw new ProtocolError(`its text has more than ${startupMessageBytes} bytes`);
    }
    return untilZero;
  }
}
