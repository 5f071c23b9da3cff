/**
 * COPY FROM STDIN as a stream that takes bytes.
 *
 * @module
 */

import type { QueryRunOptions } from "../query/query_run.ts";
import { CopyRun } from "./copy_run.ts";
import type { CopyListener, CopyStream } from "./copy_run.ts";

const LINE_FEED = 0x0a;

/**
 * Takes the data of a COPY, in pieces of any length; texts are sent as UTF-8. The query is run
 * with the first of them, and done when `close()` has resolved. Aborting the stream gives the
 * COPY up; on 2.0, where that cannot be said, it costs the connection.
 */
export function copyWritable(
  options: QueryRunOptions,
): CopyStream<WritableStream<Uint8Array | string>> {
  const sink = new CopySink(options);
  return { stream: new WritableStream(sink, { highWaterMark: 1 }), abort: sink.giveUp };
}

class CopySink implements CopyListener, UnderlyingSink<Uint8Array | string> {
  readonly giveUp: (reason: unknown) => void;
  readonly #run: CopyRun;
  readonly #encoder = new TextEncoder();
  /** Resolves when the server is ready for data, rejects when the COPY has failed before. */
  readonly #ready: Promise<void>;
  readonly #done: Promise<void>;
  #settleReady!: { readonly resolve: () => void; readonly reject: (reason: unknown) => void };
  #settleDone!: { readonly resolve: () => void; readonly reject: (reason: unknown) => void };
  #controller!: WritableStreamDefaultController;
  #lastByte = LINE_FEED;

  constructor(options: QueryRunOptions) {
    this.#run = new CopyRun(options, "in", this);
    this.giveUp = this.#run.cancel;
    this.#ready = new Promise((resolve, reject) => this.#settleReady = { resolve, reject });
    this.#done = new Promise((resolve, reject) => this.#settleDone = { resolve, reject });
    // Both tell the same failure, and the stream tells it as well.
    this.#ready.catch(() => {});
    this.#done.catch(() => {});
  }

  start(controller: WritableStreamDefaultController): void {
    this.#controller = controller;
    // abort() below is only called when the write before has settled, which may never be.
    const { signal } = controller;
    signal?.addEventListener("abort", () => this.#run.cancel(signal.reason));
  }

  write(chunk: Uint8Array | string): Promise<void> {
    return this.#limited(() => this.#send(chunk));
  }

  close(): Promise<void> {
    return this.#limited(() => this.#finish());
  }

  async #limited(act: () => Promise<void>): Promise<void> {
    this.#run.wait(true);
    try {
      await act();
    } finally {
      this.#run.wait(false);
    }
  }

  async #send(chunk: Uint8Array | string): Promise<void> {
    this.#run.run();
    await this.#ready;
    const data = typeof chunk === "string" ? this.#encoder.encode(chunk) : chunk;
    if (data.length === 0) return;
    this.#lastByte = data[data.length - 1];
    await this.#run.send(data);
  }

  async #finish(): Promise<void> {
    this.#run.run();
    await this.#ready;
    if (this.#run.endsInLine && this.#lastByte !== LINE_FEED) {
      await this.#run.send(Uint8Array.of(LINE_FEED));
    }
    this.#run.finish();
    await this.#done;
  }

  /** Resolves when the connection is free again, or given up. */
  async abort(reason: unknown): Promise<void> {
    this.#run.cancel(reason);
    await this.#run.run();
  }

  cancelled(reason: unknown): void {
    this.#controller.error(reason);
  }

  started(): void {
    this.#settleReady.resolve();
  }

  data(): void {}

  end(): void {
    this.#settleDone.resolve();
  }

  fail(reason: unknown): void {
    this.#settleReady.reject(reason);
    this.#settleDone.reject(reason);
    this.#controller.error(reason);
  }
}
