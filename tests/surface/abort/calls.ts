/** Every call that waits for the server and takes a signal, each with a query that never ends. */

import type {
  Query,
  ReservedSql,
  Sql,
  SqlTag,
  StandardSchema,
  TransactionSql,
} from "../../../mod.ts";

/** A call that waits until its signal is aborted. */
export interface Call<Tag> {
  readonly name: string;
  readonly run: (sql: Tag, signal: AbortSignal) => PromiseLike<unknown>;
}

/** A schema that takes every row as it is. */
export const anything: StandardSchema = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

/** Calls that wait for a query. Any tag has them. */
export const queryCalls: readonly Call<SqlTag>[] = [
  call("Query, awaited,", (query) => query),
  call("Query.one()", (query) => query.one()),
  call("Query.maybeOne()", (query) => query.maybeOne()),
  call("Query.simple()", (query) => query.simple()),
  call("Query with prepare: false", (query) => query.with({ prepare: false })),
  call("Query.as()", (query) => query.as(anything)),
  call("Query.execute()", (query) => query.execute()),
  call("Query in a loop", (query) => exhaust(query)),
  call("Query.as() in a loop", (query) => exhaust(query.as(anything))),
  call("Query.batches()", (query) => exhaust(query.batches())),
  call("Query.readable()", (query) => query.readable().getReader().read()),
  call("Query.cursor(2)", (query) => exhaust(query.cursor(2))),
  call("Query.cursor(fn)", (query) => query.cursor(2, () => {})),
  call("Query.forEach()", (query) => query.forEach(() => {})),
  call("RowStream.map()", (query) => exhaust(query.stream().map(() => {}, { concurrency: 3 }))),
  call("RowStream in flow mode", (query) => exhaust(query.stream({ mode: "flow" }))),
  call("RowStream in portal mode", (query) => exhaust(query.stream({ mode: "portal" }))),
  {
    name: "Query with a value",
    run: (sql, signal) => sql`select pg_sleep(${600}::float8)`.with({ signal }),
  },
  ...(["each", "one"] as const).flatMap((sync): Call<SqlTag>[] => [
    {
      name: `SqlTag.pipeline() with sync: "${sync}"`,
      run: (sql, signal) =>
        sql.pipeline([sql`select 1`, sleep(sql), sql`select 2`], { sync, signal }),
    },
    {
      name: `Query, the only one of a pipeline with sync: "${sync}",`,
      run: (sql, signal) => sql.pipeline([sleep(sql).with({ signal })], { sync }),
    },
  ]),
];

/** Calls that wait for a transaction of their own. */
export const transactionCalls: readonly Call<Sql | ReservedSql>[] = [
  begin("a query", (tx) => sleep(tx)),
  begin("a query by the simple protocol", (tx) => sleep(tx).simple()),
  begin("a loop", (tx) => exhaust(sleep(tx))),
  begin("a loop in flow mode", (tx) => exhaust(sleep(tx).stream({ mode: "flow" }))),
  begin("the body of a loop", async (tx) => {
    for await (const _ of tx`select generate_series(1, 1000)`) await sleep(tx);
  }),
  begin("a pipeline", (tx) => tx.pipeline([tx`select 1`, sleep(tx)], { sync: "one" })),
  begin("an array of queries", (tx) => [tx`select 1`, sleep(tx), tx`select 2`]),
  begin("a savepoint", (tx) => tx.savepoint((sp) => sp.savepoint((inner) => sleep(inner)))),
  {
    name: "TransactionStarter.transaction()",
    run: async (sql, signal) => {
      await using tx = await sql.transaction({ signal });
      await sleep(tx);
    },
  },
];

/** Calls that wait for a connection, and nothing else. */
export const connectionCalls: readonly Call<Sql>[] = [
  { name: "Sql.reserve()", run: (sql, signal) => sql.reserve({ signal }) },
  { name: "Sql.connect()", run: (sql, signal) => sql.connect({ signal }) },
  { name: "Query.describe()", run: (sql, signal) => sleep(sql).with({ signal }).describe() },
];

/** All of them: on a client each waits for a connection. */
export const calls: readonly Call<Sql>[] = [...queryCalls, ...transactionCalls, ...connectionCalls];

function call(name: string, run: (query: Query<unknown>) => PromiseLike<unknown>): Call<SqlTag> {
  return { name, run: (sql, signal) => run(sleep(sql).with({ signal })) };
}

function begin(inside: string, fn: (tx: TransactionSql) => unknown): Call<Sql | ReservedSql> {
  return {
    name: `TransactionStarter.begin() with ${inside}`,
    run: (sql, signal) => sql.begin({ signal }, fn),
  };
}

/** Longer than any test may last. */
export function sleep(sql: SqlTag): Query<unknown> {
  return sql`select pg_sleep(600)`;
}

/** Reads to the end. */
export async function exhaust(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows) { /* On. */ }
}
