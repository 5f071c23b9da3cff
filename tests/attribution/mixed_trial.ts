/**
 * Random uses of a client: transactions with savepoints and streams, reserved connections,
 * pipelines, limits of time, aborts. Every query has an id of its own that comes back in each
 * of its rows.
 */

import { DatabaseError } from "../../mod.ts";
import type { Query, QueryOptions, Sql, SqlTag, TransactionSql } from "../../mod.ts";
import type { Random } from "./plan.ts";

/** A row that says whose it is. */
interface Row {
  readonly id: number;
  /** 1, 2, 3, … */
  readonly n: number;
}

/** Something came that does not belong to the query, or did not come. */
export class Wrong extends Error {}

/** What ends a use on purpose. */
class OnPurpose extends Error {}

/** Asks queries whose rows are checked. */
export class Asker {
  readonly random: Random;
  #id = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** A query of random size, and what its rows must be. */
  query(sql: SqlTag, options: QueryOptions = {}): { query: Query<Row>; id: number; rows: number } {
    const { random } = this;
    const id = ++this.#id;
    const rows = random.of([0, 1, 3, 40, 700]);
    const text =
      "select $1::int4 as id, n, repeat('x', $2::int4) from generate_series(1, $3::int4) n";
    const width = random.of([0, 20, 400]);
    const prepare = random.below(4) > 0;
    const query = sql.unsafe<Row>(text, [id, width, rows]).with({ prepare, ...options });
    return { query, id, rows };
  }

  /** Asks one, awaited or streamed, perhaps left early. */
  async ask(sql: SqlTag, options?: QueryOptions): Promise<void> {
    const { query, id, rows } = this.query(sql, options);
    if (this.random.below(2) === 0) return checkAll(await query, { id, rows });
    const leaveAt = this.random.below(3) === 0 ? this.random.below(rows + 1) : undefined;
    let count = 0;
    for await (const row of query) {
      check(row, { id, n: ++count });
      if (count === leaveAt) return;
    }
    if (count !== rows) throw new Wrong(`query ${id} gave ${count} rows of ${rows}`);
  }

  /** A loop whose body asks on the same connection. */
  async loop(sql: SqlTag): Promise<void> {
    const { query, id } = this.query(sql);
    let count = 0;
    for await (const row of query) {
      check(row, { id, n: ++count });
      if (count % 50 === 1) await this.ask(sql);
      if (count > 300) break;
    }
  }

  /** A query that fails, on purpose. */
  async fail(sql: SqlTag): Promise<void> {
    const error = await sql.unsafe(`select ${++this.#id} / 0`).then(
      () => undefined,
      (error) => error,
    );
    if (!(error instanceof DatabaseError) || !error.message.includes("division")) {
      throw new Wrong("a division by zero gave something else", { cause: error });
    }
  }
}

/** One random use. */
export async function useAtRandom(sql: Sql, asker: Asker): Promise<void> {
  await asker.random.of(uses)(sql, asker);
}

const uses: readonly ((sql: Sql, asker: Asker) => Promise<void>)[] = [
  (sql, asker) => asker.ask(sql),
  transaction,
  transaction,
  heldTransaction,
  reserved,
  pipeline,
  limited,
  aborted,
  async (sql, asker) => {
    const { query } = asker.query(sql);
    const { types } = await query.describe();
    if (types.join() !== "23,23,23") throw new Wrong(`described as ${types}`);
  },
];

/** Queries, streams and savepoints; committed, or rolled back on purpose. */
async function transaction(sql: Sql, asker: Asker): Promise<void> {
  const fails = asker.random.below(3) === 0;
  const done = sql.begin(async (tx) => {
    for (let step = asker.random.below(4); step >= 0; step--) await inTransaction(tx, asker);
    if (fails) throw new OnPurpose();
  });
  await done.catch((error) => {
    if (!(fails && error instanceof OnPurpose)) throw error;
  });
}

async function inTransaction(tx: TransactionSql, asker: Asker): Promise<void> {
  switch (asker.random.below(5)) {
    case 0:
      return await asker.loop(tx);
    case 1: // Several streams at once.
      return void await Promise.all([asker.loop(tx), asker.loop(tx), asker.ask(tx)]);
    case 2: {
      const failing = tx.savepoint(async (inner) => {
        await asker.ask(inner);
        await asker.fail(inner);
        throw new OnPurpose();
      });
      return await failing.catch((error) => {
        if (!(error instanceof OnPurpose)) throw error;
      });
    }
    case 3:
      return await tx.savepoint((inner) => asker.loop(inner));
    default:
      return await asker.ask(tx);
  }
}

async function heldTransaction(sql: Sql, asker: Asker): Promise<void> {
  await using tx = await sql.transaction();
  await asker.loop(tx);
  if (asker.random.below(2) === 0) await tx.commit();
}

async function reserved(sql: Sql, asker: Asker): Promise<void> {
  await using own = await sql.reserve();
  await asker.loop(own);
  await Promise.all([asker.ask(own), asker.ask(own)].map((one) => one.catch(refusedForFlow)));
  await own.begin((tx) => asker.ask(tx));
}

/** Nothing here streams in flow mode. */
function refusedForFlow(error: unknown): never {
  throw new Wrong("a query of a reserved connection was refused", { cause: error });
}

async function pipeline(sql: Sql, asker: Asker): Promise<void> {
  const sync = asker.random.of(["each", "one"] as const);
  const asked = Array.from({ length: 1 + asker.random.below(5) }, () => asker.query(sql));
  if (asker.random.below(3) > 0) {
    const results = await sql.pipeline(asked.map(({ query }) => query), { sync });
    return results.forEach((rows, i) => checkAll(rows as readonly Row[], asked[i]));
  }
  const failing = sql.unsafe("select 1 / 0");
  const error = await sql.pipeline([...asked.map(({ query }) => query), failing], { sync })
    .then(() => undefined, (error) => error);
  if (error?.message !== "division by zero") {
    throw new Wrong("a pipeline did not fail", { cause: error });
  }
}

async function limited(sql: Sql, asker: Asker): Promise<void> {
  const timeoutMs = 1 + asker.random.below(30);
  const limited = asker.random.below(2) === 0
    ? asker.ask(sql, { timeoutMs })
    : sql.begin({ timeoutMs }, (tx) => asker.loop(tx));
  await limited.catch((error) => {
    if (error?.name !== "TimeoutError") throw error;
  });
}

async function aborted(sql: Sql, asker: Asker): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new OnPurpose();
  const timer = setTimeout(() => controller.abort(reason), asker.random.below(30));
  const ended = asker.random.of([
    () => asker.ask(sql, { signal }),
    () => sql.begin({ signal }, (tx) => inTransaction(tx, asker)),
    () => sql.pipeline([asker.query(sql).query, asker.query(sql).query], { signal }),
  ])();
  await Promise.resolve<unknown>(ended).catch((error) => {
    if (error !== reason) throw error;
  });
  clearTimeout(timer);
}

function checkAll(rows: readonly Row[], { id, rows: count }: { id: number; rows: number }): void {
  rows.forEach((row, i) => check(row, { id, n: i + 1 }));
  if (rows.length !== count) throw new Wrong(`query ${id} gave ${rows.length} rows of ${count}`);
}

function check(row: Row, { id, n }: { readonly id: number; readonly n: number }): void {
  if (row.id !== id) throw new Wrong(`query ${id} got a row of query ${row.id}`);
  if (row.n !== n) throw new Wrong(`query ${id} got row ${row.n} in the place of row ${n}`);
}
