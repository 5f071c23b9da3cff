/**
 * The client's own tag: its queries run on whatever session of the pool is free.
 *
 * @module
 */

import { ConnectionError } from "../../errors.ts";
import type { Pool } from "../../pool/pool.ts";
import { quoteLiteral } from "../../value/literal/literal.ts";
import type { ExecutionContext } from "../query/execution_context.ts";
import { reserve } from "./reserved_sql.ts";
import type { SqlResources } from "./sql_resources.ts";
import { createTag } from "./sql_tag.ts";
import type { Sql, WaitOptions } from "./sql_types.ts";
import { createStarter } from "./transaction_sql.ts";

/** What the client's own tag needs beside what all tags share. */
export interface ClientParts {
  readonly pool: Pool;
  /** As the server told of them last, on whatever session. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Makes the tag over a pool. */
export function createSql(
  context: ExecutionContext,
  resources: SqlResources,
  { pool, parameters }: ClientParts,
): Sql {
  const tag = createTag(context, resources, () => parameters);
  const close = ({ timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> =>
    timeoutMs === undefined ? pool.close() : closeWithin(pool, timeoutMs);
  const sql: Sql = Object.assign(tag, createStarter(context, resources), {
    async commitDistributed(name: string): Promise<void> {
      await tag.unsafe(`commit prepared ${quoteLiteral(name)}`);
    },
    async rollbackDistributed(name: string): Promise<void> {
      await tag.unsafe(`rollback prepared ${quoteLiteral(name)}`);
    },
    reserve: (options?: WaitOptions) => reserve(context, resources, options),
    async connect({ signal }: WaitOptions = {}): Promise<Sql> {
      const lease = await pool.acquire({ exclusive: false, signal });
      lease.release();
      return sql;
    },
    close,
    end: close,
    [Symbol.asyncDispose]: () => close(),
  });
  return sql;
}

async function closeWithin(pool: Pool, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => {
    const text = `The query was not answered within the ${timeoutMs} ms that close() was given`;
    pool.abort(new ConnectionError(text, { code: "ETIMEDOUT" }));
  }, timeoutMs);
  await pool.close();
  clearTimeout(timer);
}
