/** How a transaction is begun, and what is no way to begin one. */

import { DatabaseError } from "../../../mod.ts";
import type { BeginOptions, Sql, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertRejects } from "../../std_assert.ts";
import { codeOn, createTable } from "./test_table.ts";

const LEVELS = ["read uncommitted", "read committed", "repeatable read", "serializable"] as const;

/** What the server says of the transaction that is open. */
async function modesOf(tx: TransactionSql): Promise<string[]> {
  const [modes] = await tx<string>`
    select current_setting('transaction_isolation'), current_setting('transaction_read_only'),
      current_setting('transaction_deferrable')`.values();
  return modes as string[];
}

testBoth("Sql.begin() takes isolation, readOnly and deferrable", async (open) => {
  const sql = open({ max: 1 });
  for (const isolation of LEVELS) {
    assertEquals((await sql.begin({ isolation }, modesOf))[0], isolation);
  }
  const isolation = "serializable";
  assertEquals(await sql.begin({ isolation, readOnly: true, deferrable: true }, modesOf), [
    "serializable",
    "on",
    "on",
  ]);
  assertEquals(await sql.begin({}, modesOf), ["read committed", "off", "off"]);
});

testBoth("Sql.begin() leaves to the server's defaults what is not said", async (open) => {
  const sql = open({ max: 1 });
  await sql`set default_transaction_isolation = 'repeatable read'`;
  await sql`set default_transaction_read_only = on`;
  await sql`set default_transaction_deferrable = on`;
  assertEquals(await sql.begin(modesOf), ["repeatable read", "on", "on"]);
  assertEquals(await sql.begin({ readOnly: false, deferrable: false }, modesOf), [
    "repeatable read",
    "off",
    "off",
  ]);
  assertEquals(await sql.begin({ isolation: undefined, readOnly: undefined }, modesOf), [
    "repeatable read",
    "on",
    "on",
  ]);
});

testBoth("Sql.begin() takes the words behind BEGIN", async (open) => {
  const sql = open({ max: 1 });
  assertEquals(await sql.begin("isolation level serializable", modesOf), [
    "serializable",
    "off",
    "off",
  ]);
  assertEquals(await sql.begin("ISOLATION LEVEL REPEATABLE READ, READ ONLY", modesOf), [
    "repeatable read",
    "on",
    "off",
  ]);
  assertEquals(await sql.begin("read write", modesOf), ["read committed", "off", "off"]);
  assertEquals(await sql.begin("", modesOf), ["read committed", "off", "off"]);
});

testBoth("Sql.begin() with readOnly has writes refused", async (open, protocol) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const refusal = await assertRejects(
    () => sql.begin({ readOnly: true }, (tx) => tx`insert into ${table.name} values (1)`),
    DatabaseError,
    "read-only transaction",
  );
  assertEquals(refusal.code, codeOn(protocol, "25006"));
  await sql.begin({ readOnly: false }, (tx) => tx`insert into ${table.name} values (2)`);
  assertEquals(await table.values(), [2]);
});

testBoth("Sql.begin() with an isolation sees as much of others as that says", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const seen: Record<string, number> = {};
  for (const isolation of ["read committed", "repeatable read", "serializable"] as const) {
    await table.observer`truncate ${table.name}`;
    await sql.begin({ isolation }, async (tx) => {
      await tx`select n from ${table.name}`;
      await table.observer`insert into ${table.name} values (1)`;
      seen[isolation] = (await tx`select n from ${table.name}`).length;
    });
  }
  assertEquals(seen, { "read committed": 1, "repeatable read": 0, serializable: 0 });
});

testBoth("Sql.begin() with deferrable waits until it cannot fail", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const other = await open({ max: 1 }).transaction({ isolation: "serializable" });
  await other`insert into ${table.name} values (1)`;
  const options = { isolation: "serializable", readOnly: true, deferrable: true } as const;
  const counted = sql.begin(options, async (tx) => {
    const [{ count }] = await tx<{ count: bigint }>`select count(*) from ${table.name}`;
    return count;
  });
  const waiting = () =>
    table.observer`select 1 from pg_stat_activity where wait_event = 'SafeSnapshot'`;
  while ((await waiting()).length === 0) { /* Soon. */ }
  await other.commit();
  assertEquals(await counted, 0n);
});

/** The name of what a transaction sees now. */
async function exportSnapshot(tx: TransactionSql): Promise<string> {
  const [{ name }] = await tx<{ name: string }>`select pg_export_snapshot() as name`;
  return name;
}

