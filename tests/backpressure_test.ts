/**
 * Who does not read makes the server wait: nothing piles up on the way, neither in this
 * process nor in the server.
 */

import process from "node:process";
import { connect } from "../mod.ts";
import { test } from "./harness.ts";
import { server } from "./servers.ts";
import { assertEquals, assertLess } from "./std_assert.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

const MiB = 1024 * 1024;
const STOP_MS = 2_000;

for (
  const { name, url } of [
    { name: "18 over 3.2", url: pg18.url({ sslmode: "disable", protocolVersion: "3.2" }) },
    { name: "18 over 3.2 and TLS", url: pg18.url({ sslmode: "require" }) },
    { name: "13 over 2.0", url: pg13.url({ sslmode: "disable", protocolVersion: "2.0" }) },
  ]
) {
  test(`RowIterator makes the server wait while nobody reads, on ${name}`, async () => {
    await using sql = connect(url, { max: 1, applicationName: `stopped reader, ${name}` });
    await using observer = connect(url, { max: 1 });
    const [before] = await sql<Backend>`select pg_backend_pid() as pid`;

    let rows = 0;
    // In the select list: as a table it would be made whole before the first row.
    for await (const { i } of sql`select generate_series(1, 5000000) as i, repeat('x', 50)`) {
      assertEquals(i, ++rows);
      if (rows < 1000) continue;
      const growth = await memoryGrowth(async () => {
        await waitForEvent(observer, before.pid, "ClientWrite");
        await new Promise((resolve) => setTimeout(resolve, STOP_MS));
      });
      assertLess(growth, 32 * MiB);
      assertEquals(await waitEvent(observer, before.pid), "ClientWrite");
      break;
    }

    const [after] = await sql<Backend>`select pg_backend_pid() as pid`;
    assertEquals([rows, after.pid], [1000, before.pid]);
  });
}

interface Backend {
  readonly pid: number;
}

type Client = ReturnType<typeof connect>;

async function waitEvent(observer: Client, pid: number): Promise<unknown> {
  const [backend] = await observer`select wait_event from pg_stat_activity where pid = ${pid}`;
  return backend.wait_event;
}

/** Waits until a backend waits for `event`: for ever, were it not for the test's deadline. */
async function waitForEvent(observer: Client, pid: number, event: string): Promise<void> {
  while (await waitEvent(observer, pid) !== event) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** How much this process's resident memory grew at most while `body` ran. */
async function memoryGrowth(body: () => Promise<void>): Promise<number> {
  const start = process.memoryUsage.rss();
  let peak = start;
  const timer = setInterval(() => peak = Math.max(peak, process.memoryUsage.rss()), 50);
  try {
    await body();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, process.memoryUsage.rss()) - start;
}
