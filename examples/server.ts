/** The server of the examples: the reader's own (`DATABASE_URL`), or one that is started for them. */

import process from "node:process";
import { startPostgres } from "../tools/embedded_postgres.ts";

/** Runs an example with the address of a server, which ends with it. */
export async function withServer(example: (url: string) => Promise<void>): Promise<void> {
  const given = process.env.DATABASE_URL;
  if (given) return await example(given);
  console.log("Starting PostgreSQL 18 (the first time it is downloaded from npm)");
  await using server = await startPostgres("pg18");
  await example(server.url());
}
