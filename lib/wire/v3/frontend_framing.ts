/**
 * Finds and decodes what a client of protocol 3.x sends: the server's direction.
 *
 * @module
 */

import { ByteReader } from "../../bytes/byte_reader.ts";
import type { Span } from "../../bytes/span.ts";
import { ProtocolError } from "../../errors.ts";
import { type DecoderOptions, defaultMaxMessageBytes, startupMessageBytes } from "../decoder.ts";
import type { FrontendMessage } from "../frontend_message.ts";
import { decodeStartupPacket, scanPacket } from "../startup_packets.ts";
import type { Framing } from "../stream_decoder.ts";
import { decodeFrontendBodyV3, frontendNameV3 } from "./frontend_messages.ts";

/**
 * What the server waits for: packets that open a connection, the answer to its
 * request for authentication (all have the type `p`), or any message.
 */
export type ExpectedV3 =
  | "startup"
  | "PasswordMessage"
  | "SASLInitialResponse"
  | "SASLResponse"
  | "GSSResponse"
  | "query";

/** The messages of this direction, one after the other. */
export class FrontendFramingV3 implements Framing<FrontendMessage> {
  messageLength: number = 0;
  readonly #maxMessageBytes: number;
  #expected: ExpectedV3 = "startup";

  constructor(options: DecoderOptions = {}) {
    this.#maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
  }

  /** Says what the next bytes are; "query" from the first ReadyForQuery on. */
  expect(expected: ExpectedV3): void {
    this.#expected = expected;
  }

  get state(): string {
    return this.#expected;
  }

  get untyped(): string | undefined {
    return this.#expected === "startup" ? "a start-up packet" : undefined;
  }

  nameOf(type: number): string | undefined {
    return frontendNameV3(type);
  }

  scan(span: Span): number {
    if (this.#expected === "startup") {
      const { missing, length } = scanPacket(span, 8);
      this.messageLength = length;
      return missing;
    }
    const { bytes, view, start, end } = span;
    if (frontendNameV3(bytes[start]) === undefined) throw new ProtocolError("the type is unknown");
    if (end - start < 5) return 5 - (end - start);
    const length = view.getInt32(start + 1);
    const most = this.#expected === "query"
      ? this.#maxMessageBytes
      : Math.min(startupMessageBytes, this.#maxMessageBytes);
    if (length < 4 || length > most) {
      throw new ProtocolError(`its length is ${length}, expected 4 to ${most}`);
    }
    this.messageLength = length + 1;
    return Math.max(this.messageLength - (end - start), 0);
  }

  decode(span: Span, messages: FrontendMessage[]): void {
    if (this.#expected === "startup") {
      const packet = decodeStartupPacket(span, this.messageLength);
      if (packet.kind === "StartupMessage") this.#expected = "PasswordMessage";
      messages.push(packet);
      return;
    }
    const { bytes, start } = span;
    const reader = new ByteReader(span, start + 5, start + this.messageLength);
    const type = String.fromCharCode(bytes[start]);
    messages.push(decodeFrontendBodyV3(type, reader, this.#expected));
    reader.expectEnd();
  }
}
