/**
 * A session that is one user's for a time: of a transaction, of a reserved connection, of a
 * stream that comes by fetches.
 *
 * @module
 */

import { runCommand } from "../../session/command.ts";
import type { CommandOptions } from "../../session/command.ts";
import type { Session } from "../../session/session.ts";
import { OpenStreams } from "./open_streams.ts";
import type { BorrowOptions, Lease } from "./session_lender.ts";
import { StreamTransaction } from "./stream_transaction.ts";
import { Turns } from "./turns.ts";

/** How a command is run. */
export interface HeldCommandOptions extends CommandOptions {
  /** Throws where it must not be sent, when its turn has come. */
  readonly guard?: () => void;
}

/** Shares one session between the queries of its holder, so that none waits for ever. */
export class HeldSession {
  readonly session: Session;
  /** The streams that are open on it. */
  readonly streams: OpenStreams = new OpenStreams();
  /** What those that come by portal are in where there is no other transaction. */
  readonly streamTransaction: StreamTransaction = new StreamTransaction(this);
  /** True while a transaction of the holder's is open, or about to be. */
  inTransaction = false;
  /** Resolves when a transaction that is about to end has ended; undefined when none is. */
  transactionEnding: Promise<unknown> | undefined;
  readonly #lease: Lease;
  /** True: nothing is sent before what was sent before was answered. */
  readonly #oneByOne: boolean;
  readonly #turns = new Turns();
  /** Queries that have the session. */
  #active = 0;
  #cursors = 0;
  #whenQuiet: (() => void) | undefined;
  #endedBy: Error | undefined;
  #ended: Promise<void> | undefined;

  constructor(lease: Lease, { oneByOne = false }: { readonly oneByOne?: boolean } = {}) {
    this.#lease = lease;
    this.session = lease.session;
    this.#oneByOne = oneByOne;
  }

  /**
   * Gives the session for one query, when those that were begun before have been sent.
   *
   * @throws {TypeError} when the query would wait for somebody who reads a stream, or the
   * session was given back
   */
  async acquire(options: BorrowOptions): Promise<Lease> {
    const { exclusive, stream, signal, control, isEnding } = options;
    if (this.#endedBy && !isEnding) throw new TypeError(this.#endedBy.message);
    const forFlow = exclusive && stream === true;
    this.streams.checkFree({ forFlow });
    const turn = this.#turns.take();
    let endStream: (() => void) | undefined;
    this.#active++;
    const release = () => {
      turn.pass();
      endStream?.();
      this.#rest();
    };
    try {
      await turn.come;
      await this.streams.makeWay();
      signal?.throwIfAborted();
      this.streams.checkFree({ forFlow }); // One may have been begun before this.
      if (forFlow && control) endStream = this.streams.add("flow", control);
    } catch (error) {
      release();
      throw error;
    }
    // Behind what is alone nothing may be sent before its end; behind others, once they are sent.
    const isAlone = this.#oneByOne || (exclusive && !stream);
    return { session: this.session, release: once(release), sent: isAlone ? undefined : turn.pass };
  }

  /**
   * Runs a command behind what was begun before.
   *
   * @throws {DatabaseError | ConnectionError} when it fails
   */
  async command(text: string, options: HeldCommandOptions = {}): Promise<string> {
    const lease = await this.acquire({ exclusive: false, signal: options.signal });
    try {
      options.guard?.();
      const commandTag = runCommand(this.session, text, options);
      lease.sent?.();
      return await commandTag;
    } finally {
      lease.release();
    }
  }

  /** True when nobody has the session but at most who asks. */
  get isQuiet(): boolean {
    return this.#active <= 1;
  }

  /** A name for a portal or cursor that no other of the session has. */
  nameCursor(): string {
    return `rill_c${++this.#cursors}`;
  }

  /**
   * True inside of a transaction. On 2.0 that is not known before the server was asked, and
   * nowhere while something is pending; an empty query waits for both.
   */
  async isInTransaction(): Promise<boolean> {
    if (this.session.pending > 0 || this.session.transactionStatus === undefined) {
      await runCommand(this.session, "");
    }
    return this.session.transactionStatus !== "I";
  }

  /** Gives the session back, with no stream and no transaction open. Never rejects. */
  end(reason: Error): Promise<void> {
    return this.#ended ??= this.#end(reason);
  }

  async #end(reason: Error): Promise<void> {
    this.#endedBy = reason;
    await this.streams.revoke(reason);
    // What was begun is let through, with the look-ups of its types.
    if (this.#active > 0) await new Promise<void>((resolve) => this.#whenQuiet = resolve);
    try {
      if (this.session.usable && await this.isInTransaction()) {
        await runCommand(this.session, "rollback");
      }
    } catch (error) {
      this.session.abort(error as Error); // In an unknown state it is nobody's any more.
    }
    this.#lease.release();
  }

  /** Nobody is about to execute a statement: those no longer kept can go. */
  #rest(): void {
    this.#active--;
    const { session } = this;
    if (this.#active > 0) return;
    if (!this.streams.some && session.usable) session.statements.sweep();
    this.#whenQuiet?.();
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
