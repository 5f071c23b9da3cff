/** Pipelines that end as one: all is kept, or nothing. */

import { DatabaseError } from "../../../mod.ts";
import type { Query, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "../../std_assert.ts";
import { codeOn, createTable } from "../transactions/test_table.ts";

const ONE = { sync: "one" } as const;

/** What each of the queries was rejected with; undefined: nothing. */
function failuresOf(queries: readonly Query<unknown>[]): Promise<unknown[]> {
  return Promise.all(queries.map((query) => query.then(() => undefined, (error) => error)));
}

/** What came first. */
function originOf(failure: unknown): DatabaseError {
  assertInstanceOf(failure, DatabaseError);
  return failure.cause === undefined ? failure : originOf(failure.cause);
}

/** All failed, one by its own fault and the others because of it. */
async function assertBroughtDown(
  queries: readonly Query<unknown>[],
  { culprit, reason }: { readonly culprit: number; readonly reason: unknown },
): Promise<void> {
  const failures = await failuresOf(queries);
  assertStrictEquals(failures[culprit], reason);
  for (const [i, failure] of failures.entries()) {
    if (i === culprit) continue;
    assertInstanceOf(failure, DatabaseError);
    assertStrictEquals(failure.cause, reason);
    assertEquals(failure.condition, "in_failed_sql_transaction");
    assert(failure.message.includes(`query ${culprit + 1} of the pipeline`), failure.message);
  }
}

testBoth(
  "SqlTag.pipeline() with one end keeps nothing when a query fails",
  async (open, protocol) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    for (const culprit of [0, 1, 3]) {
      for (let round = 0; round < 2; round++) {
        const queries: Query<unknown>[] = [1, 2, 3].map((n) =>
          sql`insert into ${table.name} values (${n})`
        );
        queries.splice(culprit, 0, sql`select 1 / ${0}::int4`);
        const reason = await assertRejects(() => sql.pipeline(queries, ONE), DatabaseError);
        assertEquals([reason.message, reason.code], [
          "division by zero",
          codeOn(protocol, "22012"),
        ]);
        await assertBroughtDown(queries, { culprit, reason });
        assertEquals(await table.values(), []);
      }
    }
    await sql.pipeline([sql`insert into ${table.name} values (${4})`], ONE);
    assertEquals(await table.values(), [4]);
  },
);

testBoth(
  "SqlTag.pipeline() with one end runs nothing behind what failed, and all once",
  async (open) => {
    const sequence = `s_${crypto.randomUUID()}`;
    for (const prepare of [true, false]) {
      const sql = open({ max: 1, prepare });
      const name = sql(sequence);
      const count = () => sql`select nextval(${`"${sequence}"`})`;
      const fail = () => sql`select 1 / ${0}::int4, ${prepare}::bool`;
      await sql`create sequence ${name}`;
      try {
        for (let round = 1; round <= 3; round++) {
          await assertRejects(
            () => sql.pipeline([count(), fail(), count(), count()], ONE),
            DatabaseError,
            "division by zero",
          );
          // A sequence is not set back: it tells how often it was asked.
          assertEquals([...await sql`select last_value::int4 as n from ${name}`], [{ n: round }]);
        }
      } finally {
        await sql`drop sequence ${name}`;
      }
    }
  },
);

testBoth(
  "SqlTag.pipeline() with one end fails as a whole when its end does",
  async (open, protocol) => {
    await using table = await createTable(open, "n int4 primary key deferrable initially deferred");
    const sql = open({ max: 1 });
    for (let round = 0; round < 2; round++) {
      const queries = [
        sql`insert into ${table.name} values (${1})`,
        sql`insert into ${table.name} values (${1})`,
        sql`select n from ${table.name}`,
      ];
      const told = await assertRejects(() => sql.pipeline(queries, ONE), DatabaseError);
      const failures = await failuresOf(queries);
      for (const failure of [told, ...failures]) {
        const origin = originOf(failure);
        assert(origin.message.startsWith("duplicate key value"), origin.message);
        assertEquals(origin.code, codeOn(protocol, "23505"));
      }
      // On 2.0 the end of all comes before that of the last.
      const blamed = protocol.protocolVersion === "2.0" ? "query 3 of" : "the end of";
      const { message } = failures[0] as Error;
      assert(message.includes(`${blamed} the pipeline failed`), message);
      assertEquals(await table.values(), []);
    }
  },
);

testBoth(
  "SqlTag.pipeline() with one end knows a text that the server cannot read",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    for (const culprit of [0, 1, 2]) {
      const queries: Query<unknown>[] = [1, 2].map((n) =>
        sql`insert into ${table.name} values (${sql.unsafe(`${n}`)})`
      );
      queries.splice(culprit, 0, sql`selec 'é😀', 3`);
      const reason = await assertRejects(() => sql.pipeline(queries, ONE), DatabaseError);
      assert(reason.message.startsWith('syntax error at or near "selec"'), reason.message);
      await assertBroughtDown(queries, { culprit, reason });
      assertEquals([reason.query, reason.position], ["selec 'é😀', 3", 1]);
    }
    assertEquals(await table.values(), []);
  },
);

