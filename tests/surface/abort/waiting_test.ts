/** Calls that are aborted before they have a connection: nobody hears of them. */

import { ConnectionError } from "../../../mod.ts";
import { FaultProxy } from "../../faults/proxy.ts";
import { assertWorks } from "../../faults/settling.ts";
import { turn } from "../../rows/turns.ts";
import { assertEquals, assertInstanceOf, assertStrictEquals } from "../../std_assert.ts";
import { calls, exhaust, queryCalls, sleep } from "./calls.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";

testTargets("AbortSignal that was aborted before has nothing sent", async (stage) => {
  const lines: string[] = [];
  const sql = stage.open({ trace: (line) => lines.push(line) });
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  for (const { name, run } of calls) {
    assertStrictEquals(await rejection(run(sql, signal)), reason, name);
  }
  await turn();
  assertEquals(lines, []);
  await assertWorks(sql);
});

testTargets(
  "AbortSignal that was aborted before has nothing sent in a transaction, which goes on",
  async (stage) => {
    const lines: string[] = [];
    const sql = stage.open({ trace: (line) => lines.push(line) });
    const reason = new Error("enough");
    await sql.begin(async (tx) => {
      const before = lines.length;
      for (const { name, run } of queryCalls) {
        assertStrictEquals(await rejection(run(tx, AbortSignal.abort(reason))), reason, name);
      }
      await turn();
      assertEquals(lines.slice(before), []);
      assertEquals([...await tx`select 1 as one`], [{ one: 1 }]);
    });
  },
);

testTargets("AbortSignal ends the waiting for a connection of a full pool", async (stage) => {
  const lines: string[] = [];
  const sql = stage.open({ trace: (line) => lines.push(line) });
  const reserved = await sql.reserve();
  const pid = await pidOf(reserved);
  const sent = lines.length;
  const behind: Promise<unknown>[] = [];
  for (const [i, { name, run }] of calls.entries()) {
    const controller = new AbortController();
    const reason = new Error(name);
    const told = rejection(run(sql, controller.signal));
    behind.push(sql`select ${i}::int4 as i`.then(([row]) => row));
    await turn();
    controller.abort(reason);
    assertStrictEquals(await told, reason, name);
  }
  assertEquals(lines.slice(sent), []);
  assertEquals(await pidOf(reserved), pid);
  await reserved.release();
  assertEquals(await Promise.all(behind), calls.map((_, i) => ({ i })));
  assertEquals(await pidOf(sql), pid);
});

testTargets("AbortSignal of a waiting stream lets a shared query through", async (stage) => {
  const sql = stage.open();
  await using first = sql`select generate_series(1, 100000000)`[Symbol.asyncIterator]();
  await first.next();
  const controller = new AbortController();
  const stream = rejection(exhaust(sleep(sql).with({ signal: controller.signal })));
  const shared = sql`select 1 as one`.then(([row]) => row);
  await turn();
  const reason = new Error("enough");
  controller.abort(reason);
  assertStrictEquals(await stream, reason);
  await first.return();
  assertEquals(await shared, { one: 1 });
});

testTargets("AbortSignal ends a connection that is being opened for nobody else", async (stage) => {
  // Before a word, behind the answer to SSLRequest, in the login.
  for (const stallAt of [0, 1, 40]) {
    let stalling = true;
    await using proxy = await FaultProxy.start(stage.target.server, (connection) => {
      if (stalling) connection.failAfter(stallAt, "stall");
    });
    const sql = stage.openAt(proxy.url(stage.target.parameters), { connectTimeoutMs: 0 });
    for (const { name, run } of calls) {
      const controller = new AbortController();
      const reason = new Error(name);
      const told = rejection(run(sql, controller.signal));
      await nextConnection(proxy);
      controller.abort(reason);
      assertStrictEquals(await told, reason, name);
    }
    stalling = false;
    await Promise.all(proxy.connections.map(({ ended }) => ended));
    await assertWorks(sql);
  }
});

testTargets("Sql.close() does not wait for a connection that nobody wants", async (stage) => {
  await using proxy = await FaultProxy.start(stage.target.server, (connection) => {
    connection.fail("stall");
  });
  const sql = stage.openAt(proxy.url(stage.target.parameters), { connectTimeoutMs: 0 });
  const controller = new AbortController();
  const told = rejection(sql.connect({ signal: controller.signal }));
  await nextConnection(proxy);
  controller.abort(new Error("enough"));
  await told;
  await sql.close();
  await proxy.connections[0].ended;
});

testTargets("Sql.close() with timeoutMs ends a connection that is being opened", async (stage) => {
  await using proxy = await FaultProxy.start(stage.target.server, (connection) => {
    connection.fail("stall");
  });
  const sql = stage.openAt(proxy.url(stage.target.parameters), { connectTimeoutMs: 0 });
  const told = rejection(sql`select 1`);
  await nextConnection(proxy);
  await sql.close({ timeoutMs: 20 });
  assertInstanceOf(await told, ConnectionError);
  await proxy.connections[0].ended;
});

/** Resolves when one more connection has been made, and its client has seen that. */
async function nextConnection({ connections }: FaultProxy): Promise<void> {
  const before = connections.length;
  while (connections.length === before) await turn();
  await turn();
}
