/**
 * Finds and decodes what a server of protocol 2.0 sends.
 *
 * @module
 */

import { ByteReader } from "../../bytes/byte_reader.ts";
import type { Span } from "../../bytes/span.ts";
import { type DecoderOptions, defaultMaxMessageBytes, startupMessageBytes } from "../decoder.ts";
import type { BackendMessage } from "../backend_message.ts";
import { RowStarts } from "../row_starts.ts";
import type { Framing } from "../stream_decoder.ts";
import { backendNameV2, decodeBackendBodyV2, decodeErrorV3 } from "./backend_messages.ts";
import { BackendScannerV2 } from "./backend_scanner.ts";
import { CutLine } from "./copy_lines.ts";
import { CopyOut } from "./copy_out.ts";
import { DataRowV2, frameRowsV2, isRowType } from "./row_framing.ts";

/** The messages of this direction, one after the other. */
export class BackendFramingV2 implements Framing<BackendMessage> {
  messageLength: number = 0;
  readonly #maxMessageBytes: number;
  readonly #scanner = new BackendScannerV2();
  readonly #copyOut = new CopyOut();
  readonly #starts = new RowStarts();
  readonly #cutLine = new CutLine();

  constructor(options: DecoderOptions = {}) {
    this.#maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
  }

  get state(): string {
    if (this.#copyOut.active) return "COPY OUT";
    return this.#scanner.startingUp ? "startup" : "ready";
  }

  get untyped(): string | undefined {
    return this.#copyOut.active ? "COPY data" : undefined;
  }

  get unfinished(): string | undefined {
    return this.#copyOut.active ? "the stream ended before the end mark" : undefined;
  }

  nameOf(type: number): string | undefined {
    return backendNameV2(type);
  }

  decodeRun(span: Span, messages: BackendMessage[]): void {
    if (this.#copyOut.active) return this.#copyOut.take(span, messages);
    if (this.#scanner.startingUp || this.#scanner.columns < 0) return;
    if (!isRowType(span.bytes[span.start])) return;
    const shape = { columns: this.#scanner.columns, maxMessageBytes: this.#maxMessageBytes };
    const end = frameRowsV2(span, this.#starts, shape);
    if (this.#starts.count === 0) return;
    const run = { end, fieldCount: shape.columns };
    messages.push(new DataRowV2(span, this.#starts.take(), run));
    span.start = end;
  }

  scan(span: Span): number {
    if (this.#copyOut.active) return this.#scanLine(span);
    const most = this.#scanner.startingUp ? startupMessageBytes : this.#maxMessageBytes;
    const missing = this.#scanner.scan(span, Math.min(most, this.#maxMessageBytes));
    this.messageLength = this.#scanner.messageLength;
    return missing;
  }

  decode(span: Span, messages: BackendMessage[]): void {
    if (this.#copyOut.active) return this.#copyOut.take(span, messages);
    const message = this.#decodeMessage(span, span.start + this.messageLength);
    this.#copyOut.settle(message, messages);
    messages.push(message);
    this.#follow(message);
  }

  #decodeMessage(span: Span, end: number): BackendMessage {
    const { bytes, start } = span;
    if (isRowType(bytes[start])) {
      const run = { end, fieldCount: this.#scanner.columns };
      this.#starts.add(start + 1);
      return new DataRowV2(span, this.#starts.take(), run);
    }
    const reader = new ByteReader(span, start + 1, end);
    const type = String.fromCharCode(bytes[start]);
    const isErrorV3 = type === "E" && this.#scanner.startingUp && bytes[start + 1] === 0;
    const message = isErrorV3 ? decodeErrorV3(reader) : decodeBackendBodyV2(type, reader);
    reader.expectEnd();
    return message;
  }

  /** What a message says about the bytes behind it. */
  #follow(message: BackendMessage): void {
    switch (message.kind) {
      case "RowDescription":
        this.#scanner.columns = message.fields.length;
        return;
      case "CopyOutResponse":
        return this.#copyOut.begin();
      case "ReadyForQuery":
        this.#scanner.columns = -1;
        this.#scanner.startingUp = false;
    }
  }

  #scanLine(span: Span): number {
    const missing = this.#cutLine.scan(span, this.#maxMessageBytes);
    this.messageLength = this.#cutLine.length;
    return missing;
  }
}