testBoth("Sql.begin() with a snapshot sees what another transaction sees", async (open) => {
  await using table = await createTable(open);
  await table.observer`insert into ${table.name} values (1)`;
  const sql = open({ max: 1 });
  const count = async (tx: TransactionSql) => (await tx`select n from ${table.name}`).length;
  for (const isolation of ["repeatable read", "serializable"] as const) {
    const exporting = await open({ max: 1 }).transaction({ isolation });
    const snapshot = await exportSnapshot(exporting);
    await table.observer`insert into ${table.name} values (2)`;
    const before = await count(exporting);
    assertEquals(await sql.begin({ isolation, snapshot }, count), before);
    assertEquals(await sql.begin({ isolation }, count), before + 1);
    await exporting.commit();
  }
});

testBoth("Sql.begin() with a snapshot is repeatable read where nothing is said", async (open) => {
  const sql = open({ max: 1 });
  const exporting = await open({ max: 1 }).transaction();
  const snapshot = await exportSnapshot(exporting);
  assertEquals(await sql.begin({ snapshot, readOnly: true }, modesOf), [
    "repeatable read",
    "on",
    "off",
  ]);
  await assertRejects(
    () => sql.begin({ isolation: "read committed", snapshot }, modesOf),
    DatabaseError,
    "snapshot",
  );
  await exporting.rollback();
  assertEquals(await sql.begin(modesOf), ["read committed", "off", "off"]);
});

testBoth("Sql.begin() quotes the name of a snapshot", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const end of ["'", "\\'", "''"]) {
    const snapshot = `0${end}; drop table "${table.relname}"; --`;
    await assertRejects(() => sql.begin({ snapshot }, modesOf), DatabaseError, "snapshot");
  }
  assertEquals(await table.values(), []);
});

/** Sees that it is refused before a connection is opened, and that nothing is run. */
async function assertRefused(
  open: (options: { trace: (line: string) => void }) => Sql,
  begin: (sql: Sql, fn: () => void) => Promise<unknown>,
  errorClass: typeof TypeError | typeof RangeError = TypeError,
): Promise<void> {
  const sent: string[] = [];
  let runs = 0;
  const sql = open({ trace: (line) => sent.push(line) });
  await assertRejects(async () => await begin(sql, () => runs++), errorClass, "Cannot begin");
  assertEquals([runs, sent], [0, []]);
}

testBoth("Sql.begin() refuses options that it does not know, unsent", async (open) => {
  const wrong: Readonly<Record<string, unknown>>[] = [
    { isolation: "serializable; drop table x" },
    { isolation: "snapshot" },
    { isolation: 4 },
    { isolationLevel: "serializable" },
    { readonly: true },
    { readOnly: "off" },
    { deferrable: 1 },
    { snapshot: 7 },
  ];
  for (const options of wrong) {
    await assertRefused(open, (sql, fn) => sql.begin(options as BeginOptions, fn));
    await assertRefused(open, (sql) => sql.transaction(options as BeginOptions));
  }
});

testBoth("Sql.begin() refuses words that could be more than options, unsent", async (open) => {
  const wrong = [
    "read only; drop table x",
    "read only -- ",
    "read only /*",
    "read only'",
    'read "only"',
    "read only\ncommit;",
    "\u017ferializable",
  ];
  for (const words of wrong) await assertRefused(open, (sql, fn) => sql.begin(words, fn));
});

testBoth("Sql.begin() refuses a retry that is no count, unsent", async (open) => {
  for (const retry of [-1, 1.5, Number.NaN, Infinity, "2"]) {
    const options = { retry } as BeginOptions;
    await assertRefused(open, (sql, fn) => sql.begin(options, fn));
  }
});

testBoth("Sql.begin() refuses to run what is no function, unsent", async (open) => {
  const nothing = undefined as unknown as () => void;
  await assertRefused(open, (sql) => sql.begin({}, nothing));
  await assertRefused(open, (sql) => sql.begin("read only", nothing));
  await assertRefused(open, (sql) => sql.begin(nothing));
});

testBoth("Sql.begin() rejects when the server does not begin it", async (open) => {
  const sql = open({ max: 1 });
  let runs = 0;
  for (const words of ["nonsense", "isolation level nonsense", "read only, nonsense"]) {
    await assertRejects(() => sql.begin(words, () => runs++), DatabaseError, "syntax error");
  }
  assertEquals(runs, 0);
  assertEquals(await sql.begin(modesOf), ["read committed", "off", "off"]);
});
