/**
 * The prepared statements of one session, by their text and the types asked for.
 *
 * @module
 */

import { closeStatement, prepare } from "./extended_query.ts";
import type { Preparation, Statement, TypedQuery } from "./extended_query.ts";
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
   * The statement for a query, prepared when first met; callers of the same turn share it.
   * When the signals of all of them are aborted the preparation is cancelled.
   */
  async get(query: TypedQuery, signal: AbortSignal): Promise<Statement> {
    const key = keyOf(query);
    const entry = this.#touch(key) ?? this.#add(key, query);
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
  forget({ name }: Pick<Statement, "name">): void {
    for (const [key, { preparation }] of this.#entries) {
      if (preparation.name === name) this.#entries.delete(key);
    }
  }

  /** Closes what is no longer kept. To be called when nobody is using the session. */
  sweep(): void {
    for (const { statement } of this.#retired.splice(0)) {
      statement.then(({ name }) => closeStatement(this.#session, name), () => {});
    }
  }

  /** Makes a known statement the one used last. */
  #touch(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #add(key: string, query: TypedQuery): Entry {
    const preparation = prepare(this.#session, `rill_${++this.#named}`, query);
    const entry = { preparation, waiting: 0 };
    this.#entries.set(key, entry);
    preparation.statement.catch(() => this.forget(preparation));
    if (this.#entries.size > this.#capacity) this.#retireOldest();
    return entry;
  }

  #retireOldest(): void {
    const [key, { preparation }] = this.#entries.entries().next().value!;
    this.#entries.delete(key);
    this.#retired.push(preparation);
  }
}

/** The text alone where the server infers all types, as nearly always. */
function keyOf({ query, typeOids }: TypedQuery): string {
  return typeOids.some((oid) => oid !== 0) ? `${typeOids.join()}\0${query}` : query;
}
