/** Streams and their readers, for tests. */

import type { Query, SqlTag } from "../../../mod.ts";

/** A row that says which it is. */
export interface Numbered {
  readonly i: number;
}

/** Rows from 1 to `count`, in this order, each with so many characters beside its number. */
export function numbered(sql: SqlTag, count: number, width = 1000): Query<Numbered> {
  // Without values: on 2.0 those would be asked for their types first.
  return sql.unsafe(
    `select i, repeat('x', ${width}) as filler from generate_series(1, ${count}) i`,
  );
}

/** Reads to the end. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The numbers of rows. */
export function numbersOf(rows: readonly Numbered[]): number[] {
  return rows.map(({ i }) => i);
}

/** 1, 2, … up to `end`. */
export function upTo(end: number): number[] {
  return Array.from({ length: end }, (_, i) => i + 1);
}

/** The server's process behind a connection. */
export async function pidOf(sql: SqlTag): Promise<number> {
  const { pid } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.one();
  return pid;
}

/** Resolves when a backend waits for this: by its name in pg_stat_activity, as `ClientRead`. */
export async function untilWaiting(observer: SqlTag, pid: number, event: string): Promise<void> {
  const look = () =>
    observer<{ event: string }>`
      select wait_event as event from pg_stat_activity where pid = ${pid}`;
  while ((await look())[0]?.event !== event) { /* Looks again. */ }
}

/** What a promise is rejected with; undefined when it is not. */
export function failureOf(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(() => undefined, (error) => error);
}
