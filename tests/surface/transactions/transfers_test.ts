/** Many transactions at a time that meet each other. */

import type { Sql, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { Random } from "../../attribution/plan.ts";
import { assertEquals } from "../../std_assert.ts";
import { createTable } from "./test_table.ts";
import type { TestTable } from "./test_table.ts";

const ACCOUNTS = 20;
const BALANCE = 1000;

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

function randomTransfer(random: Random): Transfer {
  const from = random.below(ACCOUNTS);
  const to = (from + 1 + random.below(ACCOUNTS - 1)) % ACCOUNTS;
  return { from, to, amount: 1 + random.below(50) };
}

/** Reads both balances and writes them back: a sum that changes when two are not kept apart. */
async function transfer(tx: TransactionSql, { name }: TestTable, what: Transfer): Promise<void> {
  const balance = async (n: number) => {
    const [account] = await tx<{ balance: number }>`select balance from ${name} where n = ${n}`;
    return account.balance;
  };
  const [from, to] = await Promise.all([balance(what.from), balance(what.to)]);
  await tx`update ${name} set balance = ${from - what.amount} where n = ${what.from}`;
  await tx`update ${name} set balance = ${to + what.amount} where n = ${what.to}`;
}

/** The states of the client's connections, by its name. */
async function statesOf({ observer }: TestTable, applicationName: string): Promise<string[]> {
  const rows = await observer<{ state: string }>`
    select state from pg_stat_activity where application_name = ${applicationName}`;
  return rows.map(({ state }) => state);
}

testBoth(
  "Sql.begin() keeps a sum through 300 transfers at once on three connections",
  async (open) => {
    await using table = await createTable(open, "n int4 primary key, balance int4");
    await table.observer`
      insert into ${table.name} select g, ${BALANCE}::int4 from generate_series(0, ${
      ACCOUNTS - 1
    }::int4) g`;
    const applicationName = `transfers ${crypto.randomUUID()}`;
    const sql: Sql = open({ max: 3, applicationName });
    const random = new Random(300);
    const transfers = Array.from({ length: 300 }, () => randomTransfer(random));
    await Promise.all(
      transfers.map((what) =>
        sql.begin({ isolation: "serializable", retry: 1000 }, (tx) => transfer(tx, table, what))
      ),
    );

    const expected = Array.from({ length: ACCOUNTS }, () => BALANCE);
    for (const { from, to, amount } of transfers) {
      expected[from] -= amount;
      expected[to] += amount;
    }
    const balances = await table.observer`select balance from ${table.name} order by n`.values();
    assertEquals(balances.flat(), expected);
    assertEquals(await statesOf(table, applicationName), ["idle", "idle", "idle"]);
  },
  { timeoutMs: 120_000 },
);

/** Ways to go on in a transaction, and whether it is committed then. */
const ENDS: readonly (readonly [(tx: TransactionSql) => unknown, committed: boolean])[] = [
  [() => {}, true],
  [() => Promise.reject(new Error("on purpose")), false],
  [(tx) => tx`select 1 / ${0}::int4`, false],
  [(tx) => tx`select nosuch`.catch(() => {}), false],
  [(tx) => tx.savepoint((inner) => inner`select nosuch`).catch(() => {}), true],
];

testBoth("Sql.begin() keeps what commits and nothing of what fails, many at once", async (open) => {
  await using table = await createTable(open);
  const applicationName = `mixed ${crypto.randomUUID()}`;
  const sql = open({ max: 3, applicationName });
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const outcomes = await Promise.allSettled(numbers.map((n) =>
    sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (${n})`;
      await ENDS[n % ENDS.length][0](tx);
    })
  ));
  const expected = numbers.filter((n) => ENDS[n % ENDS.length][1]);
  assertEquals(numbers.filter((n) => outcomes[n].status === "fulfilled"), expected);
  assertEquals(await table.values(), expected);
  assertEquals(await statesOf(table, applicationName), ["idle", "idle", "idle"]);
});
