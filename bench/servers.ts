/** The servers and the table that the benches read. */

import process from "node:process";
import { connect } from "../mod.ts";
import { startPostgres } from "../tools/embedded_postgres.ts";

/** Where `tools/bench.ts` says a server is that runs already. */
export const serverVariable = { pg18: "RILL_BENCH_PG18", pg13: "RILL_BENCH_PG13" } as const;

/** Gives `body` the URL of a server: the one that runs already, or one of its own. */
export async function withServer<T>(
  version: "pg18" | "pg13",
  body: (url: string) => Promise<T>,
): Promise<T> {
  const running = process.env[serverVariable[version]];
  if (running) return await body(running);
  const server = await startPostgres(version, { log: (line) => console.log(`  ${line}`) });
  try {
    return await body(server.url());
  } finally {
    await server.stop();
  }
}

/** What the server calls itself, as `PostgreSQL 18.4`. */
export async function serverName(url: string, protocolVersion: "3.2" | "2.0"): Promise<string> {
  const sql = connect(url, { max: 1, protocolVersion });
  const [{ version }] = await sql<{ version: string }>`select version()`;
  await sql.close();
  return version.split(" on ")[0];
}

/** A row of the bench table. */
export interface BenchRow {
  readonly id: number;
  readonly amount: bigint;
  readonly reference: string;
  readonly ratio: number;
  readonly at: Date;
  readonly even: boolean;
}

/**
 * Makes the table of `rows` rows, unless it is there, and gives its name. A table, not
 * expressions over generate_series: those cost the server more than sending them.
 */
export async function benchTable(
  url: string,
  { rows, protocolVersion }: { rows: number; protocolVersion: "3.2" | "2.0" },
): Promise<string> {
  const name = `bench_${rows}`;
  const sql = connect(url, { max: 1, protocolVersion, onNotice: () => {} });
  await sql.unsafe(`
    create unlogged table if not exists ${name} as
    select g as id,
           g * 1000003::int8 as amount,
           md5(g::text) as reference,
           g / 7.0::float8 as ratio,
           timestamptz '2026-01-01' + g * interval '1 second' as at,
           g % 2 = 0 as even
      from generate_series(1, ${rows}) g`).simple();
  await sql.unsafe(`vacuum analyze ${name}`).simple();
  await sql.close();
  return name;
}
