/**
 * A session that is one user's for a time: of a transaction, of a reserved connection, of a
 * stream that comes by fetches.
 *
 * @module
 */

import { runCommand } from "../../session/command.ts";
import type { Session } from "../../session/session.ts";
import { commit } from "../transaction/commit.ts";
import type { BorrowOptions, Lease } from "./session_lender.ts";
import { Turns } from "./turns.ts";

/** A stream that is open on the session. */
interface OpenStream {
  readonly mode: "flow" | "portal";
  readonly revoke: (reason: Error) => void;
  readonly ended: Promise<void>;
}

/** Shares one session between the queries of its holder, so that none waits for ever. */
export class HeldSession {
  readonly session: Session;
  /** True while a transaction of the holder's is open, which streams can rely on. */
  inTransaction = false;
  readonly #lease: Lease;
  /** True: nothing is sent before what was sent before was answered. */
  readonly #oneByOne: boolean;
  readonly #streams = new Set<OpenStream>();
  readonly #turns = new Turns();
  /** Queries that have the session. */
  #active = 0;
  #cursors = 0;
  /** Streams that need the transaction which was begun for them. */
  #keepers = 0;
  #begun: Promise<unknown> | undefined;
  #ending: Promise<void> | undefined;
  #ended = false;

  constructor(lease: Lease, { oneByOne = false }: { readonly oneByOne?: boolean } = {}) {
    this.#lease = lease;
    this.session = lease.session;
    this.#oneByOne = oneByOne;
  }

  /** True while a stream in flow mode has the session. */
  get flowing(): boolean {
    return [...this.#streams].some(({ mode }) => mode === "flow");
  }

  /** True while any stream is open on the session. */
  get streaming(): boolean {
    return this.#streams.size > 0;
  }

  /** Gives the session for one query, when those that were begun before have been sent. */
  async acquire({ exclusive, stream, signal, onRevoke }: BorrowOptions): Promise<Lease> {
    if (this.flowing) throw busyWithStream();
    const flows = exclusive && stream;
    if (flows && this.streaming) throw otherStreams();
    const turn = this.#turns.take();
    this.#active++;
    const endStream = flows ? this.addStream("flow", onRevoke) : undefined;
    const release = () => {
      turn.pass();
      endStream?.();
      this.#rest();
    };
    try {
      await turn.come;
      signal?.throwIfAborted();
    } catch (error) {
      release();
      throw error;
    }
    // Behind a COPY nothing may be sent before its end; behind others, once they are sent.
    const sent = this.#oneByOne || (exclusive && !stream) ? undefined : turn.pass;
    return { session: this.session, release: once(release), sent };
  }

  /**
   * Runs a command behind what was begun before.
   *
   * @throws {DatabaseError | ConnectionError} when it fails
   */
  command(text: string, signal?: AbortSignal): Promise<string> {
    return this.inTurn(() => runCommand(this.session, text, signal), signal);
  }

  /** Does what sends something and gives the answer, behind what was begun before. */
  async inTurn<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const lease = await this.acquire({ exclusive: false, signal });
    try {
      const answer = send();
      lease.sent?.();
      return await answer;
    } finally {
      lease.release();
    }
  }

  /** Tells of a stream that is open; what is given is to be called at its end. */
  addStream(mode: OpenStream["mode"], revoke: (reason: Error) => void = () => {}): () => void {
    if (this.flowing) throw busyWithStream();
    let end!: () => void;
    const stream = { mode, revoke, ended: new Promise<void>((resolve) => end = resolve) };
    this.#streams.add(stream);
    return () => {
      this.#streams.delete(stream);
      end();
    };
  }

  /** A name for a portal or cursor that no other of the session has. */
  nameCursor(): string {
    return `rill_c${++this.#cursors}`;
  }

  /**
   * Portals end with their transaction: outside of one this begins one for as long as there
   * are streams. To be called by who has the session; what is given is to be called at the
   * stream's end.
   */
  async keepTransaction(): Promise<(options: { readonly failed: boolean }) => Promise<void>> {
    await this.#ending;
    if (this.inTransaction || (this.#keepers === 0 && await this.#isInTransaction())) {
      return () => Promise.resolve();
    }
    this.#keepers++;
    this.#begun ??= runCommand(this.session, "begin");
    try {
      await this.#begun;
    } catch (error) {
      this.#keepers--;
      this.#begun = undefined;
      throw error;
    }
    return ({ failed }) => this.#leaveTransaction(failed);
  }

  /** Ends all streams: their readers get `reason`. Resolves when the session is free of them. */
  async revokeStreams(reason: Error): Promise<void> {
    const streams = [...this.#streams];
    for (const { revoke } of streams) revoke(reason);
    await Promise.all(streams.map(({ ended }) => ended));
  }

  /** Gives the session back, with no stream and no transaction open. Never rejects. */
  async end(reason: Error): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.revokeStreams(reason);
    try {
      if (this.session.usable && await this.#isInTransaction()) await this.command("rollback");
    } catch (error) {
      this.session.abort(error as Error); // In an unknown state it is nobody's any more.
    }
    this.#lease.release();
  }

  /** Nobody is about to execute a statement: those no longer kept can go. */
  #rest(): void {
    this.#active--;
    const { session } = this;
    if (this.#active === 0 && !this.streaming && session.usable) session.statements.sweep();
  }

  /** On 2.0 the status is not known before the server was asked; an empty query waits for that. */
  async #isInTransaction(): Promise<boolean> {
    if (this.session.pending > 0 || this.session.transactionStatus === undefined) {
      await runCommand(this.session, "");
    }
    return this.session.transactionStatus !== "I";
  }

  async #leaveTransaction(failed: boolean): Promise<void> {
    if (--this.#keepers > 0) return;
    this.#begun = undefined;
    const ending = failed ? this.command("rollback") : commit(this);
    this.#ending = ending.then(() => {}, () => {});
    await ending;
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

function busyWithStream(): TypeError {
  return new TypeError(
    "Cannot run a query: this connection is busy with a stream in flow mode, expected its end " +
      'or .stream({ mode: "portal" })',
  );
}

function otherStreams(): TypeError {
  return new TypeError(
    "Cannot stream in flow mode: other streams of this connection are open, expected their end " +
      'or mode "portal"',
  );
}
