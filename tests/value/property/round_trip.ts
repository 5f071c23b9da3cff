/** There and back: values sent to a server, and read in every way there is. */

import type { Sql } from "../../../mod.ts";
import { quote } from "../server_cases.ts";
import { describe, isKnown, type PropertyType, type Sample } from "./sample.ts";

interface Row {
  readonly v: unknown;
  /** As the type's own output function prints it; a cast would cut bpchar. */
  readonly t: string;
}

/**
 * Sends values, and reads them back as parameters, sent again, by the simple protocol and
 * through a binary cursor. Gives them as literals.
 *
 * @throws {Error} naming the first difference
 */
export async function checkRoundTrip(
  sql: Sql,
  { sql: type }: PropertyType,
  samples: readonly Sample[],
): Promise<string[]> {
  const rows = await send(sql, type, samples.map(({ sent }) => sent));
  samples.forEach((sample, i) => {
    if (isKnown(sample)) expectSame(rows[i].v, sample.read, "the value read back");
  });
  const values = rows.map(({ v }) => v);
  await checkAgain(sql, type, rows);
  const literals = rows.map(({ v, t }) => `${v === null ? "null" : quote(t)}::${type}`);
  await checkReadings(sql, literals, values);
  return literals;
}

/**
 * The same for a client that has chosen other shapes, whatever they are.
 *
 * @throws {Error} naming the first difference
 */
export async function checkOtherShapes(
  sql: Sql,
  { sql: type }: PropertyType,
  literals: readonly string[],
): Promise<void> {
  const rows = await sql.unsafe<Row>(selectOf(literals));
  await checkAgain(sql, type, rows);
  await checkReadings(sql, literals, rows.map(({ v }) => v));
}

async function checkAgain(sql: Sql, type: string, rows: readonly Row[]): Promise<void> {
  const again = await send(sql, type, rows.map(({ v }) => v));
  again.forEach(({ v, t }, i) => {
    expectSame(t, rows[i].t, "the server's text of what was sent again");
    expectSame(v, rows[i].v, "the value sent again");
  });
}

async function checkReadings(
  sql: Sql,
  literals: readonly string[],
  values: readonly unknown[],
): Promise<void> {
  const query = selectOf(literals);
  const inText = await sql.unsafe<Row>(query).simple();
  inText.forEach(({ v }, i) => expectSame(v, values[i], "the value by the simple protocol"));
  const inBinary = await readCursor(sql, query);
  inBinary.forEach(({ v }, i) => expectSame(v, values[i], "the value through a binary cursor"));
}

function send(sql: Sql, type: string, values: readonly unknown[]): Promise<readonly Row[]> {
  return sql.unsafe<Row>(selectOf(values.map((_, i) => `$${i + 1}::${type}`)), values).then();
}

function selectOf(expressions: readonly string[]): string {
  const rows = expressions.map((expression, i) => `(${i}, ${expression})`);
  return `select v, format('%s', v) as t from (values ${rows.join(", ")}) as r(i, v) order by i`;
}

async function readCursor(sql: Sql, query: string): Promise<readonly Row[]> {
  const text = `begin; declare c binary cursor for ${query}; fetch all from c; commit`;
  const { statements } = await sql.unsafe<Row>(text).simple();
  return statements[2];
}

function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [came, wanted] = [describe(actual), describe(expected)];
  if (came !== wanted) throw new Error(`${what} is\n  ${came}\nexpected\n  ${wanted}`);
}
