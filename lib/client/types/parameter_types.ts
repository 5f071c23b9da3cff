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

/** Remembers the parameter types of the queries of one client, for each session of its own. */
export class ParameterTypes {
  readonly #sessions = new WeakMap<Session, Map<string, Promise<readonly number[]>>>();

  /**
   * The types of a query's parameters. The query must be one statement that PREPARE takes.
   * `typeNames` are those that are said, `unknown` where the server is to infer; empty: all.
   *
   * @throws {DatabaseError} when the server does not take the query
   */
  get(
    session: Session,
    query: string,
    options: { readonly typeNames: readonly string[]; readonly plans: ResultPlans },
  ): Promise<readonly number[]> {
    const key = `${options.typeNames.join()}\0${query}`;
    const known = this.#of(session);
    let types = known.get(key);
    if (types === undefined) {
      types = askFor(session, query, options);
      known.set(key, types);
      types.catch(() => known.delete(key));
      if (known.size > CAPACITY) known.delete(known.keys().next().value!);
    }
    return types;
  }

  #of(session: Session): Map<string, Promise<readonly number[]>> {
    let known = this.#sessions.get(session);
    if (known === undefined) this.#sessions.set(session, known = new Map());
    return known;
  }
}

async function askFor(
  session: Session,
  query: string,
  { typeNames, plans }: { readonly typeNames: readonly string[]; readonly plans: ResultPlans },
): Promise<readonly number[]> {
  const said = typeNames.length > 0 ? `(${typeNames.join(", ")})` : "";
  const before = `prepare ${NAME}${said} as `;
  // The line end closes a comment that the query may end in.
  const text = `${before}${query}\n;
    select parameter_types::pg_catalog.oid[] as oids
    from pg_catalog.pg_prepared_statements where name = '${NAME}';
    deallocate ${NAME}`;
  try {
    const { statements } = await fetchRows<ParameterTypesRow>(session, text, plans);
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
