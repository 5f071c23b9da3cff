/**
 * The prepared statements of one session, by their text and the types asked for.
 *
 * @module
 */

import { DatabaseError } from "../errors.ts";
import { closeStatement, prepare } from "./prepare.ts";
import type { Preparation } from "./prepare.ts";
import type { Session } from "./session.ts";
import { statementKey } from "./statement.ts";
import type { Statement, TypedQuery } from "./statement.ts";

const PREFIX = "rill_";

/** A statement and who waits for it. */
interface Entry {
  readonly name: string;
  readonly statement: Promise<Statement>;
  /** Absent where a query prepares the statement on its way. */
  readonly preparation?: Preparation;
  /** Callers that have not given up; at 0 nobody needs it to go on. */
  waiting: number;
  ready: boolean;
}

/** A statement that a query prepares on its way: others wait for what comes of it. */
export interface Adoption {
  /** The name to give it. */
  readonly name: string;
  /** The server has described it. */
  resolve(statement: Statement): void;
  /** The query failed, perhaps before that. */
  reject(error: Error): void;
}

/** Keeps the statements used last; the one used least recently goes first. */
export class StatementCache {
  readonly #session: Session;
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  /** No longer kept, yet perhaps about to be executed by who got them before. */
  readonly #retired: Entry[] = [];
  #prefix = PREFIX;
  #named = 0;

  constructor(session: Session, capacity: number) {
    this.#session = session;
    this.#capacity = Math.max(1, capacity);
  }

  /** True when the statement is there, or on its way. */
  has(query: TypedQuery): boolean {
    return this.#entries.has(statementKey(query));
  }

  /**
   * The statement for a query, prepared when first met; callers of the same turn share it.
   * When the signals of all of them are aborted the preparation is cancelled.
   */
  async get(query: TypedQuery, signal: AbortSignal): Promise<Statement> {
    const key = statementKey(query);
    for (;;) {
      const entry = this.#touch(key) ?? this.#add(key, this.#prepare(query));
      try {
        return await this.#wait(entry, signal);
      } catch (error) {
        // The failure of another query, by its values or its signal, says nothing of this one.
        if (entry.preparation && !this.yieldsName(entry.name, error)) throw error;
        signal.throwIfAborted();
      }
    }
  }

  /** True when the statement is there, described. */
  isReady(query: TypedQuery): boolean {
    return this.#entries.get(statementKey(query))?.ready ?? false;
  }

  /** Makes room for a statement that the caller prepares himself. */
  adopt(query: TypedQuery): Adoption {
    const name = this.#nextName();
    let resolve!: (statement: Statement) => void;
    let reject!: (error: Error) => void;
    const statement = new Promise<Statement>((...settle) => [resolve, reject] = settle);
    this.#add(statementKey(query), { name, statement, waiting: 0, ready: false });
    return { name, resolve, reject };
  }

  /**
   * True when an error says that somebody else has a statement of this name, on this session or
   * behind a pooler: from then on names are longer, and the same may be tried again.
   */
  yieldsName(name: string, error: unknown): boolean {
    const isTaken = error instanceof DatabaseError && error.code === "42P05";
    if (!isTaken || this.#session.transactionStatus !== "I") return false;
    if (this.#prefix === PREFIX) this.#prefix = `${PREFIX}${crypto.randomUUID().slice(0, 8)}_`;
    return !name.startsWith(this.#prefix);
  }

  /** Drops a statement that the server no longer has or no longer accepts. */
  forget({ name }: Pick<Statement, "name">): void {
    for (const [key, entry] of this.#entries) {
      if (entry.name === name) this.#entries.delete(key);
    }
  }

  /** Drops a statement that the server has, and perhaps no longer as it should be. */
  drop(statement: Statement): void {
    for (const [key, entry] of this.#entries) {
      if (entry.name !== statement.name) continue;
      this.#entries.delete(key);
      this.#retired.push(entry);
    }
  }

  /** Drops them all: the server did, by DISCARD ALL or DEALLOCATE ALL. */
  clear(): void {
    this.#entries.clear();
    this.#retired.length = 0;
  }

  /** Closes what is no longer kept. To be called when nobody is using the session. */
  sweep(): void {
    for (const { statement } of this.#retired.splice(0)) {
      statement.then(({ name }) => closeStatement(this.#session, name), () => {});
    }
  }

  async #wait(entry: Entry, signal: AbortSignal): Promise<Statement> {
    const { preparation } = entry;
    const giveUp = () => {
      if (--entry.waiting === 0 && preparation) this.#session.cancel(preparation);
    };
    entry.waiting++;
    signal.addEventListener("abort", giveUp);
    try {
      return await entry.statement;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  #prepare(query: TypedQuery): Entry {
    const preparation = prepare(this.#session, this.#nextName(), query);
    const { name, statement } = preparation;
    return { name, statement, preparation, waiting: 0, ready: false };
  }

  #nextName(): string {
    return `${this.#prefix}${++this.#named}`;
  }

  /** Makes a known statement the one used last. */
  #touch(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #add(key: string, entry: Entry): Entry {
    const replaced = this.#entries.get(key);
    if (replaced) this.#retired.push(replaced);
    this.#entries.set(key, entry);
    entry.statement.then(() => entry.ready = true, () => this.forget(entry));
    if (this.#entries.size > this.#capacity) this.#retireOldest();
    return entry;
  }

  #retireOldest(): void {
    const [key, entry] = this.#entries.entries().next().value!;
    this.#entries.delete(key);
    this.#retired.push(entry);
  }
}
