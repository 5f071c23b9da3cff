/**
 * Decodes what a server of protocol 3.x sends.
 *
 * @module
 */

import type { DecoderOptions, MessageDecoder } from "../decoder.ts";
import type { BackendMessage } from "../backend_message.ts";
import { StreamDecoder } from "../stream_decoder.ts";
import { BackendFramingV3 } from "./backend_framing.ts";

/**
 * Turns bytes into backend messages of 3.0 to 3.2, from behind the answer to any
 * SSLRequest on. A run of rows within a chunk is one message.
 */
export class BackendDecoderV3 implements MessageDecoder<BackendMessage> {
  readonly #stream: StreamDecoder<BackendMessage>;

  /** A decoder for one connection. */
  constructor(options: DecoderOptions = {}) {
    const framing = new BackendFramingV3(options);
    this.#stream = new StreamDecoder(framing, { exact: true });
  }

  push(chunk: Uint8Array): BackendMessage[] {
    return this.#stream.push(chunk);
  }

  end(): void {
    this.#stream.end();
  }
}
