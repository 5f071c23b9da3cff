/** Tables of values, as those of ../value/server_cases.ts, and single questions on PGlite. */

import { connect, type Sql } from "../../mod.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { test } from "../harness.ts";
import { checkCases, type ValueCase } from "../value/server_cases.ts";
import { startPglite } from "./pglite_server.ts";

const url = await startPglite();

/** Registers a test of a type whose codec is given in the option `types`. */
export function testPgliteCases(codec: Codec, cases: readonly ValueCase[]): void {
  const type = codec.name;
  test(`${type}: ${cases.length} values on PGlite`, async () => {
    await using sql = await connectPglite(codec);
    await checkCases(sql, { type, cases, options: { types: { [type]: codec } } });
  });
}

/** The column `v` of what a query gives. */
export async function askPglite(
  codec: Codec,
  query: string,
  parameters: unknown[] = [],
): Promise<unknown> {
  await using sql = await connectPglite(codec);
  const [row] = await sql.unsafe<{ v: unknown }>(query, parameters);
  return row.v;
}

async function connectPglite(codec: Codec): Promise<Sql> {
  const types = { [codec.name]: codec };
  // pglite-socket 0.2.11 takes no other version for a start-up packet, and answers nothing.
  const sql = connect(url, { max: 1, protocolVersion: "3.0", types });
  // All connections are one session to PGlite: the statements of the last are still there.
  await sql.unsafe("deallocate all").simple();
  return sql;
}
