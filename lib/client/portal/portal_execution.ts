/**
 * One run of a query whose rows come by fetches, so that other queries can use its session in
 * between.
 *
 * @module
 */

import type { RowDecoder, RowShape } from "../../rows/row_decoder.ts";
import type { ResultRequest } from "../../session/result_request.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { Session } from "../../session/session.ts";
import type { RenderedSql } from "../../sql/fragment.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";
import { refuseForPooler } from "../query/execution_context.ts";
import type { ExecutionContext } from "../query/execution_context.ts";
import { FetchSize } from "./fetch_size.ts";
import { FetchedRows } from "./fetched_rows.ts";
import type { HeldSession } from "../lending/held_session.ts";
import type { Lease, StreamControl } from "../lending/session_lender.ts";
import { openCursor } from "./server_cursor.ts";
import type { ServerCursor } from "./server_cursor.ts";
import { StatementTypes } from "../types/statement_types.ts";

/** How a query is run by fetches. */
export interface PortalExecutionOptions {
  readonly statement: RenderedSql;
  readonly prepare: boolean;
  /** True: columns are wanted in their text form. */
  readonly asText: boolean;
  readonly sink: ResultSink;
  readonly control: StreamControl;
}

/** One run of a query by fetches. */
export class PortalExecution {
  readonly #context: ExecutionContext;
  readonly #options: PortalExecutionOptions;
  readonly #controller = new AbortController();
  #held: HeldSession | undefined;
  #types: StatementTypes | undefined;
  #cursor: ServerCursor | undefined;
  #request: ResultRequest | undefined;
  /** It is in a transaction that was begun for streams. */
  #entered = false;
  /** The session for itself, to end that transaction. */
  #exit: Promise<Lease> | undefined;
  /** The reader wants the next rows, or has left. */
  #wanted = false;
  #left = false;
  #wake: (() => void) | undefined;

  constructor(context: ExecutionContext, options: PortalExecutionOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Runs to the end. Never rejects: whatever happens is told to the sink, once. */
  async run(): Promise<void> {
    const { statement, sink } = this.#options;
    const { signal } = this.#controller;
    try {
      refuseForPooler(this.#context, statement.text);
      const hold = await this.#context.lender.hold({ signal });
      try {
        await this.#runOn(hold.held);
      } finally {
        await hold.release();
      }
      sink.end();
    } catch (error) {
      sink.fail(error as Error);
    }
  }

  /** The reader will soon have used up what there is. */
  demand(): void {
    this.#wanted = true;
    this.#wake?.();
  }

  /** The reader wants no more; what is being fetched comes to its end. */
  leave(): void {
    this.#left = true;
    this.#wake?.();
  }

  /** True while nobody else uses the session. */
  mayPause(): boolean {
    return this.#held!.isQuiet;
  }

  /** Ends the run: a fetch that is on its way is cancelled, and with it its transaction. */
  cancel(reason?: unknown): void {
    this.#controller.abort(reason);
    if (this.#request) this.#types?.session.cancel(this.#request);
    if (this.#entered) this.#takeExit(); // Who comes next must not run into its end.
    this.leave();
  }

  /** The decoder of rows of these columns, once their types are known. */
  decoder<Row>(fields: readonly FieldDescription[], shape: RowShape): RowDecoder<Row> {
    return this.#types!.server.plans.decoder(fields, shape);
  }

  async #runOn(held: HeldSession): Promise<void> {
    this.#held = held;
    const ended = held.streams.add("portal", this.#options.control);
    const failure: { error?: unknown } = {};
    try {
      await this.#fetchAll().catch((error) => failure.error = error);
      const failed = "error" in failure || this.#controller.signal.aborted;
      // The first failure counts.
      await this.#end(failed).catch((error) => failed || (failure.error = error));
    } finally {
      ended();
    }
    if ("error" in failure) throw failure.error;
  }

  async #fetchAll(): Promise<void> {
    const { signal } = this.#controller;
    const held = this.#held!;
    const rows = new FetchedRows(this.#options.sink);
    const size = new FetchSize();
    while (!this.#left) {
      signal.throwIfAborted();
      this.#wanted = false;
      const lease = await held.acquire({ exclusive: false, signal });
      try {
        this.#entered ||= await held.streamTransaction.enter(signal);
        this.#cursor ??= await this.#open(held, rows);
        signal.throwIfAborted();
        if (this.#left) return;
        if (!await this.#fetch({ rows, size, lease })) return rows.finish(this.#cursor);
      } finally {
        lease.release();
      }
      await this.#untilWanted();
    }
  }

  /** Closes what is open in the server, and ends the transaction that was begun for it. */
  async #end(failed: boolean): Promise<void> {
    const { session } = this.#held!;
    const lease =
      await (this.#entered
        ? this.#takeExit()
        : this.#held!.acquire({ exclusive: false, isEnding: true }));
    try {
      const closing = this.#close(session);
      lease.sent?.();
      if (this.#left || !lease.sent) await closing;
      if (this.#entered) await this.#held!.streamTransaction.leave({ failed });
    } finally {
      lease.release();
    }
  }

  /** In a transaction that has failed there are none any more. Never rejects. */
  async #close(session: Session): Promise<void> {
    if (!this.#cursor?.isOpen || !session.usable || session.transactionStatus === "E") return;
    await this.#cursor.close().catch(() => {});
  }

  #takeExit(): Promise<Lease> {
    this.#exit ??= this.#held!.acquire({ exclusive: true, isEnding: true });
    this.#exit.catch(() => {}); // Told to who waits for it.
    return this.#exit;
  }

  #open(held: HeldSession, rows: FetchedRows): Promise<ServerCursor> {
    const { statement, prepare, asText } = this.#options;
    this.#types = rows.types = new StatementTypes(this.#context, held.session);
    return openCursor(this.#types, {
      context: this.#context,
      name: held.nameCursor(),
      statement,
      prepare,
      asText,
      signal: this.#controller.signal,
    });
  }

  async #fetch({ rows, size, lease }: Fetching): Promise<boolean> {
    const cursor = this.#cursor!;
    const maxRows = size.rows;
    rows.begin();
    this.#request = cursor.fetch(maxRows, rows);
    lease.sent?.();
    await this.#request.settled;
    await rows.finishFetch();
    if (rows.failure) throw rows.failure;
    size.adapt(rows.fetched);
    return cursor.mayHaveMore(this.#request, rows.fetched.rows, maxRows);
  }

  async #untilWanted(): Promise<void> {
    if (!this.#wanted && !this.#left) await new Promise<void>((resolve) => this.#wake = resolve);
    this.#wake = undefined;
  }
}

interface Fetching {
  readonly rows: FetchedRows;
  readonly size: FetchSize;
  readonly lease: Lease;
}
