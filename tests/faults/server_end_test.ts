import { connect, ConnectionError, DatabaseError } from "../../mod.ts";
import type { Sql } from "../../mod.ts";
import { startPostgres } from "../../tools/embedded_postgres.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assert, assertEquals, assertGreater, assertMatch } from "../std_assert.ts";
import { assertWorks, lossOf } from "./settling.ts";
import { withoutUnhandledRejections } from "./unhandled.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

const protocols = [
  { name: "18 over 3.2", url: pg18.url({ sslmode: "disable" }) },
  { name: "13 over 3.0 and TLS", url: pg13.url({ sslmode: "require" }) },
  { name: "13 over 2.0", url: pg13.url({ sslmode: "disable", protocolVersion: "2.0" }) },
] as const;

for (const { name, url } of protocols) {
  test(`Pool replaces a connection that the server ended while it was idle, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using sql = connect(url, { max: 1 });
      await terminate(url, await pidOf(sql));
      await assertWorks(sql).catch((error) => {
        if (!(error instanceof ConnectionError)) throw error; // The end was on its way still.
        return assertWorks(sql);
      });
    }));

  test(`Query rejects with the server's reason when it is ended, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using sql = connect(url, { max: 1 });
      const pid = await pidOf(sql);
      const asked = [sql`select pg_sleep(600)`, sql`select 2`, sql`select 3`];
      const told = Promise.allSettled(asked);
      await untilActive(url, pid);
      await terminate(url, pid);
      const [sleep, ...others] = (await told).map((one) =>
        one.status === "rejected" ? one.reason : undefined
      );
      assert(sleep instanceof DatabaseError || sleep instanceof ConnectionError);
      assertMatch(sleep.message, /administrator command|57P01/);
      for (const other of others) assert(other instanceof ConnectionError);
      await assertWorks(sql);
    }));

  test(`RowIterator rejects when the server ends it, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using sql = connect(url, { max: 1 });
      const pid = await pidOf(sql);
      let count = 0;
      let failure: unknown;
      try {
        for await (const { i } of sql`select generate_series(1, 5000000) as i`) {
          assertEquals(i, ++count);
          if (count === 1000) await terminate(url, pid);
        }
      } catch (error) {
        failure = error;
      }
      assert(failure instanceof DatabaseError || failure instanceof ConnectionError);
      assertGreater(count, 999);
      await assertWorks(sql);
    }));

  test(`RowIterator.return() resolves when the connection is gone, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using sql = connect(url, { max: 1 });
      const pid = await pidOf(sql);
      for await (const _ of sql`select generate_series(1, 5000000) as i`) {
        await terminate(url, pid);
        break;
      }
      await assertWorks(sql);
    }));
}

for (const version of ["pg18", "pg13"] as const) {
  test(`Query rejects when the server is stopped, and works with the next, on ${version}`, () =>
    withoutUnhandledRejections(async () => {
      const postgres = await startPostgres(version, { log: () => {} });
      const sql = connect(postgres.url({ sslmode: "disable" }), { max: 2 });
      const busy = lossOrReason(sql`select pg_sleep(600)`);
      const rows = sql`select generate_series(1, 5000000) as i`[Symbol.asyncIterator]();
      assertEquals(await rows.next(), { done: false, value: { i: 1 } });
      const stopped = postgres.stop();
      await lossOrReason((async () => {
        while (!(await rows.next()).done) { /* Until it fails. */ }
      })());
      await busy;
      await stopped;
      const refused = await lossOf(sql`select 1`);
      assert(refused instanceof ConnectionError);
      await sql.close();
    }));
}

async function pidOf(sql: Sql): Promise<number> {
  const [{ pid }] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
  return pid;
}

/** Ends a backend; resolves when it is gone. */
async function terminate(url: string, pid: number): Promise<void> {
  await using other = connect(url, { max: 1 });
  await other`select pg_terminate_backend(${pid})`;
  while ((await other`select 1 from pg_stat_activity where pid = ${pid}`).length > 0) {
    // A backend that waits for its client ends when that reads or is gone.
    if ((await waitEvent(other, pid)) === "ClientWrite") return;
  }
}

async function untilActive(url: string, pid: number): Promise<void> {
  await using other = connect(url, { max: 1 });
  while (await waitEvent(other, pid) !== "PgSleep") { /* Soon. */ }
}

async function waitEvent(other: Sql, pid: number): Promise<unknown> {
  const [backend] = await other`select wait_event from pg_stat_activity where pid = ${pid}`;
  return backend?.wait_event;
}

/** The server may say why, or be gone without a word. */
async function lossOrReason(promise: PromiseLike<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ConnectionError || error instanceof DatabaseError) return;
    throw error;
  }
  throw new Error("Resolved, expected the server to be gone");
}
