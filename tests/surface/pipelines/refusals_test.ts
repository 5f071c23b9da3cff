/** What cannot stand in a pipeline, and what becomes of the queries beside it. */

import { DatabaseError } from "../../../mod.ts";
import type { PipelineOptions, Query, Sql } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import type { OpenClient } from "../../both_protocols.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import { createTable } from "../transactions/test_table.ts";
import type { TestTable } from "../transactions/test_table.ts";

const ENDS = [{ sync: "each" }, { sync: "one" }] as const;

interface Unfit {
  readonly query: Query<unknown>;
}

interface Case {
  readonly sql: Sql;
  readonly table: TestTable;
  readonly open: OpenClient;
}

/** Queries that are refused, in an object: a promise of a query would run it. */
const UNFIT: Readonly<Record<string, (given: Case) => Unfit | Promise<Unfit>>> = {
  "COPY FROM STDIN": ({ sql, table }) => ({ query: sql`copy ${table.name} from stdin` }),
  "COPY FROM STDIN in capitals": ({ sql, table }) => ({
    query: sql.unsafe(`COPY "${table.relname}"\nFROM\tSTDIN WITH (FORMAT csv)`),
  }),
  "COPY TO STDOUT": ({ sql, table }) => ({ query: sql`copy ${table.name} to stdout` }),
  "COPY of a query TO STDOUT": ({ sql }) => ({ query: sql`copy (select 1) to stdout` }),
  "a simple query": ({ sql }) => ({ query: sql`select 1`.simple() }),
  "several statements": ({ sql }) => ({ query: sql.unsafe("select 1; select 2") }),
  "a query of another client": ({ open }) => ({ query: open({ max: 1 })`select 1` }),
  "a query of a transaction that has ended": async ({ sql }) => {
    const made: Query<unknown>[] = [];
    await sql.begin((tx) => void made.push(tx`select 1`));
    return { query: made[0] };
  },
  "a query that ran already": async ({ sql }) => {
    const query = sql`select 1`;
    await query;
    return { query };
  },
  "a query that runs already": ({ sql }) => ({ query: sql`select 1`.execute() }),
  "a query that is a stream already": ({ sql }) => {
    const query = sql`select 1`;
    query.stream();
    return { query };
  },
  "a query of a file": ({ sql }) => ({ query: sql.file("/nowhere/at/all.sql") }),
  "no query but a promise": () => ({ query: Promise.resolve(1) as unknown as Query<unknown> }),
  "no query but a text": () => ({ query: "select 1" as unknown as Query<unknown> }),
  "nothing": () => ({ query: undefined as unknown as Query<unknown> }),
};

testBoth(
  "SqlTag.pipeline() refuses what cannot be in one, and leaves no query waiting",
  async (open) => {
    for (const [name, unfit] of Object.entries(UNFIT)) {
      for (const options of ENDS) {
        await using table = await createTable(open);
        const sql = open({ max: 1 });
        const { query: bad } = await unfit({ sql, table, open });
        const before = sql`select 1 as a`;
        const after = sql`insert into ${table.name} values (1)`;
        const outcome = await sql.pipeline([before, bad, after], options).then(
          () => "resolved",
          (error) => error,
        );
        const isRefused = outcome instanceof TypeError || outcome instanceof DatabaseError;
        assert(isRefused, `${name}: ${outcome}`);
        await Promise.allSettled([before, after]); // Run, refused, or to be run still: never waiting.
        assertEquals([...await sql`select 2 as a`], [{ a: 2 }], name);
      }
    }
  },
);

testBoth("SqlTag.pipeline() with one end keeps nothing beside what it refuses", async (open) => {
  for (const [name, unfit] of Object.entries(UNFIT)) {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const insert = sql`insert into ${table.name} values (1)`;
    const { query: bad } = await unfit({ sql, table, open });
    await assertRejects(() => sql.pipeline([insert, bad], { sync: "one" }), Error);
    assertEquals(await table.values(), [], name);
  }
});

testBoth("SqlTag.pipeline() refuses a query that stands in it twice", async (open) => {
  const sql = open({ max: 1 });
  for (const options of ENDS) {
    const query = sql`select 1 as a`;
    const other = sql`select 2 as a`;
    await assertRejects(() => sql.pipeline([other, query, query], options), TypeError, "twice");
    await Promise.allSettled([query, other]);
  }
});

testBoth(
  "SqlTag.pipeline() refuses an end that there is not, and leaves its queries",
  async (open) => {
    const sql = open({ max: 1 });
    const query = sql`select 1 as a`;
    for (const sync of ["none", "", null, 1]) {
      const options = { sync } as unknown as PipelineOptions;
      await assertRejects(() => sql.pipeline([query], options), TypeError, "sync");
    }
    assertEquals([...await query], [{ a: 1 }]);
  },
);

testBoth("TransactionSql.pipeline() refuses the queries of others, and they its", async (open) => {
  const sql = open({ max: 2 });
  await sql.begin(async (tx) => {
    await assertRejects(() => tx.pipeline([sql`select 1`]), TypeError, "another connection");
    await assertRejects(() => sql.pipeline([tx`select 1`]), TypeError, "another connection");
    await tx.savepoint(async (inner) => {
      assertEquals((await inner.pipeline([inner<{ a: number }>`select 1 as a`]))[0][0].a, 1);
    });
    assertEquals((await tx.pipeline([tx<{ a: number }>`select 1 as a`]))[0][0].a, 1);
  });
});

testBoth("SqlTag.pipeline() takes a query that only speaks of COPY", async (open) => {
  const sql = open({ max: 1 });
  for (const options of ENDS) {
    const [[said], [named]] = await sql.pipeline([
      sql<{ v: string }>`select 'copy from stdin' as v`,
      sql<{ v: string }>`select ${"a"}::text as v -- copy t from stdin`,
    ], options);
    assertEquals([said.v, named.v], ["copy from stdin", "a"]);
  }
});

testBoth(
  "ReservedSql.pipeline() runs on its connection, and fails when that was released",
  async (open) => {
    const sql = open({ max: 1 });
    const reserved = await sql.reserve();
    for (const options of ENDS) {
      const [[one], [two]] = await reserved.pipeline([
        reserved<{ pid: number }>`select pg_backend_pid() as pid`,
        reserved<{ pid: number }>`select pg_backend_pid() as pid, ${"x"}::text`,
      ], options);
      assertEquals(one.pid, two.pid);
      await assertRejects(
        () => reserved.pipeline([reserved`select 1`, reserved`select nosuch`], options),
        DatabaseError,
      );
    }
    const query = reserved`select 1`;
    await reserved.release();
    await assertRejects(() => reserved.pipeline([query]), TypeError, "was released");
    await assertRejects(() => query.then(), TypeError, "was released");
  },
);
