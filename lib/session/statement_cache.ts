/**
 * The prepared statements of one session, by their text.
 *
 * @module
 */

import { closeStatement, prepare } from "./extended_query.ts";
import type { Statement } from "./extended_query.ts";
import type { Session } from "./session.ts";

/** Keeps the statements used last; the one used least recently goes first. */
export class StatementCache {
  readonly #session: Session;
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #statements = new Map<string, Promise<Statement>>();
  /** No longer kept, yet perhaps about to be executed by who got them before. */
  readonly #retired: Promise<Statement>[] = [];
  #named = 0;

  constructor(session: Session, capacity: number) {
    this.#session = session;
    this.#capacity = Math.max(1, capacity);
  }

  /** The statement for a text, prepared when first met; callers of the same turn share it. */
  get(query: string): Promise<Statement> {
    const known = this.#statements.get(query);
    if (known) {
      this.#statements.delete(query);
      this.#statements.set(query, known);
      return known;
    }
    const prepared = prepare(this.#session, `rill_${++this.#named}`, query);
    this.#statements.set(query, prepared);
    prepared.catch(() => {
      if (this.#statements.get(query) === prepared) this.forget(query);
    });
    if (this.#statements.size > this.#capacity) this.#retireOldest();
    return prepared;
  }

  /** Drops a statement that the server no longer has or no longer accepts. */
  forget(query: string): void {
    this.#statements.delete(query);
  }

  /** Closes what is no longer kept. To be called when nobody is using the session. */
  sweep(): void {
    for (const statement of this.#retired.splice(0)) {
      statement.then(({ name }) => closeStatement(this.#session, name), () => {});
    }
  }

  #retireOldest(): void {
    const [query, oldest] = this.#statements.entries().next().value!;
    this.#statements.delete(query);
    this.#retired.push(oldest);
  }
}
