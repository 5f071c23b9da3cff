/** Pipelines whose queries end one by one. */

import { DatabaseError } from "../../../mod.ts";
import type { Query, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertInstanceOf, assertStrictEquals } from "../../std_assert.ts";
import { createTable } from "../transactions/test_table.ts";

/** Queries that fail, each in another place on its way. */
const FAILING: Readonly<Record<string, readonly [(sql: SqlTag) => Query<unknown>, RegExp]>> = {
  "when it is read": [(sql) => sql`selec 1`, /syntax error/],
  "when it is read, with a value": [(sql) => sql`selec ${1}`, /syntax error/],
  "when it is read, before it is run": [(sql) => sql`selec ${["a"]}`, /syntax error/],
  "when it is understood": [(sql) => sql`select nosuch`, /nosuch/],
  "when it is described": [(sql) => sql`select nosuch, ${["a"]}::text[]`, /nosuch/],
  "when it is bound": [(sql) => sql`select ${"x"}::int4`, /int4|integer/],
  "when it is run": [(sql) => sql`select 1 / 0`, /division by zero/],
  "when it is run, with a value": [(sql) => sql`select 1 / ${0}::int4`, /division by zero/],
  "when its value is written": [(sql) => sql`select ${{ a: 1 }}::int4`, /int4/],
  "when its value is taken": [(sql) => sql`select ${undefined}`, /\$1/],
  "when its text is written": [(sql) => sql`insert into t ${sql([])}`, /./],
};

testBoth("SqlTag.pipeline() runs what stands behind a query that fails", async (open) => {
  for (const [name, [fail, message]] of Object.entries(FAILING)) {
    await using table = await createTable(open);
    const sql = open({ max: 1 });
    const insert = (n: number) => sql`insert into ${table.name} values (${n})`;
    for (const round of [1, 2]) {
      const queries = [insert(1), fail(sql), insert(2), sql`select ${[1, 2]}::int4[] as a`];
      const reason = await sql.pipeline(queries).then(() => undefined, (error) => error);
      assertInstanceOf(reason, Error, name);
      assertEquals(message.test(reason.message), true, `${name}: ${reason.message}`);
      const outcomes = await Promise.allSettled(queries);
      assertEquals(
        outcomes.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled", "fulfilled"],
        name,
      );
      assertStrictEquals((outcomes[1] as PromiseRejectedResult).reason, reason);
      assertEquals((await table.values()).length, 2 * round);
    }
  }
});

testBoth(
  "SqlTag.pipeline() rejects with the first of several failures, and tells each",
  async (open) => {
    const sql = open({ max: 1 });
    const queries = [
      sql`select 1 as a`,
      sql`select nosuch`,
      sql`select 2 as a`,
      sql`select 1 / 0`,
      sql`select 3 as a`,
    ];
    const reason = await sql.pipeline(queries).then(() => undefined, (error) => error);
    assertInstanceOf(reason, DatabaseError);
    const outcomes = (await Promise.allSettled(queries)).map((one) =>
      one.status === "fulfilled" ? one.value[0].a : (one.reason as DatabaseError).message
    );
    assertEquals(outcomes, [1, reason.message, 2, "division by zero", 3]);
    assertEquals([reason.query, reason.position], ["select nosuch", 8]);
  },
);

testBoth(
  "SqlTag.pipeline() keeps what a query did before another failed at its end",
  async (open) => {
    await using table = await createTable(open, "n int4 primary key deferrable initially deferred");
    const sql = open({ max: 1 });
    const insert = (n: number) => sql`insert into ${table.name} values (${n})`;
    const queries = [insert(1), insert(1), insert(2)];
    await sql.pipeline(queries).catch(() => {});
    const outcomes = await Promise.allSettled(queries);
    assertEquals(outcomes.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
    assertEquals(await table.values(), [1, 2]);
  },
);
