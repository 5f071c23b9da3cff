/**
 * Decodes what a client of protocol 2.0 sends: the server's direction.
 *
 * @module
 */

import type { DecoderOptions, MessageDecoder } from "../decoder.ts";
import type { FrontendMessage } from "../frontend_message.ts";
import { StreamDecoder } from "../stream_decoder.ts";
import { type ExpectedV2, FrontendFramingV2 } from "./frontend_framing.ts";

/**
 * Turns bytes into frontend messages of 2.0. It begins with "startup" and goes on to
 * "PasswordMessage" by itself behind a StartupMessage, and from "CopyData" to "query" behind
 * the end mark; all else its owner says by `expect`.
 */
export class FrontendDecoderV2 implements MessageDecoder<FrontendMessage> {
  readonly #framing: FrontendFramingV2;
  readonly #stream: StreamDecoder<FrontendMessage>;

  /** A decoder for one connection. */
  constructor(options: DecoderOptions = {}) {
    this.#framing = new FrontendFramingV2(options);
    this.#stream = new StreamDecoder(this.#framing, { exact: false });
  }

  /** Says what the next bytes are. */
  expect(expected: ExpectedV2): void {
    this.#framing.expect(expected);
  }

  push(chunk: Uint8Array): FrontendMessage[] {
    return this.#stream.push(chunk);
  }

  end(): void {
    this.#stream.end();
  }
}
