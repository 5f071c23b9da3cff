/** A CancelRequest shows the key that cancels: it is as secret as the session, whatever sent it. */

import type { Sql } from "../../../mod.ts";
import { FaultProxy } from "../../faults/proxy.ts";
import type { ProxiedConnection } from "../../faults/proxy.ts";
import { assert, assertEquals } from "../../std_assert.ts";
import { queryCalls, sleep, transactionCalls } from "./calls.ts";
import { rejection, testTargets } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** What stands in the place of the version in a start-up packet, see "Message Formats". */
const CANCEL_REQUEST = 80877102;
const SSL_REQUEST = 80877103;
/** The type of a TLS record, see RFC 8446, section 5.1. */
const HANDSHAKE = 0x16;

const limits: readonly [name: string, run: (sql: Sql) => PromiseLike<unknown>][] = [
  ["timeoutMs", (sql) => rejection(sleep(sql).with({ timeoutMs: 30 }))],
  ["timeoutMs of begin()", (sql) => rejection(sql.begin({ timeoutMs: 30 }, (tx) => sleep(tx)))],
  ["timeoutMs of a pipeline", (sql) => rejection(sql.pipeline([sleep(sql)], { timeoutMs: 30 }))],
  ["break", async (sql) => {
    for await (const _ of sql`select generate_series(1, 100000000)`) break;
  }],
];

testTargets("CancelRequest is sent over TLS where the session is", async (stage) => {
  const isSecure = stage.target.parameters.sslmode === "require";
  await using proxy = await FaultProxy.start(stage.target.server);
  const sql = stage.openAt(proxy.url(stage.target.parameters));
  await sql`select 1`;
  for (const { name, run } of [...queryCalls, ...transactionCalls]) {
    await abortAsleep(stage, (signal) => run(sql, signal));
    assertSent(proxy.last, isSecure, name);
  }
  for (const [name, run] of limits) {
    const before = proxy.connections.length;
    await run(sql);
    await sql`select 1`;
    assert(proxy.connections.length > before, name);
    assertSent(proxy.last, isSecure, name);
  }
  await sql.close();
});

testTargets("CancelRequest of a session that fell back to no TLS has none", async (stage) => {
  const user = "u_plain_only"; // The server takes it without TLS alone.
  await using proxy = await FaultProxy.start(stage.target.server);
  const sql = stage.openAt(proxy.url({ ...stage.target.parameters, sslmode: "prefer", user }));
  await abortAsleep(stage, (signal) => sleep(sql).with({ signal }));
  await sql`select 1`;
  assertSent(proxy.last, false, user);
  await sql.close();
});

async function abortAsleep(
  stage: Stage,
  run: (signal: AbortSignal) => PromiseLike<unknown>,
): Promise<void> {
  const controller = new AbortController();
  const told = rejection(run(controller.signal));
  await stage.untilAsleep();
  controller.abort();
  await told;
  await stage.untilIdle();
}

/** The connection must be one of a cancel, which nobody can read on a secure way. */
function assertSent({ fromClient }: ProxiedConnection, isSecure: boolean, how: string): void {
  const [first, second] = fromClient;
  const code = new DataView(first.buffer, first.byteOffset).getInt32(4);
  assertEquals(code, isSecure ? SSL_REQUEST : CANCEL_REQUEST, how);
  if (isSecure) assertEquals([first.length, second[0]], [8, HANDSHAKE], how);
}
