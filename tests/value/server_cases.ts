/**
 * Tables of values that real servers are asked for: read as text, as binary and through a
 * binary cursor they are the same value, and sent back, as binary and as text, they are to
 * the server what they were.
 */

import { connect } from "../../mod.ts";
import type { ClientOptions, Sql } from "../../mod.ts";
import { readTypes } from "../../lib/client/options/type_options.ts";
import { textForm } from "../../lib/value/text_form.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";

/** PostgreSQL's text of a value, and the value; without one only the ways are compared. */
export type ValueCase = readonly [literal: string, value?: unknown];

/** What is special about a type. */
export interface CaseOptions {
  /** The option `types` of the clients. */
  readonly types?: ClientOptions["types"];
  /** The first major version that has the type or knows the texts. Default 13. */
  readonly since?: 14 | 15 | 16 | 17 | 18;
  /** False where the server itself has no binary form. Default true. */
  readonly binary?: boolean;
  /** False where there is no array type. Default true. */
  readonly array?: boolean;
  /**
   * What is compared after the way there and back, an expression over `v`. Default `v::text`;
   * for what is the same value in another text, `v::jsonb::text`, say.
   */
  readonly compare?: string;
  /** Why values of this type cannot be parameters: said in the test's name. */
  readonly notSent?: string;
  /** Statements to run before, harmless when run twice and at once. */
  readonly setup?: string;
}

/** A server and a protocol. */
interface Way {
  readonly name: string;
  readonly version: 13 | 18;
  readonly url: string;
  readonly protocolVersion?: "2.0";
}

const today = await databaseUrl("3.2");
const old = await databaseUrl("2.0");
const ways: readonly Way[] = [
  { name: "18 over 3.2", version: 18, url: today },
  { name: "13 over 3.0", version: 13, url: old },
  { name: "13 over 2.0", version: 13, url: old, protocolVersion: "2.0" },
];

/** Registers a test for each server and protocol that knows the type. */
export function testCases(
  type: string,
  cases: readonly ValueCase[],
  options: CaseOptions = {},
): void {
  for (const way of ways) {
    if (way.version < (options.since ?? 13)) continue;
    const unsent = options.notSent ? `, not sent: ${options.notSent}` : "";
    test(`${type}: ${cases.length} values on ${way.name}${unsent}`, async () => {
      const { url, protocolVersion } = way;
      await using sql = connect(url, { max: 1, protocolVersion, types: options.types });
      if (options.setup) await sql.unsafe(options.setup).simple();
      await checkCases(sql, { type, cases, options });
    });
  }
}

/** Checks reading and sending on the server of a client; of use by itself for other servers. */
export async function checkCases(sql: Sql, table: Table): Promise<void> {
  const values = await checkReading(sql, table);
  if (!table.options.notSent) await checkSending(sql, table, values);
}

/** What there is to check of a type. */
export interface Table {
  readonly type: string;
  readonly cases: readonly ValueCase[];
  readonly options: CaseOptions;
}

/** Text, binary and cursor give what the table says, alone and in an array; gives the values. */
async function checkReading(sql: Sql, { type, cases, options }: Table): Promise<unknown[]> {
  const rows = cases.map(([literal], i) => `(${i}, ${quote(literal)}::${type})`).join(", ");
  const query = `select v from (values ${rows}) as t(i, v) order by i`;
  const inText = column(await sql.unsafe(query).simple());
  cases.forEach(([literal, ...expected], i) => {
    if (expected.length > 0) assertEquals(inText[i], expected[0], `${literal} as text`);
  });
  const elements = cases.map(([literal]) => quote(literal)).join(", ");
  const array = `select array[${elements}, null]::${type}[] as v`;
  const hasArray = options.array ?? true;
  if (hasArray) {
    assertEquals(column(await sql.unsafe(array).simple()), [[...inText, null]], "array as text");
  }
  const readings: (readonly [string, (query: string) => Promise<unknown[]>])[] = [
    ["extended", async (query) => column(await sql.unsafe(query))],
  ];
  if (options.binary ?? true) readings.push(["binary cursor", (query) => readCursor(sql, query)]);
  for (const [name, read] of readings) {
    const values = await read(query);
    cases.forEach(([literal], i) => assertEquals(values[i], inText[i], `${literal} by ${name}`));
    if (hasArray) assertEquals(await read(array), [[...inText, null]], `array by ${name}`);
  }
  return inText;
}

/** Sent back, each value is what the server had: as the codec chooses, and as its text form. */
async function checkSending(sql: Sql, table: Table, values: readonly unknown[]): Promise<void> {
  const { type, cases, options } = table;
  const compare = options.compare ?? "v::text";
  const formatText = await textFormatter(sql, type, options);
  await Promise.all(values.map(async (value, i) => {
    const [literal] = cases[i];
    // By a function: a text may hold $$ or $'.
    const compared = (expression: string) => compare.replaceAll(/\bv\b/g, () => `(${expression})`);
    const same = (expression: string) =>
      `select ${compared(expression)} is not distinct from ` +
      `${compared(`${quote(literal)}::${type}`)} as v, ${compared(expression)} as sent`;
    const [back] = await sql.unsafe(same(`$1::${type}`), [value]);
    assertEquals(back.v, true, `${literal} was sent as ${back.sent}`);
    const text = formatText?.(value);
    if (text === undefined) return;
    const [asText] = await sql.unsafe(same(`$1::text::${type}`), [text]);
    assertEquals(asText.v, true, `${literal} was sent in text as ${text}`);
  }));
}

/** The codec's text form of values; undefined for types that no registry knows by itself. */
async function textFormatter(
  sql: Sql,
  type: string,
  options: CaseOptions,
): Promise<((value: unknown) => string) | undefined> {
  const choices = options.types ? readTypes(options.types) : undefined;
  const chosen = choices?.codecs[type];
  if (chosen) return (value) => textForm(chosen, value);
  const [{ oid }] = await sql.unsafe<{ oid: number }>(`select '${type}'::regtype::oid as oid`);
  const registry = new TypeRegistry(choices);
  if (!registry.has(oid)) return undefined;
  return (value) => textForm(registry.codec(oid), value);
}

async function readCursor(sql: Sql, query: string): Promise<unknown[]> {
  const text = `begin; declare c binary cursor for ${query}; fetch all from c; commit`;
  const { statements } = await sql.unsafe<{ v: unknown }>(text).simple();
  return column(statements[2]);
}

function column(rows: readonly object[]): unknown[] {
  return rows.map((row) => (row as { v: unknown }).v);
}

/** A literal that means the same whatever standard_conforming_strings is. */
export function quote(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
