/**
 * Who gives queries the session that they run on: the pool any that is free, a transaction
 * and a reserved connection always their own.
 *
 * @module
 */

import type { Lease as PoolLease } from "../../pool/pool.ts";
import type { HeldSession } from "./held_session.ts";

/** A session for the time being. */
export interface Lease extends PoolLease {
  /** To be called when the query has been sent, if who comes next waits for that. */
  sent?(): void;
}

/**
 * How a stream gets its rows. `flow`: all of them, as fast as they are read; the connection is
 * busy until the end. `portal`: by fetches, between which the connection serves others.
 */
export type StreamMode = "flow" | "portal";

/** What a query needs of its session. */
export interface BorrowOptions {
  /** True: nothing else may be sent meanwhile. */
  readonly exclusive: boolean;
  /** True: for rows that are read at the reader's pace; who comes meanwhile must not wait for him. */
  readonly stream?: boolean;
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Of a stream. */
  readonly control?: StreamControl;
  /** True for what a stream needs to come to its end, also on a session that is given back. */
  readonly isEnding?: boolean;
}

/** What can be asked of a stream by who holds its session. */
export interface StreamControl {
  /**
   * The session is taken away before the stream has ended. `gently`: what the server is doing
   * comes to its end, since a cancel would take more with it.
   */
  revoke(reason: Error, options: { readonly gently: boolean }): void;
  /** True when its reader wants no more: it will soon be at its end. */
  isLeaving(): boolean;
  /** Others need the session: what keeps it waiting must not. */
  hurry?(): void;
}

/** A session that is nobody else's, or that of the transaction one is in. */
export interface Hold {
  readonly held: HeldSession;
  /** Gives it back, if it is not somebody else's to give back. Never rejects. */
  release(reason?: Error): Promise<void>;
}

/** Gives sessions for a time. */
export interface SessionLender {
  /** True: others may use the same session at the same time. */
  readonly shared: boolean;
  /** True where a cancel takes more with it than its query: what was done in the transaction. */
  readonly drains: boolean;
  /**
   * @throws {TypeError} when a query could not run here, or would wait for ever
   * @throws {ConnectionError} when there is no session to be had
   */
  acquire(options: BorrowOptions): Promise<Lease>;
  /**
   * A session for several requests in a row.
   *
   * @throws as {@linkcode SessionLender.acquire} does
   */
  hold(options: Pick<BorrowOptions, "signal">): Promise<Hold>;
  /** How a query streams where nothing is said. */
  streamMode(text: string): StreamMode;
}
