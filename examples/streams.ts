/**
 * Reading more than fits: row by row, mapped several at a time, through a stream of the Web, and
 * giving up in time.
 *
 *     deno run -A examples/streams.ts
 */

import { CLOSE, connect } from "../mod.ts";
import type { Sql } from "../mod.ts";
import { withServer } from "./server.ts";

interface Reading {
  readonly id: number;
  readonly celsius: number;
}

const ROWS = 200_000;

function readings(sql: Sql) {
  return sql<Reading>`
    select i as id, 20 + 10 * sin(i / 1000.0) as celsius from generate_series(1, ${ROWS}::int4) i`;
}

/** One after the other, until there is enough: the server stops as well. */
async function firstWarm(sql: Sql): Promise<void> {
  for await (const { id, celsius } of readings(sql)) {
    if (celsius < 29.9) continue;
    console.log(`The first of over 29.9 degrees is number ${id}`);
    break;
  }
}

/** Eight at a time, in their order. */
async function mapped(sql: Sql): Promise<void> {
  const stream = readings(sql).stream();
  let above = 0;
  const isWarm = async ({ celsius }: Reading) => await Promise.resolve(celsius > 25);
  for await (const warm of stream.map(isWarm, { concurrency: 8 })) if (warm) above++;
  const { count } = await stream.summary;
  console.log(`${above} of ${count} are over 25 degrees`);
}

/** Wherever a ReadableStream is taken. */
async function throughTheWeb(sql: Sql): Promise<void> {
  const lines = readings(sql).readable().pipeThrough(
    new TransformStream<Reading, string>({
      transform: ({ id, celsius }, controller) => controller.enqueue(`${id},${celsius}\n`),
    }),
  );
  let bytes = 0;
  for await (const line of lines) bytes += line.length;
  console.log(`As CSV they are ${bytes} bytes`);
}

/** A thousand at a time, until the function says that it has enough. */
async function inGroups(sql: Sql): Promise<void> {
  let groups = 0;
  await readings(sql).cursor(1_000, () => ++groups === 5 ? CLOSE : undefined);
  console.log(`${groups} groups of a thousand`);
}

/** By a signal, or by a limit of time: the server hears of both. */
async function givingUp(sql: Sql): Promise<void> {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("nobody waits any more")), 50);
  const signal = controller.signal;
  await sql`select pg_sleep(60)`.with({ signal }).catch(({ message }) => console.log(message));
  await sql`select pg_sleep(60)`.with({ timeoutMs: 50 }).catch(({ message }) =>
    console.log(message)
  );
}

await withServer(async (url) => {
  await using sql = connect(url);
  for (const show of [firstWarm, mapped, throughTheWeb, inGroups, givingUp]) await show(sql);
});
