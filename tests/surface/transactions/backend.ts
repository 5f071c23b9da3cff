/** The server's processes, as seen from a connection beside. */

import type { Sql, SqlTag } from "../../../mod.ts";

/** The process that serves the connection. */
export async function pidOf(sql: SqlTag): Promise<number> {
  const [{ pid }] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
  return pid;
}

/** Resolves when the process is gone. */
export async function untilGone(observer: Sql, pid: number): Promise<void> {
  const isThere = () => observer`select 1 from pg_stat_activity where pid = ${pid}`;
  while ((await isThere()).length > 0) { /* Soon. */ }
}

/** Resolves when the process is in `pg_sleep`, or is not any more. */
export async function until(
  event: "asleep" | "awake",
  observer: Sql,
  pid: number,
): Promise<void> {
  const asleep = () =>
    observer`select 1 from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`;
  while ((await asleep()).length !== (event === "asleep" ? 1 : 0)) { /* Soon. */ }
}
