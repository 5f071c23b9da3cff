/** What a pipeline puts on the wire. */

import type { Query, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals } from "../../std_assert.ts";
import { createTable } from "../transactions/test_table.ts";
import { mostInFlight, sent, testWire } from "../queries/wire.ts";
import { openRecorded } from "./recorded.ts";

const QUERIES = 5;

function select(sql: SqlTag): Query<unknown>[] {
  return Array.from({ length: QUERIES }, (_, n) => sql`select ${`${n}`}::text as t`);
}

testBoth(
  "SqlTag.pipeline() is one write, with an end for each query or one for all",
  async (open, { protocolVersion }) => {
    const old = protocolVersion === "2.0";
    for (const sync of ["each", "one"] as const) {
      const { sql, during } = openRecorded(open);
      await sql.connect();
      await sql.pipeline(select(sql), { sync }); // On 2.0 the types are asked for once.
      for (let round = 0; round < 3; round++) {
        const { writes, count } = await during(() => sql.pipeline(select(sql), { sync }));
        assertEquals(writes, 1);
        assertEquals(count(old ? "Query" : "Sync"), sync === "one" ? 1 : QUERIES);
        assertEquals(count("ReadyForQuery"), sync === "one" ? 1 : QUERIES);
        if (!old) assertEquals([count("Bind"), count("Parse")], [QUERIES, 0]);
      }
    }
  },
);

testBoth(
  "SqlTag.pipeline() is one write the first time as well, of values that need no type",
  async (open, { protocolVersion }) => {
    for (const sync of ["each", "one"] as const) {
      const { sql, during } = openRecorded(open);
      await sql.connect();
      const queries = protocolVersion === "2.0"
        ? [sql`select 1`, sql`select 'a'`]
        : [sql`select 1`, sql`select ${1}::int4`, sql`select ${"a"}::text, ${null}::bool`];
      const { writes, count } = await during(() => sql.pipeline(queries, { sync }));
      assertEquals(writes, 1);
      assertEquals(count("ReadyForQuery"), sync === "one" ? 1 : queries.length);
    }
  },
);

testWire("SqlTag.pipeline() asks for all types that it needs at once", async (open) => {
  const { sql, during } = open();
  await sql.connect();
  const queries = [1, 2, 3].map((n) => sql`select ${[n]}::int4[], ${sql.unsafe(`'${n}'`)}`);
  const lines = await during(() => sql.pipeline(queries, { sync: "one" }));
  assertEquals(mostInFlight(lines), 3);
  assertEquals(sent(lines), [
    ...queries.flatMap(() => ["Parse", "Describe", "Sync"]),
    ...queries.flatMap(() => ["Bind", "Execute"]),
    "Sync",
  ]);
});

testWire("SqlTag.pipeline() without prepared statements is one unit, too", async (open) => {
  const { sql, during } = open({ prepare: false });
  await sql.pipeline(select(sql)); // The types are asked for once.
  for (let round = 0; round < 3; round++) {
    const lines = await during(() => sql.pipeline(select(sql), { sync: "one" }));
    const unit = ["Parse", "Describe", "Bind", "Execute"];
    assertEquals(sent(lines), [...select(sql).flatMap(() => unit), "Sync"]);
  }
});

testBoth("TransactionSql.pipeline() is one write", async (open, { protocolVersion }) => {
  await using table = await createTable(open);
  const { sql, during } = openRecorded(open);
  await sql.begin(async (tx) => {
    const insert = () => [1, 2].map((n) => tx`insert into ${table.name} values (${n})`);
    for (const sync of ["each", "one"] as const) {
      await tx.pipeline(insert(), { sync });
      const { writes, count } = await during(() => tx.pipeline(insert(), { sync }));
      assertEquals(writes, 1);
      assertEquals(count(protocolVersion === "2.0" ? "Query" : "Sync"), sync === "one" ? 1 : 2);
    }
  });
  assertEquals(await table.values(), [1, 1, 1, 1, 2, 2, 2, 2]);
});
