/** Queries that the function of a transaction starts and does not wait for. */

import { DatabaseError } from "../../../mod.ts";
import type { Query, SavepointSql, TransactionSql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";
import { pidOf } from "./backend.ts";
import { createTable } from "./test_table.ts";
import type { TestTable } from "./test_table.ts";

const COLUMNS = "n int4, tags text[], data jsonb";

/** Queries whose first run asks the server for types in different ways, or not at all. */
const INSERTS: Readonly<
  Record<string, (sql: SavepointSql, table: TestTable, n: number) => Query<unknown>>
> = {
  "no values": (sql, { name }, n) => sql`insert into ${name} values (${sql.unsafe(`${n}`)})`,
  "a number": (sql, { name }, n) => sql`insert into ${name} values (${n})`,
  "an array": (sql, { name }, n) => sql`insert into ${name} values (${n}, ${["a", "b"]})`,
  "an object": (sql, { name }, n) => sql`insert into ${name} ${sql({ n, data: { a: 1 } })}`,
  "said types": (sql, { name }, n) => {
    return sql`insert into ${name} values (${sql.typed(n, "int4")}, null, ${sql.json(n)})`;
  },
  "unprepared": (sql, { name }, n) => {
    return sql`insert into ${name} values (${n}, ${["a"]})`.with({ prepare: false });
  },
  "simple": (sql, { relname }, n) => {
    return sql.unsafe(`insert into "${relname}" values (${n}); select 1`).simple();
  },
};

testBoth("Sql.begin() commits what was started in it and not awaited", async (open) => {
  for (const insert of Object.values(INSERTS)) {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    for (const round of [1, 2]) {
      await sql.begin((tx) => void insert(tx, table, round).execute());
      assertEquals((await table.values()).length, round);
    }
  }
});

testBoth("Sql.begin() rejects when what was started in it and not awaited fails", async (open) => {
  await using table = await createTable(open, COLUMNS);
  const sql = open({ max: 1 });
  const failing: ((tx: TransactionSql) => Query<unknown>)[] = [
    (tx) => tx`select 1 / 0`,
    (tx) => tx`select 1 / ${0}::int4`,
    (tx) => tx`select 1 / cardinality(${[]}::int4[])`,
    (tx) => tx`select 1 / 0`.simple(),
  ];
  for (const fail of failing) {
    for (let round = 0; round < 2; round++) {
      const failure = await assertRejects(
        () =>
          sql.begin(async (tx) => {
            await tx`insert into ${table.name} values (1)`;
            fail(tx).execute();
          }),
        DatabaseError,
      );
      const origin = failure.cause ?? failure;
      assertInstanceOf(origin, DatabaseError);
      assertEquals(origin.message, "division by zero");
      assertEquals(await table.values(), []);
    }
  }
});

testBoth(
  "Sql.begin() rejects when what was started in it and not awaited is never sent",
  async (open) => {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    const unfit: ((tx: TransactionSql) => Query<unknown>)[] = [
      (tx) => tx`insert into ${table.name} values (${{ not: "a number" }})`,
      (tx) => tx`insert into ${table.name} values (${"nor this"})`,
    ];
    for (const start of unfit) {
      await assertRejects(() =>
        sql.begin(async (tx) => {
          await tx`insert into ${table.name} values (1)`;
          start(tx).execute();
        })
      );
      assertEquals(await table.values(), []);
    }
  },
);

testBoth("Sql.begin() lets nothing run behind its ROLLBACK", async (open) => {
  for (const insert of Object.values(INSERTS)) {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    for (let round = 0; round < 2; round++) {
      const started: Promise<unknown>[] = [];
      const outcome = await sql.begin((tx) => {
        started.push(...[1, 2, 3].map((n) => insert(tx, table, n).then()));
        for (const one of started) one.catch(() => {});
        throw new Error("on purpose");
      }).catch((error) => error.message);
      assertEquals(outcome, "on purpose");
      await Promise.allSettled(started);
      assertEquals([...await sql`select n from ${table.name}`], []);
    }
  }
});

testBoth("TransactionSql.rollback() undoes what was started and not awaited", async (open) => {
  for (const insert of Object.values(INSERTS)) {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    const tx = await sql.transaction();
    const started = [1, 2].map((n) => insert(tx, table, n).execute());
    await tx.rollback();
    await Promise.allSettled(started);
    assertEquals([...await sql`select n from ${table.name}`], []);
  }
});

testBoth("TransactionSql.commit() keeps what was started and not awaited", async (open) => {
  for (const insert of Object.values(INSERTS)) {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    const tx = await sql.transaction();
    const started = [1, 2].map((n) => insert(tx, table, n).execute());
    await tx.commit();
    await Promise.all(started);
    assertEquals(await table.values(), [1, 2]);
  }
});

testBoth("Sql.begin() commits a pipeline that was started in it and not awaited", async (open) => {
  await using table = await createTable(open, COLUMNS);
  const sql = open({ max: 1 });
  for (const sync of ["one", "each"] as const) {
    await sql.begin((tx) => {
      const { "a number": insert, "an array": insertArray } = INSERTS;
      tx.pipeline([insert(tx, table, 1), insertArray(tx, table, 2)], { sync });
    });
  }
  assertEquals(await table.values(), [1, 1, 2, 2]);
});

testBoth(
  "Sql.begin() keeps no query waiting for ever when it ends before that is sent",
  async (open) => {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    const queries: Query<unknown>[] = [];
    await sql.begin((tx) => {
      for (const insert of Object.values(INSERTS)) {
        for (const n of [1, 2, 3]) queries.push(insert(tx, table, n).execute());
      }
    });
    await Promise.all(queries);
    assertEquals((await table.values()).length, queries.length);
  },
);

testBoth("Sql.begin() runs queries in the order in which they were started", async (open) => {
  await using table = await createTable(open, "n serial, tags text[], data jsonb, said text");
  const sql = open({ max: 1 });
  const values = [null, "a", "{b}", 1, 2n, true, ["x"], "plain"];
  await sql.begin((tx) => [
    tx`insert into ${table.name} (said) values ('none')`,
    ...values.map((value) =>
      Array.isArray(value)
        ? tx`insert into ${table.name} (tags, said) values (${value}, 'array')`
        : tx`insert into ${table.name} (said) values (${`${value}`})`
    ),
    tx`insert into ${table.name} (data, said) values (${{ a: 1 }}, 'object')`,
    tx`insert into ${table.name} (said) values ('last')`,
  ]);
  const said = await table.observer`select said from ${table.name} order by n`.values();
  assertEquals(said.flat(), [
    "none",
    "null",
    "a",
    "{b}",
    "1",
    "2",
    "true",
    "array",
    "plain",
    "object",
    "last",
  ]);
});

testBoth("TransactionSql.savepoint() has what was started in it and not awaited", async (open) => {
  for (const insert of Object.values(INSERTS)) {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      await tx.savepoint((inner) => void insert(inner, table, 1).execute());
      await tx.savepoint((inner) => {
        insert(inner, table, 2).execute();
        throw new Error("on purpose");
      }).catch(() => {});
      await tx`insert into ${table.name} values (3)`;
    });
    assertEquals(await table.values(), [1, 3]);
  }
});

