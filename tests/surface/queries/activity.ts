/** What the server is doing. */

import type { Sql } from "../../../mod.ts";

/** Resolves when another connection runs a query that holds this text. */
export async function untilRunning(observer: Sql, text: string): Promise<void> {
  const running = () =>
    observer`select from pg_stat_activity
      where state = 'active' and position(${text}::text in query) > 0 and pid <> pg_backend_pid()`;
  while ((await running()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
