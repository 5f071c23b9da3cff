/**
 * Finds and decodes what a client of protocol 2.0 sends: the server's direction.
 *
 * @module
 */

import { ByteReader } from "../../bytes/byte_reader.ts";
import type { Span } from "../../bytes/span.ts";
import { type DecoderOptions, defaultMaxMessageBytes } from "../decoder.ts";
import { copyDone, terminate } from "../fixed_messages.ts";
import type { FrontendMessage, FunctionCall } from "../frontend_message.ts";
import { decodeStartupPacket, scanPacket } from "../startup_packets.ts";
import type { Framing } from "../stream_decoder.ts";
import { CutLine, scanCopyLines } from "./copy_lines.ts";
import { FrontendScannerV2 } from "./frontend_scanner.ts";

/** What the server waits for; nothing on the wire would tell. */
export type ExpectedV2 = "startup" | "PasswordMessage" | "query" | "CopyData";

const untypedNames: Readonly<Record<ExpectedV2, string | undefined>> = {
  startup: "a start-up packet",
  PasswordMessage: "PasswordPacket",
  CopyData: "COPY data",
  query: undefined,
};

const typedNames: Readonly<Record<string, string>> = {
  F: "FunctionCall",
  Q: "Query",
  X: "Terminate",
};

/** The messages of this direction, one after the other. */
export class FrontendFramingV2 implements Framing<FrontendMessage> {
  messageLength: number = 0;
  readonly #maxMessageBytes: number;
  readonly #scanner = new FrontendScannerV2();
  #expected: ExpectedV2 = "startup";
  readonly #cutLine = new CutLine();

  constructor(options: DecoderOptions = {}) {
    this.#maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
  }

  /** Says what the next bytes are. */
  expect(expected: ExpectedV2): void {
    this.#expected = expected;
  }

  get state(): string {
    return this.#expected;
  }

  get untyped(): string | undefined {
    return untypedNames[this.#expected];
  }

  get unfinished(): string | undefined {
    return this.#expected === "CopyData" ? "the stream ended before the end mark" : undefined;
  }

  nameOf(type: number): string | undefined {
    return typedNames[String.fromCharCode(type)];
  }

  decodeRun(span: Span, messages: FrontendMessage[]): void {
    if (this.#expected === "CopyData") this.#takeLines(span, messages);
  }

  scan(span: Span): number {
    if (this.#expected === "CopyData") return this.#scanLine(span);
    if (this.#expected === "query") {
      const missing = this.#scanner.scan(span, this.#maxMessageBytes);
      this.messageLength = this.#scanner.messageLength;
      return missing;
    }
    const { missing, length } = scanPacket(span, this.#expected === "startup" ? 8 : 5);
    this.messageLength = length;
    return missing;
  }

  decode(span: Span, messages: FrontendMessage[]): void {
    if (this.#expected === "CopyData") return this.#takeLines(span, messages);
    messages.push(this.#decodeMessage(span));
  }

  #decodeMessage(span: Span): FrontendMessage {
    const { start } = span;
    const end = start + this.messageLength;
    if (this.#expected === "startup") {
      const packet = decodeStartupPacket(span, this.messageLength);
      if (packet.kind === "StartupMessage") this.#expected = "PasswordMessage";
      return packet;
    }
    if (this.#expected === "PasswordMessage") {
      const reader = new ByteReader(span, start + 4, end);
      const password = reader.readCString();
      reader.expectEnd();
      return { kind: "PasswordMessage", password };
    }
    const type = String.fromCharCode(span.bytes[start]);
    const reader = new ByteReader(span, start + 1, end);
    if (type === "X") return terminate;
    return type === "Q"
      ? { kind: "Query", query: reader.readCString() }
      : decodeFunctionCall(reader);
  }

  #takeLines(span: Span, messages: FrontendMessage[]): void {
    const { end, markEnd } = scanCopyLines(span);
    if (end > span.start) {
      messages.push({ kind: "CopyData", data: span.bytes.subarray(span.start, end) });
    }
    span.start = markEnd < 0 ? end : markEnd;
    if (markEnd < 0) return;
    messages.push(copyDone);
    this.#expected = "query";
  }

  #scanLine(span: Span): number {
    const missing = this.#cutLine.scan(span, this.#maxMessageBytes);
    this.messageLength = this.#cutLine.length;
    return missing;
  }
}

function decodeFunctionCall(reader: ByteReader): FunctionCall {
  reader.readCString();
  const functionOid = reader.readUint32();
  const values: (Uint8Array | null)[] = [];
  for (let left = reader.readInt32(); left > 0; left--) values.push(reader.readValue());
  return {
    kind: "FunctionCall",
    functionOid,
    argumentFormats: [1],
    arguments: values,
    resultFormat: 1,
  };
}
