/**
 * Decodes what a server of protocol 2.0 sends.
 *
 * @module
 */

import type { DecoderOptions, MessageDecoder } from "../decoder.ts";
import type { BackendMessage } from "../backend_message.ts";
import { StreamDecoder } from "../stream_decoder.ts";
import { BackendFramingV2 } from "./backend_framing.ts";

/**
 * Turns bytes into backend messages of 2.0, from behind the answer to any SSLRequest on.
 * A run of rows within a chunk is one message, and so are the lines of a COPY.
 *
 * COPY OUT in CSV format cannot be told from its end mark when a quoted value holds the
 * line `\.`: the wire does not say what the quote is. Ask for text format.
 */
export class BackendDecoderV2 implements MessageDecoder<BackendMessage> {
  readonly #stream: StreamDecoder<BackendMessage>;

  /** A decoder for one connection. */
  constructor(options: DecoderOptions = {}) {
    const framing = new BackendFramingV2(options);
    this.#stream = new StreamDecoder(framing, { exact: false });
  }

  push(chunk: Uint8Array): BackendMessage[] {
    return this.#stream.push(chunk);
  }

  end(): void {
    this.#stream.end();
  }
}
