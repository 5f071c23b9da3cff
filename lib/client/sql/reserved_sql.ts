/**
 * A connection that is one user's own for as long as he likes.
 *
 * @module
 */

import type { ExecutionContext } from "../query/execution_context.ts";
import { Handle } from "../lending/handle.ts";
import { poolerRefusal } from "../pooler/pooler_policy.ts";
import type { SqlResources } from "./sql_resources.ts";
import { createTag } from "./sql_tag.ts";
import type { ReservedSql, WaitOptions } from "./sql_types.ts";
import { createStarter } from "./transaction_sql.ts";

/**
 * Takes a session out of the pool.
 *
 * @throws {ConnectionError} when there is none to be had
 * @throws {TypeError} behind a pooler that gives each transaction another server connection
 */
export async function reserve(
  context: ExecutionContext,
  resources: SqlResources,
  { signal }: WaitOptions = {},
): Promise<ReservedSql> {
  if (context.pooler) throw poolerRefusal(context.pooler, "reserve a connection", "sql.begin()");
  const hold = await context.lender.hold({ signal });
  const { held } = hold;
  const handle = new Handle(held, () => {
    return held.inTransaction && !held.transactionEnding ? busyWithTransaction() : undefined;
  });
  const inner = { ...context, lender: handle };
  const tag = createTag(inner, resources, () => Object.fromEntries(held.session.parameters));
  const release = () => {
    const reason = new TypeError("Cannot go on: the connection was released");
    handle.close(reason);
    return hold.release(reason);
  };
  return Object.assign(tag, createStarter(inner, resources), {
    release,
    [Symbol.asyncDispose]: release,
  });
}

function busyWithTransaction(): TypeError {
  return new TypeError(
    "Cannot run a query: a transaction is open on this connection, expected its own handle",
  );
}
