/**
 * Streams a million rows out of a real PostgreSQL, over protocol 3.2 and over 2.0,
 * and shows how fast they come and how little memory they take.
 *
 *     deno task demo
 *
 * `DATABASE_URL` (3.2) and `DATABASE_URL_V2` (2.0, servers up to 13) replace the
 * servers that it starts by itself.
 */

import process from "node:process";
import { connect } from "../mod.ts";
import { startPostgres } from "../tools/embedded_postgres.ts";
import type { EmbeddedPostgres } from "../tools/embedded_postgres.ts";
import { Progress, table } from "./terminal.ts";

const ROWS = 1_000_000;
/** The values alone: int4, int8, 32 characters, float8, timestamptz, bool. */
const BYTES_A_ROW = 4 + 8 + 32 + 8 + 8 + 1;
const QUERY = `
  select g as id,
         g * 1000003::int8 as amount,
         md5(g::text) as reference,
         g / 7.0::float8 as ratio,
         timestamptz '2026-01-01' + g * interval '1 second' as at,
         g % 2 = 0 as even
    from generate_series(1, ${ROWS}) g`;

interface Row {
  id: number;
  amount: bigint;
  reference: string;
  ratio: number;
  at: Date;
  even: boolean;
}

interface Source {
  readonly title: string;
  readonly url: string;
  /** Absent: the best that the server speaks. */
  readonly protocolVersion?: "3.2" | "2.0";
}

interface Measured {
  readonly source: Source;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly firstRowMs: number;
  readonly peakBytes: number;
}

/** Streams all rows of one server, row by row, and checks them on the way. */
async function stream(source: Source): Promise<Measured> {
  await using sql = connect(source.url, {
    max: 1,
    ...(source.protocolVersion && { protocolVersion: source.protocolVersion }),
  });
  const [{ version }] = await sql<{ version: string }>`select version()`;
  console.log(`\n${source.title}: ${version.split(" on ")[0]}, protocol ${name(source)}`);

  const progress = new Progress(ROWS);
  let rows = 0;
  let characters = 0;
  let total = 0n;
  let firstRowMs = 0;
  const begun = performance.now();
  for await (const row of sql.unsafe<Row>(QUERY)) {
    if (rows === 0) firstRowMs = performance.now() - begun;
    total += row.amount;
    characters += row.reference.length;
    if (++rows % 10_000 === 0) progress.show(rows, rows * BYTES_A_ROW);
  }
  const seconds = (performance.now() - begun) / 1000;
  progress.end();

  const expected = (BigInt(ROWS) * BigInt(ROWS + 1) / 2n) * 1000003n;
  if (rows !== ROWS || characters !== ROWS * 32 || total !== expected) {
    throw new Error(
      `The rows are not what was asked for: ${rows} rows, sum ${total}, expected ${expected}`,
    );
  }
  return {
    source,
    rows,
    bytes: rows * BYTES_A_ROW,
    seconds,
    firstRowMs,
    peakBytes: progress.peakBytes,
  };
}

function name({ protocolVersion }: Source): string {
  return protocolVersion ?? "3.x";
}

async function sources(servers: AsyncDisposableStack): Promise<Source[]> {
  const { DATABASE_URL, DATABASE_URL_V2 } = process.env;
  const own = async (version: "pg18" | "pg13"): Promise<EmbeddedPostgres> =>
    servers.use(await startPostgres(version, { log: (line) => console.log(line) }));
  const newest: Source = DATABASE_URL
    ? { title: "Your server", url: DATABASE_URL }
    : { title: "Today", url: (await own("pg18")).url(), protocolVersion: "3.2" };
  if (DATABASE_URL && !DATABASE_URL_V2) return [newest];
  const oldest = DATABASE_URL_V2 ?? (await own("pg13")).url();
  return [newest, { title: "Where it began", url: oldest, protocolVersion: "2.0" }];
}

await using servers = new AsyncDisposableStack();
const measured: Measured[] = [];
for (const source of await sources(servers)) measured.push(await stream(source));

console.log(
  `\n${
    ROWS.toLocaleString("en")
  } rows of int4, int8, text, float8, timestamptz, bool; one by one, all read:\n`,
);
console.log(table(
  ["protocol", "rows/s", "MB/s", "first row", "whole", "peak memory"],
  measured.map(({ source, rows, bytes, seconds, firstRowMs, peakBytes }) => [
    name(source),
    Math.round(rows / seconds).toLocaleString("en"),
    (bytes / seconds / 1e6).toFixed(1),
    `${firstRowMs.toFixed(0)} ms`,
    `${seconds.toFixed(2)} s`,
    `${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
  ]),
));
