/**
 * One COPY: a session that is nobody else's meanwhile, the request, and what ends it early.
 *
 * @module
 */

import { ConnectionError } from "../../errors.ts";
import { startCopy } from "../../session/copy_request.ts";
import type { CopyDirection, CopyEvents, CopyRequest } from "../../session/copy_request.ts";
import type { Session } from "../../session/session.ts";
import { throwIfAborted } from "../query/abort.ts";
import { pointAt } from "../query/caller_stack.ts";
import { refuseForPooler } from "../query/execution_context.ts";
import type { QueryRunOptions } from "../query/query_run.ts";
import { renderStatement } from "../query/render_statement.ts";
import { WaitLimit } from "../query/wait_limit.ts";

/** A stream of a COPY, and what ends it. */
export interface CopyStream<Stream> {
  readonly stream: Stream;
  readonly abort: (reason: unknown) => void;
}

/** What happens to a COPY, told to the stream that users hold. */
export interface CopyListener extends Pick<CopyEvents, "started" | "data"> {
  /** All is done and the session is free again. */
  end(commandTag: string): void;
  /** Nothing more comes; `reason` is what the stream fails with. */
  fail(reason: unknown): void;
  /** It is to end before its time: who waits for the stream must not keep the session waiting. */
  cancelled(reason: unknown): void;
}

const WHAT = "The COPY";

/** One run of a COPY. */
export class CopyRun {
  readonly #options: QueryRunOptions;
  readonly #direction: CopyDirection;
  readonly #listener: CopyListener;
  readonly #controller = new AbortController();
  readonly #waits: WaitLimit;
  #session: Session | undefined;
  #request: CopyRequest | undefined;
  #unwatch: (() => void) | undefined;
  #ended: Promise<void> | undefined;
  /** The server reads what we send, and hears nothing else meanwhile. */
  #takesData = false;

  constructor(options: QueryRunOptions, direction: CopyDirection, listener: CopyListener) {
    this.#options = options;
    this.#direction = direction;
    this.#listener = listener;
    const { settings, context } = options;
    const timeoutMs = settings.timeoutMs ?? context.queryTimeoutMs;
    this.#waits = new WaitLimit({ timeoutMs, what: WHAT }, this.cancel);
  }

  /** Runs the COPY to its end, once. Never rejects: whatever happens is told to the listener. */
  run(): Promise<void> {
    return this.#ended ??= this.#run();
  }

  /** Has the server told to stop: the COPY fails with `reason`, if it has not ended before. */
  readonly cancel = (reason: unknown): void => {
    this.#controller.abort(reason);
    this.#waits.clear();
    this.#listener.cancelled(reason);
    if (this.#takesData) this.#giveUp();
    else if (this.#request) this.#session!.cancel(this.#request);
  };

  /** The user waits for the server, or does not any more: that is what a timeout limits. */
  wait(waiting: boolean): void {
    this.#waits.set("rows", waiting);
  }

  /** Sends data of a COPY that has started; resolves when there is room for more. */
  async send(data: Uint8Array): Promise<void> {
    if (!this.#takesData) return; // It has failed meanwhile, which the stream hears.
    this.#session!.write([{ kind: "CopyData", data }]);
    await this.#session!.drain();
  }

  /** Tells the server that the data is complete. */
  finish(): void {
    if (!this.#takesData) return;
    this.#takesData = false;
    this.#session!.write([{ kind: "CopyDone" }]);
  }

  /** True where the end of the data is a line of its own: the one before must be ended. */
  get endsInLine(): boolean {
    return !this.#session!.protocol.capabilities.copyFail;
  }

  async #run(): Promise<void> {
    const { context, settings, site } = this.#options;
    const { signal } = this.#controller;
    const signals = [settings.signal, context.signal];
    this.#unwatch = context.aborts.watch({ signals, what: WHAT }, this.cancel);
    let commandTag: string;
    try {
      throwIfAborted([...signals, signal]);
      const query = await this.#text();
      const lease = await context.lender.acquire({
        exclusive: true,
        stream: true,
        signal,
        control: {
          revoke: (reason: Error) => this.cancel(reason),
          isLeaving: () => signal.aborted,
        },
      });
      try {
        commandTag = await this.#copy(lease.session, query);
        await lease.session.cancelled;
      } finally {
        this.#takesData = false;
        lease.release();
      }
    } catch (error) {
      pointAt(error, site);
      context.onFailure?.(error);
      return this.#listener.fail(signal.aborted ? signal.reason : error);
    } finally {
      this.#unwatch?.();
      this.#waits.clear();
    }
    this.#listener.end(commandTag);
  }

  async #text(): Promise<string> {
    const { context } = this.#options;
    const { text, values } = await renderStatement(this.#options);
    refuseForPooler(context, text);
    if (values.length === 0) return text;
    throw new TypeError("Cannot copy: COPY takes no parameters, expected sql.unsafe(text)");
  }

  #copy(session: Session, query: string): Promise<string> {
    this.#controller.signal.throwIfAborted();
    this.#session = session;
    return new Promise((resolve, reject) => {
      const events: CopyEvents = {
        started: () => this.#started(),
        data: (bytes) => this.#listener.data(bytes),
        end: resolve,
        fail: (error) => (this.#takesData = false, reject(error)),
      };
      this.#request = startCopy(session, query, { direction: this.#direction, events });
    });
  }

  #started(): void {
    this.#takesData = this.#direction === "in";
    if (this.#takesData && this.#controller.signal.aborted) this.#giveUp();
    else this.#listener.started();
  }

  #giveUp(): void {
    this.#takesData = false;
    const session = this.#session!;
    if (session.protocol.capabilities.copyFail) {
      session.write([{ kind: "CopyFail", message: "the client gave it up" }]);
    } else {
      session.abort(new ConnectionError("The connection was closed: 2.0 cannot give up a COPY"));
    }
  }
}
