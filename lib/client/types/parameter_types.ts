/**
 * The types of a query's parameters on protocol 2.0, which has no Describe: SQL's own PREPARE
 * infers them just the same, and a system view tells them.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import type { Session } from "../../session/session.ts";
import { fetchRows } from "./fetch_rows.ts";
import type { ResultPlans } from "./result_plans.ts";

/** Queries whose types are kept, a session. */
const CAPACITY = 256;
const NAME = "rill_parameters";

interface ParameterTypesRow {
  readonly oids: readonly number[];
}

/** How types are asked for. */
export interface AskOptions {
  /** Those that are said, `unknown` where the server is to infer; empty: all. */
  readonly typeNames: readonly string[];
  readonly plans: ResultPlans;
  readonly signal: AbortSignal;
}

/** Types that are known or asked for, and who waits for them. */
interface Entry {
  readonly query: string;
  readonly types: Promise<readonly number[]>;
  readonly controller: AbortController;
  waiting: number;
}

/** Remembers the parameter types of the queries of one client, for each session of its own. */
export class ParameterTypes {
  readonly #sessions = new WeakMap<Session, Map<string, Entry>>();

  /**
   * The types of a query's parameters. The query must be one statement that PREPARE takes.
   * When the signals of all who wait are aborted the server is told to stop.
   *
   * @throws {DatabaseError} when the server does not take the query
   */
  async get(
    session: Session,
    query: string,
    { typeNames, plans, signal }: AskOptions,
  ): Promise<readonly number[]> {
    const entry = this.#entry(session, query, { typeNames, plans });
    const giveUp = () => {
      if (--entry.waiting === 0) entry.controller.abort();
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
    const known = this.#sessions.get(session);
    for (const [key, { query }] of known ?? []) if (query === text) known!.delete(key);
  }

  #entry(session: Session, query: string, options: Omit<AskOptions, "signal">): Entry {
    const key = `${options.typeNames.join()}\0${query}`;
    let known = this.#sessions.get(session);
    if (known === undefined) this.#sessions.set(session, known = new Map());
    let entry = known.get(key);
    if (entry === undefined) {
      const controller = new AbortController();
      const types = askFor(session, query, { ...options, signal: controller.signal });
      known.set(key, entry = { query, types, controller, waiting: 0 });
      types.catch(() => known.delete(key));
      if (known.size > CAPACITY) known.delete(known.keys().next().value!);
    }
    return entry;
  }
}

async function askFor(
  session: Session,
  query: string,
  { typeNames, plans, signal }: AskOptions,
): Promise<readonly number[]> {
  const said = typeNames.length > 0 ? `(${typeNames.join(", ")})` : "";
  const before = `prepare ${NAME}${said} as `;
  // The line end closes a comment that the query may end in.
  const text = `${before}${query}\n;
    select parameter_types::pg_catalog.oid[] as oids
    from pg_catalog.pg_prepared_statements where name = '${NAME}';
    deallocate ${NAME}`;
  try {
    const { statements } = await fetchRows<ParameterTypesRow>(session, text, { plans, signal });
    return statements[1][0].oids;
  } catch (error) {
    throw error instanceof DatabaseError ? pointInto(error, query, before.length) : error;
  }
}

/** The error as the query itself would have met it. */
function pointInto(error: DatabaseError, query: string, offset: number): DatabaseError {
  const { severity, message, position = 0 } = error;
  const moved = position > offset ? position - offset : undefined;
  return new DatabaseError({ severity, message, position: moved }, { query, cause: error });
}
