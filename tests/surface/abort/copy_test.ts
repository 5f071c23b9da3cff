/** COPY that is aborted, in both directions and at every moment. */

import type { Query, SqlTag } from "../../../mod.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertStrictEquals } from "../../std_assert.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";
import type { Stage } from "./stage.ts";

const reason = new Error("enough");

type Moment = (stage: Stage) => Promise<unknown>;

const moments: readonly [name: string, moment: Moment][] = [
  ["in the same turn", () => Promise.resolve()],
  ["a turn later", () => turn()],
  ["while the server works", (stage) => stage.untilAsleep()],
];

type End = (copy: Query<unknown>, reader: ReadableStreamDefaultReader, abort: () => void) => void;

const ends: readonly [name: string, end: End, outcome: string][] = [
  ["its signal", (_copy, _reader, abort) => abort(), "Error"],
  ["Query.cancel()", (copy) => copy.cancel(), "AbortError"],
  ["the stream's own cancel()", (_, reader) => void reader.cancel(), "the end"],
];

for (const [by, end, outcome] of ends) {
  for (const [when, moment] of moments) {
    testTargets(`Query.readable() of a COPY is aborted ${when} by ${by}`, async (stage) => {
      const sql = stage.open();
      const pid = await pidOf(sql);
      const controller = new AbortController();
      const copy = copySleep(sql).with({ signal: controller.signal });
      const reader = copy.readable().getReader();
      const told = reader.read().then(({ done }) => done, (error) => error);
      await moment(stage);
      end(copy, reader, () => controller.abort(reason));
      assertEquals(endingOf(await told), outcome);
      assertEquals(await pidOf(sql), pid);
      await stage.untilIdle();
    });
  }
}

testTargets("Query.readable() of a COPY is aborted while its reader is slow", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  const controller = new AbortController();
  const copy = sql`copy (select generate_series(1, 100000000), repeat('x', 200)) to stdout`;
  const reader = copy.with({ signal: controller.signal }).readable().getReader();
  await reader.read();
  await stage.untilPaused();
  controller.abort(reason);
  await stage.untilIdle(); // Although nobody reads.
  assertStrictEquals(await rejection(reader.read()), reason);
  assertEquals(await pidOf(sql), pid);
});

testTargets("Query.writable() is aborted while it waits for its user", async (stage) => {
  const sql = stage.open({ max: 1 });
  await stage.observer`create table if not exists abort_copied (i int4)`;
  const controller = new AbortController();
  const copy = sql`copy abort_copied from stdin`.with({ signal: controller.signal });
  const writer = copy.writable().getWriter();
  const closed = rejection(writer.closed);
  await writer.write("1\n");
  controller.abort(reason);
  assertStrictEquals(await closed, reason);
  assertStrictEquals(await rejection(writer.write("2\n")), reason);
  const [{ count }] = await sql`select count(*)::int4 as count from abort_copied`;
  assertEquals(count, 0);
  await stage.untilIdle();
});

testTargets("COPY that was aborted before is not sent", async (stage) => {
  const lines: string[] = [];
  const sql = stage.open({ trace: (line) => lines.push(line) });
  const signal = AbortSignal.abort(reason);
  assertStrictEquals(
    await rejection(copySleep(sql).with({ signal }).readable().getReader().read()),
    reason,
  );
  const writer = sql`copy never_there from stdin`.with({ signal }).writable().getWriter();
  const told = [rejection(writer.closed), rejection(writer.write("1\n"))];
  for (const one of told) assertStrictEquals(await one, reason);
  assertEquals(lines, []);
});

testTargets("COPY is aborted with its transaction", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  const controller = new AbortController();
  const told = rejection(sql.begin({ signal: controller.signal }, async (tx) => {
    await copySleep(tx).readable().getReader().read();
  }));
  await stage.untilAsleep();
  controller.abort(reason);
  assertStrictEquals(await told, reason);
  assertEquals(await pidOf(sql), pid);
});

testTargets("COPY is limited by timeoutMs while its reader waits", async (stage) => {
  const sql = stage.open();
  const pid = await pidOf(sql);
  const reader = copySleep(sql).with({ timeoutMs: 50 }).readable().getReader();
  assertEquals(endingOf(await rejection(reader.read())), "TimeoutError");
  assertEquals(await pidOf(sql), pid);
});

/** Longer than any test may last. */
function copySleep(sql: SqlTag): Query<unknown> {
  return sql<unknown>`copy (select pg_sleep(600)) to stdout`;
}

function endingOf(outcome: unknown): string {
  if (outcome === true) return "the end";
  assert(outcome instanceof Error || outcome instanceof DOMException);
  return outcome.name;
}