testBoth(
  "SqlTag.pipeline() with one end points into the text of the query that failed",
  async (open) => {
    const sql = open({ max: 1 });
    for (let round = 0; round < 2; round++) {
      const queries = [sql`select 'é😀' as long_before`, sql`select nosuch from pg_class`];
      const reason = await assertRejects(() => sql.pipeline(queries, ONE), DatabaseError);
      assertEquals([reason.query, reason.position], ["select nosuch from pg_class", 8]);
      assertEquals(reason.excerpt, "select nosuch from pg_class\n       ^");
    }
  },
);

testBoth(
  "SqlTag.pipeline() with one end blames no other query for what a function of one did",
  async (open) => {
    const sql = open({ max: 1 });
    // Where it failed is told as a place in the text of the function.
    await sql`create function pg_temp.fails() returns int4 language plpgsql as
    $$ begin perform nosuch; return 1; end $$`;
    const queries = [sql`select 'something long'`, sql`select 2`, sql`select pg_temp.fails()`];
    const reason = await assertRejects(() => sql.pipeline(queries, ONE), DatabaseError, "nosuch");
    await assertBroughtDown(queries, { culprit: 2, reason });
  },
);

testBoth("SqlTag.pipeline() with one end keeps texts apart, whatever they end in", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  const texts = [
    "select 1 as a -- a comment",
    "select 2 as a;",
    "select 3 as a; -- behind",
    "select 4 as a /* and; */",
    "select ';' as a",
    "select $$;--$$ as a ; ;",
    "delete from {} -- all?",
    "select 6 as a",
  ];
  await table.observer`insert into ${table.name} values (1), (2)`;
  const results = await sql.pipeline(
    texts.map((text) =>
      sql<{ a: unknown }>`${sql.unsafe(text.replace("{}", `"${table.relname}"`))}`
    ),
    ONE,
  );
  assertEquals(results.map((rows) => rows[0]?.a), [1, 2, 3, 4, ";", ";--", undefined, 6]);
  assertEquals(results[6].count, 2);
});

/** Queries that fail before the server has heard of them. */
const UNFIT: Readonly<Record<string, (sql: SqlTag) => Query<unknown>>> = {
  "a value without a form": (sql) => sql`select ${undefined}`,
  "a value of another kind": (sql) => sql`select ${{ not: "a number" }}::int4`,
  "a list without rows": (sql) => sql`insert into nowhere ${sql([])}`,
  "an object in the wrong place": (sql) => sql`select 1 limit ${sql([{ a: 1 }])}`,
};

testBoth("SqlTag.pipeline() with one end keeps nothing when a query is none", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const [name, unfit] of Object.entries(UNFIT)) {
    for (const culprit of [0, 1]) {
      const queries: Query<unknown>[] = [sql`insert into ${table.name} values (1)`];
      queries.splice(culprit, 0, unfit(sql));
      await assertRejects(() => sql.pipeline(queries, ONE), TypeError);
      assertEquals(await table.values(), [], name);
      assertEquals((await failuresOf(queries)).includes(undefined), false);
    }
  }
  await sql.pipeline([sql`insert into ${table.name} values (1)`], ONE);
  assertEquals(await table.values(), [1]);
});

testBoth(
  "SqlTag.pipeline() with one end keeps nothing when one of its queries was aborted before",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const reason = new Error("on purpose");
    const insert = () => sql`insert into ${table.name} values (1)`;
    const aborted = insert().with({ signal: AbortSignal.abort(reason) });
    const outcome = await sql.pipeline([insert(), aborted, insert()], ONE).catch((error) => error);
    assertStrictEquals(outcome, reason);
    assertEquals(await table.values(), []);
  },
);

testBoth("TransactionSql.pipeline() is a part of its transaction", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const sync of ["one", "each"] as const) {
    await table.observer`truncate ${table.name}`;
    const insert = (by: SqlTag, ...numbers: number[]) =>
      by.pipeline(numbers.map((n) => by`insert into ${table.name} values (${n})`), { sync });
    await sql.begin(async (tx) => {
      await insert(tx, 1, 2);
      assertEquals(await table.values(), []);
      await tx.savepoint(async (inner) => {
        await insert(inner, 3);
        await inner.pipeline([inner`select 1 / 0`, inner`select 1`], { sync });
      }).catch((error) => assertEquals(error.message, "division by zero"));
      await insert(tx, 4);
    });
    assertEquals(await table.values(), [1, 2, 4]);
    await sql.begin(async (tx) => {
      await insert(tx, 5);
      throw new Error("on purpose");
    }).catch(() => {});
    assertEquals(await table.values(), [1, 2, 4]);
  }
});

testBoth("TransactionSql.pipeline() that fails fails its transaction", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  for (const sync of ["one", "each"] as const) {
    const failure = await assertRejects(
      () =>
        sql.begin(async (tx) => {
          const insert = (n: number) => tx`insert into ${table.name} values (${n})`;
          await insert(1);
          await tx.pipeline([insert(2), tx`select 1 / 0`, insert(3)], { sync }).catch(() => {});
        }),
      DatabaseError,
      "Cannot commit",
    );
    assertEquals(originOf(failure).message, "division by zero");
    assertEquals(await table.values(), []);
  }
});
