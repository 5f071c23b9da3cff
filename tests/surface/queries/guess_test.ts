/**
 * A first run may send values before their types are known. Whatever it gives, later runs give:
 * the same value, or the same error.
 */

import { inspect } from "node:util";
import type { Query } from "../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import { kinds, types } from "./guess_values.ts";
import { count, sent, testWire } from "./wire.ts";

/** What one run gives: as text, in which -0 is not 0. */
async function outcomeOf(query: Query<unknown>): Promise<string> {
  try {
    return `value: ${inspect(await query.values().one(), { depth: null })}`;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/**
 * The exception: what the server takes as text and rill refuses once it knows the type, as an
 * integer for an interval, or true for a tsvector. It is kept as that text.
 */
function isTakenAsText(value: unknown, first: string, second: string): boolean {
  const isWord = typeof value === "boolean" ||
    (typeof value === "number" || typeof value === "bigint") && value >= 0;
  return isWord && first.startsWith("value") && second.startsWith("TypeError: Cannot send");
}

for (const prepare of [true, false]) {
  for (const [kind, values] of Object.entries(kinds)) {
    testWire(
      `first runs give what later runs give, with prepare: ${prepare}: ${kind}`,
      async (open) => {
        const { sql } = open({ prepare, statementCacheSize: 10_000 });
        const compare = async (value: unknown, type: string, column: string) => {
          // A column of another name is a text that was never run.
          const ask = () => sql.unsafe(`select $1::${type} as ${column}`, [value]);
          const [first, second] = [await outcomeOf(ask()), await outcomeOf(ask())];
          if (!isTakenAsText(value, first, second)) {
            assertEquals(first, second, `${type}: ${column}`);
          }
        };
        await Promise.all(
          values.flatMap((value, row) =>
            types.map((type, column) => compare(value, type, `v${row}_${column}`))
          ),
        );
      },
    );
  }
}

testWire("a wrong guess heals outside of a transaction, and does things once", async (open) => {
  const { sql, during } = open();
  await sql`create temporary table item (id serial, doc jsonb)`;
  const insert = (doc: string) => sql`insert into item (doc) values (${doc}) returning id, doc`;
  const lines = await during(async () => {
    assertEquals(await insert("abc").one(), { id: 1, doc: "abc" });
  });
  assertEquals(count(lines, "ErrorResponse"), 1);
  assertEquals(sent(lines), [
    "Parse",
    "Describe",
    "Bind",
    "Execute",
    "Sync",
    "Bind",
    "Execute",
    "Sync",
  ]);
  assertEquals(await insert("def").one(), { id: 2, doc: "def" });
  assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 2 });
});

testWire("a wrong guess throws what the typed run throws, at the line that asked", async (open) => {
  const { sql } = open();
  const ask = (value: unknown) => sql`select ${value}::int4 as n`;
  const { message, stack } = await assertRejects(() => ask(3_000_000_000).then(), TypeError);
  assertEquals(message, "Cannot send parameter $1 as int4: not in -2147483648 to 2147483647");
  assert(stack!.includes("guess_test"), stack);
  const again = await assertRejects(() => ask(3_000_000_000).then(), TypeError);
  assertEquals(again.message, message);
  await assertRejects(() => ask(true).then(), TypeError, "a boolean was given");
  const text = await assertRejects(() => sql`select ${"abc"}::int4 as m`.then(), Error);
  const later = await assertRejects(() => sql`select ${"abc"}::int4 as m`.then(), Error);
  assertEquals([text.name, text.message], [later.name, later.message]);
});

testWire("an error of the query itself is no wrong guess: it runs once", async (open) => {
  const { sql, during } = open();
  await sql`create temporary sequence counter`;
  const ask = (n: number) => sql`select nextval('counter') / ${n}::int8 as n`;
  const lines = await during(() => assertRejects(() => ask(0).then(), Error, "division by zero"));
  assertEquals([count(lines, "Execute"), count(lines, "ErrorResponse")], [1, 1]);
  assertEquals(await ask(1).one(), { n: 2n });
});

testWire("a first run in a transaction guesses nothing that could break it", async (open) => {
  const { sql, during } = open();
  await sql.begin(async (tx) => {
    const lines = await during(async () =>
      assertEquals(await tx`select ${5}::int4 as n`.one(), { n: 5 })
    );
    assertEquals(sent(lines), ["Parse", "Describe", "Sync", "Bind", "Execute", "Sync"]);
    for (const value of [true, 3_000_000_000, Symbol("none"), 1.5]) {
      await assertRejects(() => tx`select ${value}::int4 as n`.then(), TypeError);
    }
    await assertRejects(() => tx`select ${Symbol("none")}::text`.then(), TypeError);
    assertEquals(await tx`select 'still here' as it`.one(), { it: "still here" });
  });
});

testWire(
  "values that are said, and none, go in one round trip in a transaction too",
  async (open) => {
    const { sql, during } = open();
    await sql.begin(async (tx) => {
      const said = [sql.typed(5, "int4"), sql.json({ a: 1 }), sql.array(["x"], "text"), null];
      const lines = await during(() => tx.unsafe("select $1, $2, $3, $4::int4 as v", said));
      assertEquals(count(lines, "Sync"), 1);
      assertEquals(count(await during(() => tx`select 1`), "Sync"), 1);
    });
  },
);

testWire(
  "a first run in a transaction refuses too few values, and breaks nothing",
  async (open) => {
    const { sql } = open();
    await sql.begin(async (tx) => {
      const none = () => tx.unsafe("select $1::int4", []).then();
      await assertRejects(none, TypeError, "Cannot bind 0 values: the statement has 1 parameters");
      const few = () => tx.unsafe("select $1::int4, $2::int4", [null]).then();
      await assertRejects(few, TypeError, "Cannot bind 1 values: the statement has 2 parameters");
      assertEquals(await tx`select 'still here' as it`.one(), { it: "still here" });
    });
  },
);

testWire("a transaction that queries began on a reserved connection is one", async (open) => {
  const { sql } = open();
  await using reserved = await sql.reserve();
  const begun = reserved`begin`.execute();
  await assertRejects(() => reserved`select ${true}::int4 as n`.then(), TypeError);
  assertEquals(await reserved`select 'still here' as it`.one(), { it: "still here" });
  await begun;
  await reserved`rollback`;
});
