/**
 * Transactions: transfers that are tried again when they collide, savepoints, streams whose
 * loops write, pipelines.
 *
 *     deno run -A examples/transactions.ts
 */

import { connect } from "../mod.ts";
import type { Sql } from "../mod.ts";
import { withServer } from "./server.ts";

const ACCOUNTS = 4;

/** Moves money; the whole is run again when another transfer came in between. */
function transfer(sql: Sql, from: number, to: number, amount: bigint): Promise<void> {
  return sql.begin({ isolation: "serializable", retry: 20 }, async (tx) => {
    const { balance } = await tx<{ balance: bigint }>`
      select balance from account where id = ${from}`.one();
    if (balance < amount) return;
    await tx.pipeline([
      tx`update account set balance = balance - ${amount} where id = ${from}`,
      tx`update account set balance = balance + ${amount} where id = ${to}`,
    ]);
  });
}

/** Many transfers at once, and not a coin is lost. */
async function transferAtOnce(sql: Sql): Promise<void> {
  await Promise.all(Array.from({ length: 40 }, (_, i) => {
    return transfer(sql, i % ACCOUNTS, (i + 1) % ACCOUNTS, 7n);
  }));
  const { sum } = await sql`select sum(balance)::int8 as sum from account`.one();
  console.log(`After 40 transfers at once: ${sum} in all accounts together`);
}

/** A loop over a transaction's rows, whose body writes in it. */
async function payInterest(sql: Sql): Promise<void> {
  const paid = await sql.begin(async (tx) => {
    let paid = 0n;
    const accounts = tx<{ id: number; balance: bigint }>`
      select id, balance from account order by id for update`;
    for await (const { id, balance } of accounts) {
      const interest = balance / 50n;
      await tx`update account set balance = balance + ${interest} where id = ${id}`;
      paid += interest;
    }
    return paid;
  });
  console.log(`Interest: ${paid}`);
}

/** A part that fails is undone by itself. */
async function payBonus(sql: Sql): Promise<void> {
  await using tx = await sql.transaction();
  for (const id of [0, 1, 2]) {
    await tx.savepoint(async (part) => {
      await part`update account set balance = balance + 100 where id = ${id}`;
      if (id === 1) throw new Error("not for this one");
    }).catch((error) => console.log(`Account ${id}: ${error.message}`));
  }
  console.log([...await tx`select id, balance from account order by id`]);
  // Without tx.commit() the bonus is rolled back at the end of this block.
}

await withServer(async (url) => {
  await using sql = connect(url, { max: 4 });
  await sql`drop table if exists account`;
  await sql`create table account as
    select i as id, 1000::int8 as balance from generate_series(0, ${ACCOUNTS - 1}::int4) i`;
  try {
    await transferAtOnce(sql);
    await payInterest(sql);
    await payBonus(sql);
  } finally {
    await sql`drop table account`;
  }
});
