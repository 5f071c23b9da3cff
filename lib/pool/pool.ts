/**
 * A pool of sessions. Short queries share one and are pipelined when all are busy;
 * a stream has one for itself.
 *
 * @module
 */

import { ConnectionError } from "../errors.ts";
import type { Session } from "../session/session.ts";

/** What a pool is made with. */
export interface PoolOptions {
  /** Sessions that may be open at a time. */
  readonly max: number;
  /** Queries that may wait for their answers on one session; absent: 100. */
  readonly maxPipelined?: number;
  /** Milliseconds after which an unused session is closed; absent or 0: never. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds after which a session is replaced once it is not in use; absent or 0: never. */
  readonly maxLifetimeMs?: number;
  /** Opens a session; `onClose` is to be called when it ends. The signal ends the attempt. */
  readonly open: (onClose: () => void, signal: AbortSignal) => Promise<Session>;
}

/** How a session is wanted. */
export interface AcquireOptions {
  /** True: for one alone; false: shared with other queries, which are pipelined. */
  readonly exclusive: boolean;
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A session for the time being. */
export interface Lease {
  readonly session: Session;
  /** Gives it back; to be called once nothing of it is awaited any more. */
  release(): void;
}

/** Queries that may wait for their answers on one session where nothing else is said. */
const MAX_PIPELINED = 100;

interface Member {
  readonly session: Session;
  /** When it was opened, in milliseconds of `performance.now()`. */
  readonly born: number;
  leases: number;
  exclusive: boolean;
  idleTimer?: ReturnType<typeof setTimeout>;
}

interface Waiter {
  readonly exclusive: boolean;
  readonly resolve: (lease: Lease) => void;
  readonly reject: (error: unknown) => void;
}

/** A pool of sessions. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  readonly #waiters: Waiter[] = [];
  /** Attempts to open sessions, each with what ends it. */
  readonly #openings = new Set<AbortController>();
  /** The same, and those that were ended and are not over yet. */
  readonly #attempts = new Set<Promise<void>>();
  /** `max`, or what there is since the server refused one more: no knocking at a closed door. */
  #limit: number;
  /** Sessions that are saying goodbye. */
  readonly #retiring = new Set<Promise<void>>();
  #closed: Promise<void> | undefined;
  #abortedBy: Error | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limit = options.max;
  }

  /** Sessions that are open. */
  get size(): number {
    return this.#members.size;
  }

  /**
   * Gives a session as soon as there is one; who asks first is served first.
   *
   * @throws {ConnectionError} when none can be opened, or the pool is closed
   */
  acquire({ exclusive, signal }: AcquireOptions): Promise<Lease> {
    if (this.#closed) {
      return Promise.reject(closed());
    }
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal!.reason);
        this.#endNeedlessOpenings(signal!.reason);
        this.#serve(); // Others may have stood behind it.
      };
      const done = () => signal?.removeEventListener("abort", abort);
      const waiter: Waiter = {
        exclusive,
        resolve: (lease) => (done(), resolve(lease)),
        reject: (error) => (done(), reject(error)),
      };
      signal?.addEventListener("abort", abort);
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  /** Takes no more queries, lets those that came be answered, and closes every session. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    this.#endNeedlessOpenings(closed());
    return this.#closed;
  }

  /** Closes every session at once; what waits for an answer is rejected with `error`. */
  abort(error: Error): void {
    this.#closed ??= Promise.resolve();
    this.#abortedBy ??= error;
    for (const opening of this.#openings) opening.abort(error);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    for (const { session } of this.#members) session.abort(error);
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const [waiter] = this.#waiters;
      const member = this.#choose(waiter.exclusive);
      if (member === undefined) break;
      this.#waiters.shift();
      waiter.resolve(this.#lend(member, waiter.exclusive));
    }
    // One opening for each that still waits: whoever comes free first serves them.
    while (this.#openings.size < this.#waiters.length && this.#mayGrow()) {
      const attempt: Promise<void> = this.#open().then(() => void this.#attempts.delete(attempt));
      this.#attempts.add(attempt);
    }
    if (this.#waiters.length > 0 || this.#openings.size > 0) return;
    this.#limit = this.#options.max;
    if (this.#whenIdle && this.#idle()) this.#whenIdle();
  }

  #mayGrow(): boolean {
    return this.#openings.size + this.#members.size < this.#limit;
  }

  /** The session that has least to do; one for itself only when idle. */
  #choose(exclusive: boolean): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#members) {
      if (member.exclusive || member.session.cancelling || !member.session.usable) continue;
      if (best === undefined || member.leases < best.leases) best = member;
    }
    if (best === undefined || best.leases === 0) return best;
    const { maxPipelined = MAX_PIPELINED } = this.#options;
    return exclusive || this.#mayGrow() || best.leases >= maxPipelined ? undefined : best;
  }

  #lend(member: Member, exclusive: boolean): Lease {
    clearTimeout(member.idleTimer);
    member.leases++;
    member.exclusive = exclusive;
    let released = false;
    return {
      session: member.session,
      release: () => {
        if (released) return;
        released = true;
        this.#takeBack(member);
      },
    };
  }

  /** With a cancel on its way a session could do nothing for anybody. */
  #takeBack(member: Member): void {
    const { cancelled } = member.session;
    if (cancelled) {
      cancelled.then(() => this.#takeBack(member));
      return;
    }
    member.leases--;
    member.exclusive = false;
    if (member.leases === 0 && member.session.usable) this.#rest(member);
    this.#serve();
  }

  /** Nobody uses the session at the moment: is it to be kept, and how long? */
  #rest(member: Member): void {
    const { idleTimeoutMs = 0, maxLifetimeMs = 0 } = this.#options;
    if (maxLifetimeMs > 0 && performance.now() - member.born >= maxLifetimeMs) {
      return this.#retire(member);
    }
    member.session.statements.sweep();
    if (idleTimeoutMs > 0) member.idleTimer = setTimeout(() => this.#retire(member), idleTimeoutMs);
  }

  #retire(member: Member): void {
    this.#members.delete(member);
    const closing = member.session.close();
    this.#retiring.add(closing);
    const forget = () => this.#retiring.delete(closing);
    closing.then(forget, forget); // Told to who closes the pool.
  }

  async #open(): Promise<void> {
    const opening = new AbortController();
    this.#openings.add(opening);
    let member: Member | undefined;
    try {
      const session = await this.#options.open(() => {
        clearTimeout(member?.idleTimer);
        if (member) this.#members.delete(member);
        this.#limit = this.#options.max;
        this.#serve();
      }, opening.signal);
      member = { session, born: performance.now(), leases: 0, exclusive: false };
      const { signal } = opening;
      if (signal.aborted) session.abort(signal.reason); // Too late to be ended, and for nobody.
      if (session.usable) this.#members.add(member);
    } catch (error) {
      if (!opening.signal.aborted) this.#limit = this.#members.size;
      // With no session left and none to come, nobody would ever be served.
      if (this.#members.size === 0 && this.#openings.size === 1 && !opening.signal.aborted) {
        for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
      }
    } finally {
      this.#openings.delete(opening);
      if (this.#members.size + this.#openings.size === 0) this.#limit = this.#options.max;
      this.#serve();
      if (member?.leases === 0 && member.session.usable) this.#rest(member); // Nobody waited any more.
    }
  }

  /** An attempt that nobody waits for any more could hold up who comes next. */
  #endNeedlessOpenings(reason: unknown): void {
    const needless = [...this.#openings].slice(this.#waiters.length);
    for (const opening of needless) {
      this.#openings.delete(opening);
      opening.abort(reason);
    }
  }

  async #close(): Promise<void> {
    if (!this.#idle()) await new Promise<void>((resolve) => this.#whenIdle = resolve);
    for (const member of [...this.#members]) {
      clearTimeout(member.idleTimer);
      this.#retire(member);
    }
    await Promise.all([...this.#retiring, ...this.#attempts]);
  }

  #idle(): boolean {
    return this.#waiters.length === 0 && this.#openings.size === 0 &&
      [...this.#members].every(({ leases }) => leases === 0);
  }
}

function closed(): ConnectionError {
  return new ConnectionError("Cannot start a query: the pool is closed", { safeToRetry: true });
}
