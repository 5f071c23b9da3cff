/**
 * What every decoder of messages is.
 *
 * @module
 */

/** Turns chunks of a byte stream into messages. */
export interface MessageDecoder<M> {
  /**
   * Gives the messages that `chunk` completes, in order. They hold views of the
   * chunk, which must not change as long as they are used.
   *
   * @throws {ProtocolError} when the bytes make no sense; from then on always the same
   */
  push(chunk: Uint8Array): M[];
  /**
   * Says that the stream is over.
   *
   * @throws {ProtocolError} when it ends within a message
   */
  end(): void;
}

/** Bounds of a decoder. */
export interface DecoderOptions {
  /** Longest message to accept, 1 GiB - 1 by default. Before the log-in is done 64 KiB are the limit. */
  readonly maxMessageBytes?: number;
}

/** PostgreSQL allocates no more than 1 GiB - 1 for one message. */
export const defaultMaxMessageBytes = 0x3fffffff;

/** Who is not authenticated yet has nothing long to say. */
export const startupMessageBytes = 0x10000;
