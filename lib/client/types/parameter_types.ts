/**
 * The types of parameters on protocol 2.0, which are asked for once a query and session.
 *
 * @module
 */

import type { Session } from "../../session/session.ts";
import { ParameterInference } from "./parameter_inference.ts";
import type { InferenceOptions } from "./parameter_inference.ts";

/** Queries whose types are kept, a session. */
const CAPACITY = 256;

/** Types that are known or asked for, and who waits for them. */
interface Entry {
  readonly query: string;
  readonly types: Promise<readonly number[]>;
  readonly controller: AbortController;
  waiting: number;
}

/** What is known of one session. */
interface Known {
  readonly inference: ParameterInference;
  readonly entries: Map<string, Entry>;
}

/** Remembers the parameter types of the queries of one client, for each session of its own. */
export class ParameterTypes {
  readonly #sessions = new WeakMap<Session, Known>();

  /**
   * The types of a query's parameters. The query must be one statement that PREPARE takes.
   * When the signals of all who wait are aborted the server is told to stop.
   *
   * @throws {DatabaseError} when the server does not take the query
   */
  async get(
    session: Session,
    query: string,
    { typeNames, plans, signal }: InferenceOptions,
  ): Promise<readonly number[]> {
    const { inference, entries } = this.#known(session);
    const key = `${typeNames.join()}\0${query}`;
    const ask = (only: AbortSignal) => inference.ask(query, { typeNames, plans, signal: only });
    const entry = entries.get(key) ?? keep(entries, key, { query, ask });
    const giveUp = () => {
      if (--entry.waiting > 0) return;
      drop(entries, key, entry); // Whoever comes now is to ask anew.
      entry.controller.abort();
    };
    entry.waiting++;
    signal.addEventListener("abort", giveUp);
    try {
      return await entry.types;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Forgets the types of a query: they may have become others. */
  forget(session: Session, { text }: { readonly text: string }): void {
    const entries = this.#sessions.get(session)?.entries;
    for (const [key, { query }] of entries ?? []) if (query === text) entries!.delete(key);
  }

  #known(session: Session): Known {
    let known = this.#sessions.get(session);
    if (known === undefined) {
      known = { inference: new ParameterInference(session), entries: new Map() };
      this.#sessions.set(session, known);
    }
    return known;
  }
}

interface Asking {
  readonly query: string;
  readonly ask: (signal: AbortSignal) => Promise<readonly number[]>;
}

function keep(entries: Map<string, Entry>, key: string, { query, ask }: Asking): Entry {
  const controller = new AbortController();
  const entry: Entry = { query, types: ask(controller.signal), controller, waiting: 0 };
  entries.set(key, entry);
  entry.types.catch(() => drop(entries, key, entry));
  if (entries.size > CAPACITY) entries.delete(entries.keys().next().value!);
  return entry;
}

function drop(entries: Map<string, Entry>, key: string, entry: Entry): void {
  if (entries.get(key) === entry) entries.delete(key);
}
