/** How one query is run: `with()`. */

import type { QueryOptions, RejectionReason } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertThrows } from "../../std_assert.ts";
import { count, testWire } from "./wire.ts";

testBoth(
  "Query.with() refuses an option that does not exist, and says which was meant",
  async (open) => {
    const sql = open({ max: 1 });
    const refusal = (options: object) =>
      assertThrows(() => sql`select 1`.with(options as QueryOptions), TypeError).message;
    assertEquals(
      refusal({ timeout: 5 }),
      'Cannot run a query: there is no option "timeout", did you mean "timeoutMs" (milliseconds)',
    );
    assertEquals(
      refusal({ query_timeout: 5 }),
      'Cannot run a query: there is no option "query_timeout", ' +
        'did you mean "timeoutMs" (milliseconds)',
    );
    assertEquals(
      refusal({ signall: undefined }),
      'Cannot run a query: there is no option "signall", did you mean "signal"',
    );
    assertEquals(
      refusal({ rowMode: "array" }),
      'Cannot run a query: there is no option "rowMode", ' +
        "expected signal, timeoutMs, prepare, tag",
    );
    assertEquals(await sql`select 1 as one`.one(), { one: 1 });
  },
);

testBoth("Query.with() refuses a value that does not fit, and takes undefined", async (open) => {
  const sql = open({ max: 1 });
  const wrong: object[] = [
    { signal: new AbortController() },
    { timeoutMs: -1 },
    { timeoutMs: 1.5 },
    { timeoutMs: "5s" },
    { timeoutMs: 2 ** 31 },
    { prepare: 0 },
    { tag: 7 },
  ];
  for (const options of wrong) {
    const { message } = assertThrows(
      () => sql`select 1`.with(options as QueryOptions),
      TypeError,
      "does not fit",
    );
    assert(message.includes(`"${Object.keys(options)[0]}"`), message);
  }
  const nothing = { signal: undefined, timeoutMs: undefined, prepare: undefined, tag: undefined };
  assertEquals(await sql`select 1 as one`.with(nothing).one(), { one: 1 });
});

testBoth("Query.with({ tag }) names the query in pg_stat_activity and in errors", async (open) => {
  const sql = open({ max: 1 });
  const own = () => sql`select query from pg_stat_activity where pid = pg_backend_pid()`;
  const { query } = await own().with({ tag: "dashboard" }).one();
  assert((query as string).startsWith("/* dashboard */ select query"), query as string);
  for (const rows of [sql`select 1 + nosuch`, sql.unsafe("select $1 + nosuch", [1])]) {
    const error: RejectionReason = await rows.with({ tag: "of jobs */ drop" }).catch((error) =>
      error
    );
    assert(error.query.startsWith("/* of jobs   drop */ select"), error.query);
    assertEquals(error.query.slice(error.position - 1), "nosuch");
  }
});

testBoth("Query.with({ tag }) keeps parameters, streams and files in order", async (open) => {
  const sql = open({ max: 1 });
  const tag = "$1 'quoted \"";
  const query = () => sql`select ${5}::int4 as n, ${"a"} as t`.with({ tag });
  assertEquals(await query().one(), { n: 5, t: "a" });
  assertEquals(await query().one(), { n: 5, t: "a" });
  for await (const row of query()) assertEquals(row, { n: 5, t: "a" });
});

testBoth("Query.with() changes what is said and keeps the rest", async (open) => {
  const sql = open({ max: 1 });
  const query = sql<{ n: number }>`select 1 as n`.values().with({ tag: "a" }).with({
    timeoutMs: 0,
  });
  assertEquals(await query.one(), [1]);
  const { query: text } = await sql`select nosuch`.with({ tag: "a" }).with({ prepare: false })
    .catch((error) => error);
  assertEquals(text, "/* a */ select nosuch");
});

testWire("Query.with({ prepare }) says it for this query alone", async (open) => {
  for (const prepare of [true, false]) {
    const { sql, during } = open({ prepare: !prepare });
    const ask = () => sql`select ${1}::int4 as n`;
    await ask().with({ prepare });
    const lines = await during(() => ask().with({ prepare }));
    assertEquals(count(lines, "Parse"), prepare ? 0 : 1);
    await ask();
    assertEquals(count(await during(ask), "Parse"), prepare ? 1 : 0);
  }
});
