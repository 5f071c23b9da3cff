/** What option `pooler` makes of queries, before a server that is none: by what is sent. */

import type { PoolerName, Sql } from "../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import { mostInFlight, sent, testWire } from "./wire.ts";
import type { OpenTraced } from "./wire.ts";

const titles: Readonly<Record<PoolerName, string>> = {
  "pgbouncer-transaction": "pgbouncer",
  supavisor: "Supavisor",
  hyperdrive: "Hyperdrive",
};

for (const [pooler, title] of Object.entries(titles) as [PoolerName, string][]) {
  testWire(`pooler "${pooler}" starts with protocol 3.0, and prepares nothing`, async (open) => {
    const { sql, during } = open({ pooler });
    const lines = await during(async () => {
      for (const half of [0.5, 1.5, 2.5]) {
        assertEquals(await sql`select ${half}::float8 as half`.one(), { half });
      }
    });
    const [startup] = lines.filter((line) => line.startsWith("F\tStartupMessage"));
    assert(startup.startsWith("F\tStartupMessage\t3.0 "), startup);
    assert(!lines.some((line) => line.includes("rill_")), lines.join("\n"));
    const names = sent(lines).slice(1).join();
    assertEquals(
      names.replaceAll("Parse,Describe,Bind,Execute,Sync", "unit"),
      "Parse,Describe,Sync,unit,unit,unit",
    );
  });

  testWire(`pooler "${pooler}" refuses what belongs to a session, and says why`, async (open) => {
    const { sql, during } = open({ pooler });
    await sql.connect();
    const why = `: ${title} gives each transaction another server connection, expected `;
    const refused: Readonly<Record<string, string>> = {
      "listen jobs": `Cannot run LISTEN${why}a direct connection`,
      "set statement_timeout to 5":
        `Cannot run SET${why}SET LOCAL in a transaction, or a direct connection`,
      "select pg_advisory_lock(1)":
        `Cannot run pg_advisory_lock()${why}pg_advisory_xact_lock(), or a direct connection`,
    };
    const lines = await during(async () => {
      for (const [text, message] of Object.entries(refused)) {
        const ways: (() => PromiseLike<unknown>)[] = [
          () => sql.unsafe(text),
          () => sql.unsafe(text).simple(),
          () => sql.unsafe(text).batches().next(),
          () => sql.unsafe(text).describe(),
          () => sql.query(text),
          () => sql.pipeline([sql.unsafe(text)]),
        ];
        for (const way of ways) {
          assertEquals((await assertRejects(async () => await way(), TypeError)).message, message);
        }
      }
      const { message } = await assertRejects(() => sql.reserve(), TypeError);
      assertEquals(message, `Cannot reserve a connection${why}sql.begin(), or a direct connection`);
    });
    assertEquals(lines, []);
  });

  testWire(`pooler "${pooler}" refuses it in a transaction, which goes on`, async (open) => {
    const { sql } = open({ pooler });
    await sql.begin(async (tx) => {
      await assertRejects(() => tx`listen jobs`.then(), TypeError, "Cannot run LISTEN");
      const setting = tx`set statement_timeout to 50000`.then(() => "done", ({ name }) => name);
      assertEquals(await setting, pooler === "hyperdrive" ? "done" : "TypeError");
      await tx`set local statement_timeout to 60000`;
      const { timeout } = await tx`select current_setting('statement_timeout') as timeout`.one();
      assertEquals(timeout, "1min");
    });
  });
}

testWire("without a pooler many queries are on their way", async (open) => {
  const { sql, during } = open();
  await sql.connect();
  const texts = [1, 2, 3].map((n) => `select ${n}`);
  const lines = await during(() => Promise.all(texts.map((text) => sql.unsafe(text).one())));
  assertEquals(mostInFlight(lines), 3);
});

for (const pooler of ["supavisor", "hyperdrive"] as const) {
  const most = async (open: OpenTraced, run: (sql: Sql) => PromiseLike<unknown>) => {
    const { sql, during } = open({ pooler });
    await sql.connect();
    return mostInFlight(await during(() => run(sql)));
  };

  testWire(`pooler "${pooler}" has one query on its way: of many at once`, async (open) => {
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const found = await most(open, async (sql) => {
      const rows = await Promise.all(numbers.map((n) => sql`select ${n / 2}::float8 as n`.one()));
      assertEquals(rows, numbers.map((n) => ({ n: n / 2 })));
    });
    assertEquals(found, 1);
  });

  testWire(`pooler "${pooler}" has one query on its way: in a transaction`, async (open) => {
    const found = await most(open, (sql) =>
      sql.begin(async (tx) => {
        const rows = await Promise.all([1, 2.5, 3].map((n) => tx`select ${n}::float8 as n`.one()));
        assertEquals(rows, [{ n: 1 }, { n: 2.5 }, { n: 3 }]);
        await tx.savepoint((deeper) =>
          Promise.all([deeper`select 1`.then(), deeper`select 2`.then()])
        );
        return [tx`select 1`, tx`select 2`];
      }));
    assertEquals(found, 1);
  });

  testWire(`pooler "${pooler}" has one query on its way: in a pipeline`, async (open) => {
    const found = await most(open, async (sql) => {
      const [[a], [b]] = await sql.pipeline([sql`select 1 as n`, sql`select ${2.5}::float8 as n`]);
      assertEquals([a, b], [{ n: 1 }, { n: 2.5 }]);
    });
    assertEquals(found, 1);
  });

  testWire(
    `pooler "${pooler}" has one query on its way: beside a stream in a transaction`,
    async (open) => {
      const found = await most(open, (sql) =>
        sql.begin(async (tx) => {
          let count = 0;
          for await (const { g } of tx`select g from generate_series(1, 500) g`) {
            if (++count % 50 === 0) {
              assertEquals(await tx`select ${g as number}::int4 as g`.one(), { g });
            }
          }
          assertEquals(count, 500);
        }));
      assertEquals(found, 1);
    },
  );

  testWire(`pooler "${pooler}" cancels a query, and runs the next`, async (open) => {
    const { sql } = open({ pooler });
    await sql.connect();
    const late = sql`select pg_sleep(3600)`.with({ timeoutMs: 20 });
    const next = sql`select 1 as one`.one();
    assertEquals(await late.catch(({ name }) => name), "TimeoutError");
    assertEquals(await next, { one: 1 });
  });
}
