/** What is undone by itself within a transaction. */

import { DatabaseError } from "../../../mod.ts";
import type { SavepointSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "../../std_assert.ts";
import { codeOn, createTable } from "./test_table.ts";

testBoth("TransactionSql.savepoint() keeps what its function did", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const given = { of: "any kind" };
  await sql.begin(async (tx) => {
    await tx`insert into ${table.name} values (1)`;
    const result = await tx.savepoint(async (inner) => {
      await inner`insert into ${table.name} values (2)`;
      return given;
    });
    assertStrictEquals(result, given);
    assertEquals(await table.values(), []);
  });
  assertEquals(await table.values(), [1, 2]);
});

testBoth(
  "TransactionSql.savepoint() gives what a query gives, and runs those in an array",
  async (open) => {
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      const rows = await tx.savepoint((inner) => inner`select 7 as a`);
      assertEquals([rows.count, ...rows], [1, { a: 7 }]);
      const [[one], [two]] = await tx.savepoint((inner) => [
        inner`select 1 as a`,
        inner`select 2 as a`,
      ]);
      assertEquals([one, two], [{ a: 1 }, { a: 2 }]);
    });
  },
);

testBoth(
  "TransactionSql.savepoint() undoes what its function did before it threw",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const reasons = [new Error("no"), "a text", undefined];
    await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      for (const reason of reasons) {
        const outcome = await tx.savepoint(async (inner) => {
          await inner`insert into ${table.name} values (2)`;
          throw reason;
        }).then(() => "resolved", (error) => [error]);
        assertStrictEquals(outcome[0], reason);
      }
      await tx`insert into ${table.name} values (3)`;
    });
    assertEquals(await table.values(), [1, 3]);
  },
);

testBoth(
  "TransactionSql.savepoint() lets the transaction go on behind a query that failed",
  async (open, protocol) => {
    await using table = await createTable(open, "n int4 primary key");
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (${1})`;
      for (let i = 0; i < 3; i++) {
        const failure = await assertRejects(
          () => tx.savepoint((inner) => inner`insert into ${table.name} values (${1})`),
          DatabaseError,
          "duplicate key",
        );
        assertEquals(failure.code, codeOn(protocol, "23505"));
      }
      await tx`insert into ${table.name} values (${2})`;
    });
    assertEquals(await table.values(), [1, 2]);
  },
);

testBoth(
  "TransactionSql.savepoint() says so when a query that failed was swallowed in it",
  async (open, protocol) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      const failure = await assertRejects(
        () =>
          tx.savepoint(async (inner) => {
            await inner`insert into ${table.name} values (2)`;
            await inner`select 1 / 0`.catch(() => {});
            return "as if all were well";
          }),
        DatabaseError,
        "Cannot release the savepoint",
      );
      assertEquals(failure.code, codeOn(protocol, "40000"));
      assertInstanceOf(failure.cause, DatabaseError);
      assertEquals(failure.cause.message, "division by zero");
      await tx`insert into ${table.name} values (3)`;
    });
    assertEquals(await table.values(), [1, 3]);
  },
);

testBoth("TransactionSql.savepoint() quotes the name that it is given", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const names = ["simple", "Upper", 'odd "name"', "'; rollback; --", "é😀", "select", "rill_s1"];
  await sql.begin(async (tx) => {
    for (const name of names) {
      await tx.savepoint(name, (inner) => inner`insert into ${table.name} values (1)`);
      await tx.savepoint(name, async (inner) => {
        await inner`insert into ${table.name} values (2)`;
        throw new Error("no");
      }).catch(() => {});
    }
  });
  assertEquals(await table.values(), names.map(() => 1));
});

testBoth("TransactionSql.savepoint() tells savepoints of one name apart", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    await tx.savepoint("same", async (outer) => {
      await outer`insert into ${table.name} values (1)`;
      await outer.savepoint("same", async (inner) => {
        await inner`insert into ${table.name} values (2)`;
        throw new Error("no");
      }).catch(() => {});
      await outer`insert into ${table.name} values (3)`;
    });
    // Taken for its own by one who does not look.
    await tx.savepoint("rill_s4", (inner) =>
      inner.savepoint(async (innermost) => {
        await innermost`insert into ${table.name} values (4)`;
        throw new Error("no");
      })).catch(() => {});
    await tx`insert into ${table.name} values (5)`;
  });
  assertEquals(await table.values(), [1, 3, 5]);
});

testBoth(
  "TransactionSql.savepoint() refuses a name that is empty, and the transaction goes on",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      let runs = 0;
      await assertRejects(() => tx.savepoint("", () => runs++), TypeError);
      await assertRejects(() => tx.savepoint("\0", () => runs++), TypeError);
      assertEquals(runs, 0);
      await tx.savepoint(() => tx`insert into ${table.name} values (1)`);
    });
    assertEquals(await table.values(), [1]);
  },
);

/** Inserts its depth, goes deeper, and throws when that depth is to fail. */
async function nest(
  sql: SavepointSql,
  insert: (sql: SavepointSql, depth: number) => PromiseLike<unknown>,
  { depth, deepest, failsAt }: { depth: number; deepest: number; failsAt: number },
): Promise<void> {
  await insert(sql, depth);
  if (depth < deepest) {
    await sql.savepoint((inner) => nest(inner, insert, { depth: depth + 1, deepest, failsAt }))
      .catch((error) => assertEquals(error.message, `depth ${depth + 1}`));
  }
  await insert(sql, depth + 1000);
  if (depth === failsAt) throw new Error(`depth ${depth}`);
}

testBoth(
  "TransactionSql.savepoint() nests, and what fails deep leaves what is above",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const insert = (sql: SavepointSql, n: number) => sql`insert into ${table.name} values (${n})`;
    await sql.begin((tx) => nest(tx, insert, { depth: 0, deepest: 40, failsAt: 25 }));
    const kept = Array.from({ length: 25 }, (_, depth) => depth);
    assertEquals(await table.values(), [...kept, ...kept.map((depth) => depth + 1000)]);
  },
);

testBoth(
  "TransactionSql.savepoint() passes on what it does not catch, up to begin()",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const failure = await assertRejects(
      () =>
        sql.begin((tx) =>
          tx.savepoint(async (outer) => {
            await outer`insert into ${table.name} values (1)`;
            await outer.savepoint((inner) => inner`select nosuch`);
          })
        ),
      DatabaseError,
    );
    assertEquals(failure.message, 'column "nosuch" does not exist');
    assertEquals(await table.values(), []);
  },
);
