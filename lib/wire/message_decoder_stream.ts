/**
 * A decoder as a stream: bytes in, arrays of messages out.
 *
 * @module
 */

import type { MessageDecoder } from "./decoder.ts";

/**
 * Turns each chunk of bytes into one array of the messages it completes; a chunk
 * that completes none gives nothing.
 *
 * Nothing is decoded before the readable side is asked. One chunk at most waits
 * on the writable side: with room for none a pipe would never start.
 *
 * @example Count the messages of a recorded stream
 * ```ts
 * import { MessageDecoderStream, protocolV3 } from "./mod.ts";
 *
 * const recorded = new Blob([new Uint8Array([0x5a, 0, 0, 0, 5, 0x49])]);
 * const messages = recorded.stream()
 *   .pipeThrough(new MessageDecoderStream(protocolV3.backendDecoder()));
 * for await (const batch of messages) console.log(batch.length);
 * ```
 */
export class MessageDecoderStream<M> extends TransformStream<Uint8Array, M[]> {
  /** The decoder is the stream's alone from now on. */
  constructor(decoder: MessageDecoder<M>) {
    super(
      {
        transform(chunk, controller) {
          const messages = decoder.push(chunk);
          if (messages.length > 0) controller.enqueue(messages);
        },
        flush() {
          decoder.end();
        },
      },
      { highWaterMark: 1 },
      { highWaterMark: 0 },
    );
  }
}
