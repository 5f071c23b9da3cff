/**
 * COPY TO STDOUT as a stream of bytes.
 *
 * @module
 */

import type { QueryRunOptions } from "../query/query_run.ts";
import { CopyRun } from "./copy_run.ts";
import type { CopyListener, CopyStream } from "./copy_run.ts";

/** Bytes that may wait for the reader; then the server waits. */
const HIGH_WATER_BYTES = 64 * 1024;

/**
 * The data of a COPY as it arrives, in pieces as the server sends them. The query is run when
 * the first is asked for; cancelling the stream tells the server to stop.
 */
export function copyReadable(options: QueryRunOptions): CopyStream<ReadableStream<Uint8Array>> {
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES });
  const source = new CopySource(options);
  return { stream: new ReadableStream(source, strategy), abort: source.abort };
}

class CopySource implements CopyListener, UnderlyingDefaultSource<Uint8Array> {
  readonly abort: (reason: unknown) => void;
  readonly #run: CopyRun;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #left = false;
  /** Lets the session go on. */
  #resume: (() => void) | undefined;
  /** Tells the stream that there is something. */
  #arrived: (() => void) | undefined;

  constructor(options: QueryRunOptions) {
    this.#run = new CopyRun(options, "out", this);
    this.abort = this.#run.cancel;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
  }

  pull(): Promise<void> {
    this.#run.run();
    this.#resume?.();
    this.#run.wait(true);
    return new Promise((resolve) => {
      this.#arrived = () => {
        this.#run.wait(false);
        resolve();
      };
    });
  }

  /** Resolves when the connection is free again. */
  async cancel(): Promise<void> {
    this.#run.cancel(new DOMException("The stream was cancelled", "AbortError"));
    await this.#run.run();
  }

  cancelled(reason: unknown): void {
    this.#left = true;
    this.#controller.error(reason);
    this.#resume?.();
    this.#arrived?.();
  }

  started(): void {}

  data(bytes: Uint8Array): void | Promise<void> {
    if (this.#left) return;
    this.#controller.enqueue(bytes);
    this.#arrived?.();
    if (this.#controller.desiredSize! > 0) return;
    return new Promise((resolve) => this.#resume = resolve);
  }

  end(): void {
    if (!this.#left) this.#controller.close();
    this.#arrived?.();
  }

  fail(reason: unknown): void {
    if (!this.#left) this.#controller.error(reason);
    this.#arrived?.();
  }
}
