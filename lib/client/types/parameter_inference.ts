/**
 * What a server of protocol 2.0, which has no Describe, infers a query's parameters to be: SQL's
 * own PREPARE infers them just the same, and a system view tells them.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import type { Session } from "../../session/session.ts";
import { fetchRows } from "./fetch_rows.ts";
import type { ResultPlans } from "./result_plans.ts";

/** No statement of users is to be named so. Letters that need no quotes. */
const PREFIX = "rill_parameters_";

interface StatementRow {
  readonly name: string;
  readonly oids: readonly number[];
}

/** How types are asked for. */
export interface InferenceOptions {
  /** Those that are said, `unknown` where the server is to infer; empty: all. */
  readonly typeNames: readonly string[];
  readonly plans: ResultPlans;
  readonly signal: AbortSignal;
}

/**
 * Asks one session. A cancel may come between PREPARE and DEALLOCATE, and then the statement
 * stays: so no name is used twice, and whoever asks next clears away what stayed.
 */
export class ParameterInference {
  readonly #session: Session;
  /** Statements that stayed and are cleared away: each by one alone, or DEALLOCATE fails. */
  readonly #cleared = new Set<string>();
  #count = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * The types of a query's parameters. The query must be one statement that PREPARE takes.
   *
   * @throws {DatabaseError} when the server does not take the query
   */
  async ask(query: string, options: InferenceOptions): Promise<readonly number[]> {
    const name = `${PREFIX}${++this.#count}`;
    const said = options.typeNames.length > 0 ? `(${options.typeNames.join(", ")})` : "";
    const before = `prepare ${name}${said} as `;
    // The line end closes a comment that the query may end in.
    const text = `${before}${query}\n;
    select name, parameter_types::pg_catalog.oid[] as oids
    from pg_catalog.pg_prepared_statements
    where pg_catalog.substr(name, 1, ${PREFIX.length}) = '${PREFIX}';
    deallocate ${name}`;
    const rows = await this.#fetch(text, options).catch((error) => {
      throw error instanceof DatabaseError ? pointInto(error, query, before.length) : error;
    });
    for (const row of rows) if (row.name !== name) await this.#clear(row.name, options);
    return rows.find((row) => row.name === name)!.oids;
  }

  async #fetch(text: string, options: InferenceOptions): Promise<readonly StatementRow[]> {
    const { statements } = await fetchRows<StatementRow>(this.#session, text, options);
    return statements[1];
  }

  async #clear(name: string, options: InferenceOptions): Promise<void> {
    if (this.#cleared.has(name)) return;
    this.#cleared.add(name);
    try {
      await fetchRows(this.#session, `deallocate ${name}`, options);
    } catch (error) {
      this.#cleared.delete(name);
      throw error;
    }
  }
}

/** The error as the query itself would have met it. */
function pointInto(error: DatabaseError, query: string, offset: number): DatabaseError {
  const { severity, message, position = 0 } = error;
  const moved = position > offset ? position - offset : undefined;
  return new DatabaseError({ severity, message, position: moved }, { query, cause: error });
}
