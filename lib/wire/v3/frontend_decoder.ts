/**
 * Decodes what a client of protocol 3.x sends: the server's direction.
 *
 * @module
 */

import type { DecoderOptions, MessageDecoder } from "../decoder.ts";
import type { FrontendMessage } from "../frontend_message.ts";
import { StreamDecoder } from "../stream_decoder.ts";
import { type ExpectedV3, FrontendFramingV3 } from "./frontend_framing.ts";

/**
 * Turns bytes into frontend messages. It begins with "startup" and goes on to
 * "PasswordMessage" by itself behind a StartupMessage; all else its owner says by `expect`.
 *
 * A StartupMessage of 2.0 is decoded too, so that a server can see the version and
 * go on with `FrontendDecoderV2`.
 */
export class FrontendDecoderV3 implements MessageDecoder<FrontendMessage> {
  readonly #framing: FrontendFramingV3;
  readonly #stream: StreamDecoder<FrontendMessage>;

  /** A decoder for one connection. */
  constructor(options: DecoderOptions = {}) {
    this.#framing = new FrontendFramingV3(options);
    this.#stream = new StreamDecoder(this.#framing, { exact: true });
  }

  /** Says what the next bytes are; "query" from the first ReadyForQuery on. */
  expect(expected: ExpectedV3): void {
    this.#framing.expect(expected);
  }

  push(chunk: Uint8Array): FrontendMessage[] {
    return this.#stream.push(chunk);
  }

  end(): void {
    this.#stream.end();
  }
}
