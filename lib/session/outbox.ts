/**
 * What a session sends: the messages of one turn go out in one write.
 *
 * @module
 */

import { ByteWriter } from "../bytes/byte_writer.ts";
import type { FrontendMessage } from "../wire/frontend_message.ts";
import type { Protocol } from "../wire/protocol.ts";
import { formatMessage } from "../wire/trace.ts";

/** What an outbox is made with. */
export interface OutboxOptions {
  readonly protocol: Protocol;
  /** Takes one line for each message. */
  readonly trace?: (line: string) => void;
}

/** Encodes messages and writes them at the turn's end, unless it is held. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #bytes = new ByteWriter(1024);
  #flushScheduled = false;
  #held = false;
  #closed = false;

  constructor(writable: WritableStream<Uint8Array>, options: OutboxOptions) {
    this.#options = options;
    this.#writer = writable.getWriter();
    // The reading side tells of a loss, with what the server said of it.
    this.#writer.closed.catch(() => {});
  }

  /**
   * Puts messages behind what waits to be sent in this turn: all of them, or none.
   *
   * @throws {TypeError | RangeError} when the protocol cannot say one of them
   */
  put(messages: readonly FrontendMessage[]): void {
    const start = this.#bytes.length;
    try {
      for (const message of messages) this.#encode(message);
    } catch (error) {
      this.#bytes.truncate(start);
      throw error;
    }
    this.#scheduleFlush();
  }

  /** Writes what waits now, and nothing more until {@linkcode Outbox.release}. */
  hold(): void {
    if (this.#held) return;
    this.flush();
    this.#held = true;
  }

  /** Writes what has come meanwhile. */
  release(): void {
    this.#held = false;
    this.flush();
  }

  /** Writes what waits, without waiting for the turn's end. */
  flush(): void {
    if (this.#bytes.length === 0 || this.#closed) return;
    // A write that fails is told by the reading side, which may still find the server's reason.
    this.#writer.write(this.#bytes.take()).catch(() => {});
  }

  /** Writes what waits, and resolves when there is room for more. Never rejects. */
  async drain(): Promise<void> {
    this.flush();
    await this.#writer.ready.catch(() => {}); // Told by the reading side, too.
  }

  /** Writes what waits and lets go of the stream, which is then somebody else's to close. */
  close(): void {
    this.flush();
    this.#closed = true;
    this.#writer.releaseLock();
  }

  #encode(message: FrontendMessage): void {
    const { protocol, trace } = this.#options;
    protocol.encode(message, this.#bytes);
    // Without bind parameters the values stand in the text of the query.
    trace?.(formatMessage("F", message, { queryIsContent: !protocol.capabilities.bindParameters }));
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      if (!this.#held) this.flush();
    });
  }
}
