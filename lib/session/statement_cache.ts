/**
 * The prepared statements of one session, by their text.
 *
 * @module
 */

import { closeStatement, prepare } from "./extended_query.ts";
import type { Preparation, Statement } from "./extended_query.ts";
import type { Session } from "./session.ts";

/** A statement and who waits for it. */
interface Entry {
  readonly preparation: Preparation;
  /** Callers that have not given up; at 0 nobody needs it to go on. */
  waiting: number;
}

/** Keeps the statements used last; the one used least recently goes first. */
export class StatementCache {
  readonly #session: Session;
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  /** No longer kept, yet perhaps about to be executed by who got them before. */
  readonly #retired: Preparation[] = [];
  #named = 0;

  constructor(session: Session, capacity: number) {
    this.#session = session;
    this.#capacity = Math.max(1, capacity);
  }

  /**
   * The statement for a text, prepared when first met; callers of the same turn share it.
   * When the signals of all of them are aborted the preparation is cancelled.
   */
  async get(query: string, signal: AbortSignal): Promise<Statement> {
    const entry = this.#touch(query) ?? this.#add(query);
    const giveUp = () => {
      if (--entry.waiting === 0) this.#session.cancel(entry.preparation);
    };
    entry.waiting++;
    signal.addEventListener("abort", giveUp);
    try {
      return await entry.preparation.statement;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Drops a statement that the server no longer has or no longer accepts. */
  forget(query: string): void {
    this.#entries.delete(query);
  }

  /** Closes what is no longer kept. To be called when nobody is using the session. */
  sweep(): void {
    for (const { statement } of this.#retired.splice(0)) {
      statement.then(({ name }) => closeStatement(this.#session, name), () => {});
    }
  }

  /** Makes a known statement the one used last. */
  #touch(query: string): Entry | undefined {
    const entry = this.#entries.get(query);
    if (entry === undefined) return undefined;
    this.#entries.delete(query);
    this.#entries.set(query, entry);
    return entry;
  }

  #add(query: string): Entry {
    const preparation = prepare(this.#session, `rill_${++this.#named}`, query);
    const entry = { preparation, waiting: 0 };
    this.#entries.set(query, entry);
    preparation.statement.catch(() => {
      if (this.#entries.get(query) === entry) this.forget(query);
    });
    if (this.#entries.size > this.#capacity) this.#retireOldest();
    return entry;
  }

  #retireOldest(): void {
    const [query, { preparation }] = this.#entries.entries().next().value!;
    this.#entries.delete(query);
    this.#retired.push(preparation);
  }
}
