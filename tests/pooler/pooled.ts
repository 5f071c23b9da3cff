/** Tests with a real pgbouncer, where it is installed. */

import {
  findPgbouncer,
  type Pgbouncer,
  type PgbouncerOptions,
  startPgbouncer,
} from "../../tools/pgbouncer.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";

const isInstalled = await findPgbouncer() !== undefined;
if (!isInstalled) {
  console.error("pgbouncer is not installed: its tests are not run (apt-get install pgbouncer)");
}
const pg18 = isInstalled ? await server("pg18") : undefined;

/** Registers a test that gets a pgbouncer of its own, in transaction mode before PostgreSQL 18. */
export function testPooled(
  name: string,
  settings: NonNullable<PgbouncerOptions["settings"]>,
  body: (pooler: Pgbouncer) => Promise<void>,
): void {
  if (!pg18) return;
  test(name, async () => {
    await using pooler = await startPgbouncer({ host: pg18.host, port: pg18.port, settings });
    await body(pooler);
  });
}
