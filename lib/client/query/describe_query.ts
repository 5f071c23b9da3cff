/**
 * What the server says of a query without running it.
 *
 * @module
 */

import type { FieldDescription } from "../../wire/backend_message.ts";
import { describe } from "./extended_plan.ts";
import { refuseForPooler } from "./execution_context.ts";
import { inferTypes } from "./literal_query.ts";
import type { QueryRunOptions } from "./query_run.ts";
import { renderStatement } from "./render_statement.ts";
import { saidTypeOid, StatementTypes } from "../types/statement_types.ts";

/** What a query is made of on the server's side. */
export interface StatementDescription {
  /** The text, its values as `$1`, `$2`, …. */
  readonly text: string;
  /** The OID of each parameter's type. */
  readonly types: readonly number[];
  /** The columns, empty when it yields no rows; undefined on 2.0, which cannot tell. */
  readonly columns: readonly FieldDescription[] | undefined;
}

/**
 * Asks the server; a statement that is prepared already is not asked for again.
 *
 * @throws {DatabaseError} when the server does not take the query
 */
export async function describeQuery(
  options: QueryRunOptions,
  signal: AbortSignal,
): Promise<StatementDescription> {
  const { context, settings } = options;
  const { text, values } = await renderStatement(options);
  refuseForPooler(context, text);
  const lease = await context.lender.acquire({ exclusive: false, signal });
  try {
    const types = new StatementTypes(context, lease.session);
    if (!lease.session.protocol.capabilities.bindParameters) {
      const inferred = await inferTypes(types, { text, values }, {
        known: context.parameterTypes,
        signal,
      });
      return { text, types: inferred, columns: undefined };
    }
    const query = { query: text, typeOids: values.map(saidTypeOid) };
    const { prepare = context.prepare } = settings;
    const { parameterOids, fields } = prepare
      ? await lease.session.statements.get(query, signal)
      : await describe(types, query, signal);
    return { text, types: parameterOids, columns: fields };
  } finally {
    lease.release();
  }
}