testBoth(
  "TransactionSql.savepoint() fails with what was started in it and not awaited",
  async (open) => {
    await using table = await createTable(open, COLUMNS);
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      const failure = await assertRejects(
        () => tx.savepoint((inner) => void inner`select 1 / cardinality(${[]}::int4[])`.execute()),
        DatabaseError,
      );
      assertInstanceOf(failure.cause ?? failure, DatabaseError);
      await tx`insert into ${table.name} values (2)`;
    });
    assertEquals(await table.values(), [1, 2]);
  },
);

testBoth("Sql.begin() does not wait for a COPY FROM that nobody goes on with", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const begun = sql.begin(async (tx) => {
    const writer = tx`copy ${table.name} from stdin`.writable().getWriter();
    writer.closed.catch(() => {});
    await writer.write(new TextEncoder().encode("1\n"));
  });
  await assertRejects(() => begun, TypeError, "Cannot commit");
  assertEquals([...await sql`select n from ${table.name}`], []);
});

testBoth("Sql.begin() does not wait for a COPY TO that nobody goes on with", async (open) => {
  const sql = open({ max: 1 });
  const pid = await pidOf(sql);
  const begun = sql.begin(async (tx) => {
    const numbers = tx`copy (select generate_series(1, 1000000)) to stdout`;
    await numbers.readable().getReader().read();
  });
  await assertRejects(() => begun, TypeError, "Cannot commit");
  assertEquals(await pidOf(sql), pid);
});
