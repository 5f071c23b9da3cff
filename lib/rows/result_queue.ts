/**
 * Between the session, which gives runs of rows as they arrive, and whoever reads
 * them at a pace of his own. What waits here is bytes, a few at that: when it is too
 * much the session is asked to wait, the socket is not read, and the server waits.
 *
 * @module
 */

import type { DataRow, FieldDescription } from "../wire/backend_message.ts";
import type { RowDecoder } from "./row_decoder.ts";

/** Bytes of undecoded rows at which the session is asked to wait. */
const PAUSE_AT = 256 * 1024;
/** Bytes at which it may go on. */
const RESUME_AT = 64 * 1024;
/** Bytes that are decoded at a time, so that few rows are alive. */
const PIECE = 16 * 1024;
/** Bytes of an abandoned result that are cheaper to read to the end than to cancel. */
const WORTH_DRAINING = 64 * 1024;
/** How long an abandoned result may take to end by itself before it is cancelled. */
const DRAIN_MS = 10;

/** A run of rows, and how to decode it: another statement has another decoder. */
interface QueuedRun<Row> {
  readonly run: DataRow;
  readonly decoder: RowDecoder<Row>;
  /** Rows taken out already. */
  taken: number;
}

/** Who asked for rows when there were none. */
interface Waiter<Row> {
  readonly resolve: (rows: Row[] | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** What a queue is made with. */
export interface ResultQueueOptions<Row> {
  /** Makes the decoder when the columns are known. */
  readonly decoderFor: (fields: readonly FieldDescription[]) => RowDecoder<Row>;
  /** Runs the query; called once, when the first rows are asked for. */
  readonly start?: () => void;
  /** Called at most once, when nobody wants the rest and much of it may come. */
  readonly cancel: () => void;
  /** Called once, when nothing more comes; also for a query that was left before it was run. */
  readonly onEnd?: () => void;
  /** Called once the reader has got all, an error included, or wants no more. */
  readonly onRead?: () => void;
  /** Called with true when the reader begins to wait for rows, and with false when he has some. */
  readonly onWait?: (waiting: boolean) => void;
}

/** Where rows come by fetches that are asked for one by one. */
export interface Fetches {
  /** A reader who goes on finds little left. */
  demand(): void;
  /** The reader wants no more. */
  leave(): void;
  /** True while nobody else needs the session that a reader at his own pace would keep waiting. */
  mayPause(): boolean;
}

/** The rows of one query on their way to one reader. */
export class ResultQueue<Row> {
  readonly #options: ResultQueueOptions<Row>;
  readonly #runs: QueuedRun<Row>[] = [];
  #bytes = 0;
  #decoder: RowDecoder<Row> | undefined;
  #resume: (() => void) | undefined;
  #fetches: Fetches | undefined;
  #waiter: Waiter<Row> | undefined;
  #started: boolean;
  /** Set behind the last row: the end travels in band. */
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #left = false;
  #aborted = false;
  /** The reader knows that nothing more comes. */
  #told = false;
  #drained = 0;
  #cancelled = false;
  #drainTimer: ReturnType<typeof setTimeout> | undefined;
  #whenEnded: (() => void)[] = [];

  constructor(options: ResultQueueOptions<Row>) {
    this.#options = options;
    this.#started = options.start === undefined;
  }

  /** True when the reader wants no more. */
  get left(): boolean {
    return this.#left;
  }

  /** True when somebody else took the rest away from the reader. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** Has rows come by fetches, on a session that others use in between. */
  comeBy(fetches: Fetches): void {
    this.#fetches = fetches;
  }

  /** Has the session go on although there is no room: others need it. */
  hurry(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  description(fields: readonly FieldDescription[]): void {
    this.#decoder = this.#options.decoderFor(fields);
  }

  /** Takes a run; a promise asks for no more until it settles. */
  push(run: DataRow): void | Promise<void> {
    if (this.#left) return this.#drain(run.byteLength);
    this.#runs.push({ run, decoder: this.#decoder!, taken: 0 });
    this.#bytes += run.byteLength;
    this.#settleWaiter();
    if (this.#bytes < PAUSE_AT || this.#fetches?.mayPause() === false) return;
    return new Promise((resolve) => this.#resume = resolve);
  }

  /** Nothing follows; with an error, that is what the reader gets behind the last row. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#left) this.#failure = failure; // Who has left wants to hear no more.
    clearTimeout(this.#drainTimer);
    this.#options.onEnd?.();
    this.#settleWaiter();
    for (const tell of this.#whenEnded.splice(0)) tell();
  }

  /**
   * The next rows, at least one, in a fresh array; undefined behind the last.
   * One at a time: not to be called again before it settled.
   *
   * @throws what the query failed with, behind the rows that came before
   */
  pull(): Promise<Row[] | undefined> {
    return new Promise((resolve, reject) => {
      this.start();
      if (this.#runs.length > 0 || this.#ended || this.#left) this.#settle({ resolve, reject });
      else this.#await({ resolve, reject });
    });
  }

  /**
   * The reader wants no more: little is read to its end, much is cancelled.
   * Resolves when the connection is free again; never rejects.
   */
  leave(): Promise<void> {
    this.#discard();
    this.#tell();
    if (!this.#started) this.end();
    if (this.#ended) return Promise.resolve();
    if (this.#fetches) this.#fetches.leave();
    else this.#drainTimer ??= setTimeout(() => this.#cancel(), DRAIN_MS);
    return new Promise((resolve) => this.#whenEnded.push(resolve));
  }

  /** Rejects the reader with `reason` at once and cancels the rest. */
  abort(reason: unknown): void {
    if (this.#told) return;
    this.#aborted = true;
    this.#giveUp(reason);
  }

  #giveUp(reason: unknown): void {
    this.#failure ??= { error: reason };
    this.#discard();
    this.#fetches?.leave();
    if (!this.#ended) this.#cancel();
  }

  /** Runs the query, if nobody did; the first pull does it, too. */
  start(): void {
    if (this.#started || this.#left) return;
    this.#started = true;
    this.#options.start?.();
  }

  #await(waiter: Waiter<Row>): void {
    this.#waiter = waiter;
    this.#options.onWait?.(true);
    this.#release();
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    this.#options.onRead?.();
  }

  #discard(): void {
    this.#left = true;
    this.#runs.length = 0;
    this.#bytes = 0;
    this.#release();
    this.#settleWaiter();
  }

  #drain(bytes: number): void {
    this.#drained += bytes;
    // What was fetched comes to an end by itself.
    if (this.#drained > WORTH_DRAINING && !this.#fetches) this.#cancel();
  }

  #cancel(): void {
    clearTimeout(this.#drainTimer);
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#options.cancel();
  }

  #settleWaiter(): void {
    const waiter = this.#waiter;
    if (!waiter) return;
    this.#waiter = undefined;
    this.#options.onWait?.(false);
    this.#settle(waiter);
  }

  #settle(waiter: Waiter<Row>): void {
    try {
      if (this.#runs.length > 0) return waiter.resolve(this.#takePiece());
    } catch (error) {
      // A value that cannot be decoded ends the stream; the connection is not at fault.
      this.#giveUp(error);
    }
    const failure = this.#failure;
    this.#failure = undefined; // Told once; behind an error there is nothing.
    this.#tell();
    if (failure) waiter.reject(failure.error);
    else waiter.resolve(undefined);
  }

  /**
   * At least one row, of several runs of a statement if they are short: a row that a chunk's
   * end cut is a run of its own.
   */
  #takePiece(): Row[] {
    const rows: Row[] = [];
    const { decoder } = this.#runs[0];
    let room = PIECE;
    while (room > 0 && this.#runs[0]?.decoder === decoder) {
      const next = this.#runs[0];
      const bytesPerRow = next.run.byteLength / next.run.count;
      const end = Math.min(next.run.count, next.taken + Math.ceil(room / bytesPerRow));
      room -= (end - next.taken) * bytesPerRow;
      if (!this.#decode(next, end, rows)) break;
      if (end === next.run.count) this.#drop(next);
    }
    return rows;
  }

  /** False when a row cannot be decoded, and others stand before it: those come first. */
  #decode(next: QueuedRun<Row>, end: number, rows: Row[]): boolean {
    const before = rows.length;
    try {
      next.decoder.decode(next.run, next.taken, end, rows);
      return true;
    } catch (error) {
      if (rows.length === 0) throw error;
      return false;
    } finally {
      next.taken += rows.length - before;
    }
  }

  #drop({ run }: QueuedRun<Row>): void {
    this.#runs.shift();
    this.#bytes -= run.byteLength;
    if (this.#bytes <= RESUME_AT) this.#release();
  }

  /** Little is left: the session may go on, or the next rows are to be fetched. */
  #release(): void {
    this.hurry();
    if (!this.#left && !this.#ended) this.#fetches?.demand();
  }
}
