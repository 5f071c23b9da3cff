/**
 * What the server says of a query without running it.
 *
 * @module
 */

import type { RenderedSql } from "../../sql/fragment.ts";
import { holdsSeveral, isPreparable } from "../../value/literal/preparable.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";
import { describe } from "./extended_plan.ts";
import { refuseForPooler } from "./execution_context.ts";
import { inferTypes, literalOptions } from "./literal_query.ts";
import type { Inference } from "./literal_query.ts";
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
 * Asks the server.
 *
 * @throws {DatabaseError} when the server does not take the query
 */
export async function describeQuery(
  options: QueryRunOptions,
  signal: AbortSignal,
): Promise<StatementDescription> {
  const { context } = options;
  const { text, values } = await renderStatement(options);
  refuseForPooler(context, text);
  const lease = await context.lender.acquire({ exclusive: false, signal });
  try {
    const types = new StatementTypes(context, lease.session);
    if (!lease.session.protocol.capabilities.bindParameters) {
      const inference = { known: context.parameterTypes, signal };
      const inferred = await typesOnV2(types, { text, values }, inference);
      return { text, types: inferred, columns: undefined };
    }
    // Anew, though it may be known: what was said of it may not be true any more.
    const query = { query: text, typeOids: values.map(saidTypeOid) };
    types.server.descriptions.delete(query);
    const { parameterOids, fields } = await describe(types, query, signal);
    return { text, types: parameterOids, columns: fields };
  } finally {
    lease.release();
  }
}

/** Only what PREPARE takes has parameters; of several statements it would run all but the first. */
async function typesOnV2(
  types: StatementTypes,
  statement: RenderedSql,
  inference: Inference,
): Promise<readonly number[]> {
  const options = literalOptions(types.session);
  if (isPreparable(statement.text, options)) return await inferTypes(types, statement, inference);
  if (!holdsSeveral(statement.text, options)) return [];
  throw new TypeError("Cannot describe several statements, expected one");
}
