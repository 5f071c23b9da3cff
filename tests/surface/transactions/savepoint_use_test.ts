/** Which handle may be used when, where there are savepoints. */

import type { SavepointSql, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";
import { createTable } from "./test_table.ts";

testBoth(
  "TransactionSql.savepoint() refuses a second one beside one that is open",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const insert = (n: number) => (inner: SavepointSql) =>
      inner`insert into ${table.name} values (${n})`;
    const outcomes = await sql.begin((tx) =>
      Promise.allSettled([
        tx.savepoint(insert(1)),
        tx.savepoint(insert(2)),
        tx.savepoint(insert(3)),
      ])
    );
    const [first, ...others] = outcomes;
    assertEquals(first.status, "fulfilled");
    for (const other of others) {
      assert(other.status === "rejected");
      assertInstanceOf(other.reason, TypeError);
      assertEquals(
        other.reason.message,
        "Cannot open a savepoint: another is open, expected its end or to be opened from its handle",
      );
    }
    assertEquals(await table.values(), [1]);
  },
);

testBoth("Sql.begin() rolls back when two savepoints at once fail it", async (open) => {
  await using table = await createTable(open, "n int4, tags text[]");
  const sql = open({ max: 1 });
  const insert = (n: number) => (inner: SavepointSql) =>
    inner`insert into ${table.name} values (${n}, ${["a"]})`;
  await assertRejects(
    () => sql.begin((tx) => Promise.all([tx.savepoint(insert(1)), tx.savepoint(insert(2))])),
    TypeError,
    "another is open",
  );
  assertEquals([...await sql`select n from ${table.name}`], []);
});

testBoth("SavepointSql refuses all use behind its end", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const handles: SavepointSql[] = [];
    await tx.savepoint((inner) => void handles.push(inner));
    await tx.savepoint((inner) => Promise.reject(handles.push(inner))).catch(() => {});
    for (const handle of handles) {
      const uses = [
        () => handle`select 1`,
        () => handle`select 1`.batches().next(),
        () => handle.pipeline([handle`select 1`]),
        () => handle.savepoint(() => {}),
      ];
      for (const use of uses) await assertRejects(use, TypeError, "its savepoint has ended");
    }
    assertEquals([...await tx`select 1 as a`], [{ a: 1 }]);
  });
});

testBoth("SavepointSql refuses all use behind the end of what it is in", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  let go!: () => void;
  const gone = new Promise<void>((resolve) => go = resolve);
  let left: Promise<unknown> | undefined;
  await sql.begin(async (tx) => {
    await new Promise<void>((opened) => {
      left = tx.savepoint(async (inner) => {
        opened();
        await gone;
        await inner`insert into ${table.name} values (1)`;
      }).then(() => "resolved", (error) => error);
    });
  });
  go();
  assertInstanceOf(await left, TypeError);
  assertEquals(await table.values(), []);
});

testBoth("TransactionSql within a savepoint's function runs in the savepoint", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const insertBy = (tx: TransactionSql, n: number) => tx`insert into ${table.name} values (${n})`;
  await sql.begin(async (tx) => {
    await tx.savepoint(() => insertBy(tx, 1));
    await tx.savepoint(async () => {
      await insertBy(tx, 2);
      throw new Error("no");
    }).catch(() => {});
  });
  assertEquals(await table.values(), [1]);
});

testBoth("TransactionSql.commit() within a savepoint keeps what was done by then", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  await sql.begin((tx) =>
    tx.savepoint(async (inner) => {
      await inner`insert into ${table.name} values (1)`;
      await tx.commit();
      await assertRejects(() => inner`select 1`.then(), TypeError, "has ended");
    })
  );
  assertEquals(await table.values(), [1]);
});
