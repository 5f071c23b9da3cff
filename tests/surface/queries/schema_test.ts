/** Rows that a Standard Schema checks, written by hand here. */

import { DatabaseError } from "../../../mod.ts";
import type { Sql, StandardSchema, StandardSchemaResult } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../../std_assert.ts";

interface Numbered {
  readonly number: number;
}

type Check = (value: unknown) => StandardSchemaResult<Numbered>;

/** Takes `{ g }` with g up to 3, and makes `{ number }` of it. */
const check: Check = (value) => {
  const { g } = value as { g: number };
  if (g <= 3) return { value: { number: g } };
  return { issues: [{ message: "Too large", path: ["g"] }, { message: "Not small" }] };
};

function schemaOf(validate: StandardSchema<unknown, Numbered>["~standard"]["validate"]) {
  const schema: StandardSchema<unknown, Numbered> = {
    "~standard": { version: 1, vendor: "rill", validate },
  };
  return schema;
}

const schemas = {
  sync: schemaOf(check),
  async: schemaOf(async (value) => {
    await new Promise((resolve) => setTimeout(resolve));
    return check(value);
  }),
};

const numbers = (sql: Sql, count: number) =>
  sql`select g from generate_series(1, ${count}::int4) g`;

for (const [name, schema] of Object.entries(schemas)) {
  testBoth(`Query.as() gives what a schema makes of the rows, ${name}`, async (open) => {
    const sql = open({ max: 1 });
    const expected = [{ number: 1 }, { number: 2 }, { number: 3 }];
    const rows = await numbers(sql, 3).as(schema);
    assertEquals([...rows], expected);
    assertEquals([rows.count, rows.command, rows.columns[0].name], [3, "SELECT", "g"]);
    assertEquals(await numbers(sql, 1).as(schema).one(), { number: 1 });
    assertEquals(await numbers(sql, 0).as(schema).maybeOne(), undefined);

    const streamed: Numbered[] = [];
    for await (const row of numbers(sql, 3).as(schema)) streamed.push(row);
    assertEquals(streamed, expected);
    const batches: (readonly Numbered[])[] = [];
    for await (const batch of numbers(sql, 3).as(schema).cursor(2)) batches.push(batch);
    assertEquals(batches, [expected.slice(0, 2), expected.slice(2)]);
    const each: Numbered[] = [];
    await numbers(sql, 3).as(schema).forEach((row) => void each.push(row));
    assertEquals(each, expected);
  });

  testBoth(`Query.as() rejects with the first row that a schema refuses, ${name}`, async (open) => {
    const sql = open({ max: 1 });
    const error = await numbers(sql, 5).as(schema).catch((error) => error);
    assertInstanceOf(error, TypeError);
    assertEquals(error.message, "Cannot take row 3: Too large at g");
    assertEquals((error.cause as { issues: unknown[] }).issues.length, 2);
    assertEquals(await sql`select 1 as one`.one(), { one: 1 });
  });

  testBoth(`Query.as() gives the rows before one that it refuses, ${name}`, async (open) => {
    const sql = open({ max: 1 });
    const seen: Numbered[] = [];
    const read = async () => {
      for await (const row of numbers(sql, 1_000_000).as(schema)) seen.push(row);
    };
    await assertRejects(read, TypeError, "Cannot take row 3: Too large at g");
    assertEquals(seen, [{ number: 1 }, { number: 2 }, { number: 3 }]);
    await assertRejects(
      () => numbers(sql, 1_000_000).as(schema).cursor(2, () => {}),
      TypeError,
      "Cannot take row 3",
    );
    assertEquals(await sql`select 1 as one`.one(), { one: 1 });
  });
}

testBoth("Query.as() checks arrays behind values()", async (open) => {
  const sql = open({ max: 1 });
  const schema = schemaOf((value) => check({ g: (value as unknown[])[0] }));
  assertEquals(await numbers(sql, 1).values().as(schema).one(), { number: 1 });
});

testBoth("Query.as() in a transaction checks a stream whose loop asks more", async (open) => {
  const sql = open({ max: 1 });
  const seen = await sql.begin(async (tx) => {
    const seen: number[] = [];
    for await (const { number } of tx`select g from generate_series(1, 3) g`.as(schemas.async)) {
      const [row] = await tx`select ${number}::int4 as g`.as(schemas.sync);
      seen.push(row.number);
    }
    return seen;
  });
  assertEquals(seen, [1, 2, 3]);
});

testBoth("Query.as() rejects with what a schema throws, and as the query does", async (open) => {
  const sql = open({ max: 1 });
  const broken = new RangeError("a schema that is broken");
  const throwing = schemaOf(() => {
    throw broken;
  });
  const rejecting = schemaOf(() => Promise.reject(broken));
  for (const schema of [throwing, rejecting]) {
    assertEquals(await numbers(sql, 1).as(schema).catch((error) => error), broken);
    await assertRejects(() => numbers(sql, 1).as(schema).batches().next(), RangeError, "broken");
  }
  const failing = await sql`select nosuch`.as(throwing).catch((error) => error);
  assert(failing instanceof DatabaseError);
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testBoth("Query.as() says nothing of rows in the text of an error", async (open) => {
  const sql = open({ max: 1 });
  const schema = schemaOf(() => ({ issues: [] }));
  const error = await sql`select 'a secret' as s`.as(schema).catch((error) => error);
  assertEquals(error.message, "Cannot take row 0: the schema does not say why");
});
