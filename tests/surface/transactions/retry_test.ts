/** Transactions that the server gave up for the sake of others, and that are run again. */

import { DatabaseError } from "../../../mod.ts";
import type { BeginOptions, Sql, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import type { OpenClient } from "../../both_protocols.ts";
import { assertEquals, assertInstanceOf, assertMatch, assertRejects } from "../../std_assert.ts";
import { codeOn, createTable } from "./test_table.ts";
import type { TestTable } from "./test_table.ts";

/** A client that counts the transactions that it began. */
function openCounted(open: OpenClient): { sql: Sql; begun: () => number } {
  let begun = 0;
  const trace = (line: string) => void (line === 'B\tCommandComplete\t"BEGIN"' && begun++);
  return { sql: open({ max: 1, trace }), begun: () => begun };
}

/** Reads all, and adds a row: of two that do so at a time the server lets one commit. */
async function addNext(tx: TransactionSql, { name }: TestTable): Promise<void> {
  const rows = await tx`select n from ${name}`;
  await tx`insert into ${name} values (${rows.length + 1})`;
}

testBoth("Sql.begin() runs again what could not be serialized", async (open) => {
  await using table = await createTable(open);
  const { sql, begun } = openCounted(open);
  const rival = open({ max: 1 });
  let runs = 0;
  const given = await sql.begin({ isolation: "serializable", retry: 3 }, async (tx) => {
    runs++;
    const rows = await tx`select n from ${table.name}`;
    if (runs === 1) await rival.begin("isolation level serializable", (tx) => addNext(tx, table));
    await tx`insert into ${table.name} values (${rows.length + 1})`;
    return `run ${runs}`;
  });
  assertEquals([given, runs, begun()], ["run 2", 2, 2]);
  assertEquals(await table.values(), [1, 2]);
});

testBoth("Sql.begin() runs again when it is COMMIT that fails", async (open) => {
  await using table = await createTable(open);
  const { sql, begun } = openCounted(open);
  const rival = open({ max: 1 });
  let runs = 0;
  await sql.begin({ isolation: "serializable", retry: 1 }, async (tx) => {
    runs++;
    await addNext(tx, table);
    if (runs === 1) await rival.begin({ isolation: "serializable" }, (tx) => addNext(tx, table));
  });
  assertEquals([runs, begun()], [2, 2]);
  assertEquals(await table.values(), [1, 2]);
});

/** A transaction that reads a row, and changes it when another has. */
interface Contention extends BeginOptions {
  readonly sql: Sql;
  readonly table: TestTable;
  /** How many runs meet another. */
  readonly contendedRuns?: number;
  readonly update?: (tx: TransactionSql) => PromiseLike<unknown>;
}

/** Adds 10 for each other that was met and 1 for itself; tells how often it ran. */
async function contend(contention: Contention): Promise<{ runs: number; failure?: unknown }> {
  const { sql, table, contendedRuns = 1, update, ...options } = contention;
  const { name, observer } = table;
  let runs = 0;
  await observer`insert into ${name} values (0)`;
  const failure = await sql.begin({ isolation: "repeatable read", ...options }, async (tx) => {
    await tx`select n from ${name}`;
    if (runs++ < contendedRuns) await observer`update ${name} set n = n + 10`;
    if (update) await update(tx);
    else await tx`update ${name} set n = n + ${1}`;
  }).then(() => undefined, (error) => error);
  return { runs, failure };
}

testBoth("Sql.begin() gives up after as many retries as it may make", async (open, protocol) => {
  await using table = await createTable(open);
  const { sql, begun } = openCounted(open);
  for (const retry of [undefined, 0, 1, 3]) {
    await table.observer`truncate ${table.name}`;
    const before = begun();
    const expectedRuns = (retry ?? 0) + 1;
    const { runs, failure } = await contend({ sql, table, retry, contendedRuns: Infinity });
    assertInstanceOf(failure, DatabaseError);
    assertEquals(failure.code, codeOn(protocol, "40001"));
    assertMatch(failure.message, /^could not serialize access/);
    assertEquals([runs, begun() - before], [expectedRuns, expectedRuns]);
    assertEquals(await table.values(), [10 * expectedRuns]);
  }
});

testBoth("Sql.begin() succeeds with the last of its retries", async (open) => {
  await using table = await createTable(open);
  const { sql } = openCounted(open);
  const outcome = await contend({ sql, table, retry: 2, contendedRuns: 2 });
  assertEquals(outcome, { runs: 3, failure: undefined });
  assertEquals(await table.values(), [21]);
});

testBoth("Sql.begin() retries when its function swallowed the failure", async (open) => {
  await using table = await createTable(open);
  const { sql } = openCounted(open);
  const update = async (tx: TransactionSql) => {
    await tx`update ${table.name} set n = n + 1`.catch(() => {});
    await tx`select 1`.catch(() => {});
  };
  assertEquals(await contend({ sql, table, retry: 1, update }), { runs: 2, failure: undefined });
  assertEquals(await table.values(), [11]);
});

testBoth("Sql.begin() knows what failed on the server from what never got there", async (open) => {
  await using table = await createTable(open);
  const { sql } = openCounted(open);
  const update = async (tx: TransactionSql) => {
    await tx`select ${undefined}::int4`.catch(() => {});
    await tx`update ${table.name} set n = n + 1`.catch(() => {});
  };
  assertEquals(await contend({ sql, table, retry: 1, update }), { runs: 2, failure: undefined });
  assertEquals(await table.values(), [11]);
});

testBoth("Sql.begin() retries what failed in a savepoint or a pipeline", async (open) => {
  const ways: ((tx: TransactionSql, table: TestTable) => Promise<unknown>)[] = [
    (tx, { name }) => tx.savepoint((inner) => inner`update ${name} set n = n + 1`),
    (tx, { name }) => tx.pipeline([tx`update ${name} set n = n + 1`, tx`select 1`]),
    (tx, { name }) => {
      return tx.pipeline([tx`select 1`, tx`update ${name} set n = n + 1`], { sync: "one" });
    },
  ];
  for (const way of ways) {
    await using table = await createTable(open);
    const { sql } = openCounted(open);
    const update = (tx: TransactionSql) => way(tx, table);
    assertEquals(await contend({ sql, table, retry: 1, update }), { runs: 2, failure: undefined });
    assertEquals(await table.values(), [11]);
  }
});

testBoth("Sql.begin() does not retry what a savepoint has undone", async (open) => {
  await using table = await createTable(open);
  const { sql } = openCounted(open);
  const update = (tx: TransactionSql) =>
    tx.savepoint((inner) => inner`update ${table.name} set n = n + 1`).catch(() => {});
  assertEquals(await contend({ sql, table, retry: 5, update }), { runs: 1, failure: undefined });
  assertEquals(await table.values(), [10]);
});

testBoth("Sql.begin() does not retry after other failures", async (open, protocol) => {
  await using table = await createTable(open, "n int4 primary key deferrable initially deferred");
  await table.observer`insert into ${table.name} values (1)`;
  const { sql, begun } = openCounted(open);
  const run = (fn: (tx: TransactionSql) => unknown) => sql.begin({ retry: 9 }, fn);
  const own = Object.assign(new Error("could not serialize access"), { code: "40001" });
  await assertRejects(() => run(() => Promise.reject(own)), Error, "could not serialize access");
  await assertRejects(() => run((tx) => tx`select 1 / 0`), DatabaseError, "division by zero");
  await assertRejects(() => run((tx) => tx`select ${undefined}`), TypeError);
  const late = await assertRejects(
    () => run((tx) => tx`insert into ${table.name} values (1)`),
    DatabaseError,
    "duplicate key",
  );
  assertEquals(late.code, codeOn(protocol, "23505"));
  const text = "could not serialize access";
  await assertRejects(
    () => run((tx) => tx.unsafe(`do $$ begin raise 'it ${text}'; end $$`)),
    DatabaseError,
    text,
  );
  assertEquals(begun(), 5);
});

/** Locks the rows 1 and 2 in the order given, the second when both have their first. */
async function lockBoth(
  tx: TransactionSql,
  { table, order, together }: {
    readonly table: TestTable;
    readonly order: readonly [number, number];
    readonly together: () => Promise<void>;
  },
): Promise<void> {
  await tx`set local deadlock_timeout = '20ms'`;
  await tx`update ${table.name} set hits = hits + 1 where n = ${order[0]}`;
  await together();
  await tx`update ${table.name} set hits = hits + 1 where n = ${order[1]}`;
}

/** Resolves for the first two who wait when both do, and for later ones at once. */
function meeting(): () => Promise<void> {
  let waiting = 0;
  let meet!: () => void;
  const met = new Promise<void>((resolve) => meet = resolve);
  return () => {
    if (++waiting === 2) meet();
    return met;
  };
}

testBoth("Sql.begin() runs again what was in a deadlock", async (open) => {
  await using table = await createTable(open, "n int4, hits int4 default 0");
  await table.observer`insert into ${table.name} values (1), (2)`;
  const sql = open({ max: 2 });
  const together = meeting();
  let runs = 0;
  await Promise.all(([[1, 2], [2, 1]] as const).map((order) =>
    sql.begin({ retry: 3 }, (tx) => {
      runs++;
      return lockBoth(tx, { table, order, together });
    })
  ));
  assertEquals(runs, 3);
  const hits = await table.observer`select hits from ${table.name}`.values();
  assertEquals([...hits], [[2], [2]]);
});

testBoth("Sql.begin() rejects with the deadlock where it may not retry", async (open, protocol) => {
  await using table = await createTable(open, "n int4, hits int4 default 0");
  await table.observer`insert into ${table.name} values (1), (2)`;
  const sql = open({ max: 2 });
  const together = meeting();
  const outcomes = await Promise.allSettled(
    ([[1, 2], [2, 1]] as const).map((order) =>
      sql.begin((tx) => lockBoth(tx, { table, order, together }))
    ),
  );
  const failures = outcomes.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
  assertEquals(failures.length, 1);
  assertInstanceOf(failures[0], DatabaseError);
  assertEquals(failures[0].code, codeOn(protocol, "40P01"));
  const hits = await table.observer`select hits from ${table.name}`.values();
  assertEquals([...hits], [[1], [1]]);
});
