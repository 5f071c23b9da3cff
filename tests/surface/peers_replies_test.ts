/**
 * What other drivers get wrong with replies and connections, a test each: reproduced on
 * postgres.js 3.4, pg 8.23, Bun.sql 1.4 and deno-postgres 0.19, or reported in their trackers
 * (the number is given). Poolers have a file of their own.
 */

import { readFile } from "node:fs/promises";
import process from "node:process";
import { connect, ConnectionError, DatabaseError } from "../../mod.ts";
import type { ClientOptions, Sql } from "../../mod.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import { testBoth } from "../both_protocols.ts";
import type { OpenClient, ProtocolUnderTest } from "../both_protocols.ts";
import { FaultProxy } from "../faults/proxy.ts";
import { ready, ScriptedServer } from "../faults/scripted_server.ts";
import { assertWorks } from "../faults/settling.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
} from "../std_assert.ts";
import { all, failureOf, numbered, pidOf, untilWaiting, upTo } from "./streams/reading.ts";
import { StreamLog } from "./streams/stream_log.ts";
import { createTable } from "./streams/table.ts";

const pg13 = await server("pg13");
const pg18 = await server("pg18");

/** A test of its own on each protocol, with one connection, named after the peers' fault. */
function testPeers(
  name: string,
  body: (sql: Sql, open: OpenClient, on: ProtocolUnderTest) => Promise<void>,
): void {
  testBoth(name, (open, on) => body(open({ max: 1 }), open, on));
}

testPeers("rows of one pipelined query never go to another (Bun#30494, #33665)", async (sql) => {
  for (let round = 0; round < 5; round++) {
    const asked = upTo(40).map((id) => {
      if (id % 10 === 3) return failureOf(sql`selec ${id}`).then(() => [id]);
      if (id % 10 === 6) {
        return failureOf(sql`select ${id}::int4, 1 / (5 - i) from generate_series(1, 9) i`)
          .then(() => [id]);
      }
      const query = sql<{ id: number }>`
        select ${id}::int4 as id from generate_series(1, ${id % 4}::int4)`;
      return query.then((rows) => rows.map((row) => row.id));
    });
    const answers = await Promise.all(asked);
    answers.forEach((ids, i) => {
      const id = i + 1;
      const count = id % 10 === 3 || id % 10 === 6 ? 1 : id % 4;
      assertEquals(ids, Array.from({ length: count }, () => id));
    });
  }
});

testPeers("a NOTIFY that arrives shifts no reply (deno-postgres)", async (_, open) => {
  const log = new StreamLog();
  const sql = open({ max: 1, trace: log.trace });
  const observer = open({ max: 1 });
  const told = () => log.lines.filter((line) => line.startsWith("B\tNotificationResponse")).length;
  await sql`listen peers`;
  for (const n of upTo(10)) {
    await observer`notify peers`;
    // Its own comes in the midst of the replies, the other's when it is idle, or in between.
    const answers = await Promise.all([
      sql`select ${n}::int4 as n`.one(),
      sql`notify peers`.then(({ command }) => command),
      sql`select ${-n}::int4 as n`.one(),
    ]);
    assertEquals(answers, [{ n }, "NOTIFY", { n: -n }]);
  }
  while (told() < 20) await assertWorks(sql);
  await sql.begin(async (tx) => {
    for await (const { i } of numbered(tx, 500)) {
      if (i % 100 === 0) await observer`notify peers`;
    }
  });
  await assertWorks(sql);
});

test("a look-up of types that fails is no unhandled rejection (postgres.js#1192)", () =>
  withoutUnhandledRejections(async () => {
    const server = new ScriptedServer(({ kind }) => {
      if (kind === "Query") return [denied, ready];
      if (kind !== "Describe") return undefined;
      return [{ kind: "ParameterDescription", typeOids: [] }, unknownColumn];
    });
    const sql = connect({ max: 1, connect: server.connect, sslMode: "disable" });
    for (
      const ask of [
        () => Promise.resolve(sql`select 1`),
        () => Promise.resolve(sql`select 1`.with({ prepare: false })),
        () => all(sql`select 1`),
      ]
    ) await assertRejects(ask, DatabaseError, "permission denied for table pg_type");
    await sql.close();
  }));

const denied = {
  kind: "ErrorResponse",
  fields: { severity: "ERROR", code: "42501", message: "permission denied for table pg_type" },
} as const;

/** Of a type that only the server knows. */
const unknownColumn = {
  kind: "RowDescription",
  fields: [{
    name: "mood",
    tableOid: 0,
    columnNumber: 0,
    typeOid: 99_999,
    typeSize: 4,
    typeModifier: -1,
    format: 0,
  }],
} as const;

testPeers(
  "a query on a reserved connection that is dead settles (postgres.js#1208)",
  async (sql, open) => {
    const observer = open({ max: 1 });
    const reserved = await sql.reserve();
    await terminate(observer, await pidOf(reserved));
    for (const n of upTo(3)) {
      assertInstanceOf(await failureOf(reserved`select ${n}::int4`), Error);
      assertInstanceOf(await failureOf(all(numbered(reserved, n))), Error);
    }
    assertInstanceOf(await failureOf(reserved.begin(() => {})), Error);
    await reserved.release();
    await assertWorks(sql);
  },
);

testPeers(
  "after idle_in_transaction_session_timeout nothing runs outside the transaction (postgres.js#1133)",
  async (_, open) => {
    const sql = open({ max: 2 });
    await using table = await createTable(open);
    const failures: unknown[] = [];
    const failure = await failureOf(sql.begin(async (tx) => {
      await tx`insert into ${table.name} values (1)`;
      await tx`set local idle_in_transaction_session_timeout = 20`;
      await untilGone(table.observer, await pidOf(tx));
      for (const i of [2, 3]) {
        failures.push(await failureOf(tx`insert into ${table.name} values (${i})`));
      }
    }));
    for (const one of [...failures, failure]) {
      assertInstanceOf(one, Error);
      assertMatch(one.message, /idle-in-transaction|25P03/);
    }
    await assertWorks(sql);
    assertEquals(await table.committed(), []);
  },
);

testPeers(
  "a query that takes too long is stopped in the server as well (pg#1954)",
  async (_, open) => {
    const sql = open({ max: 1, queryTimeoutMs: 100 });
    const pid = await pidOf(sql);
    const failure = await failureOf(sql`select pg_sleep(600)`) as Error;
    assertEquals(failure.name, "TimeoutError");
    assertEquals(await pidOf(sql), pid); // Not behind a query that goes on.
  },
);

testPeers("the cancel of a session within TLS goes through TLS (pg)", async (_sql, _open, on) => {
  const isOld = on.protocolVersion === "2.0";
  await using proxy = await FaultProxy.start(isOld ? pg13 : pg18);
  await using sql = connect(
    proxy.url({ sslmode: "require", protocolVersion: on.protocolVersion }),
    {
      max: 1,
    },
  );
  await cancelSleep(sql, isOld ? pg13.url() : pg18.url());
  const [session, cancel] = proxy.connections;
  for (const { fromClient } of [session, cancel]) {
    assertEquals(int32(fromClient[0], 4), SSL_REQUEST);
    assertEquals(fromClient[1][0], 0x16); // A TLS record of the handshake.
  }
  await assertWorks(sql);
});

test("NegotiateProtocolVersion is followed (pg, postgres.js)", async () => {
  const log = new StreamLog();
  await using sql = connect(pg13.url({ sslmode: "disable" }), { max: 1, trace: log.trace });
  await cancelSleep(sql, pg13.url());
  await assertWorks(sql);
  assert(log.lines.includes("B\tNegotiateProtocolVersion\t3.0 []"));
});

test("a cancel key of 32 bytes is kept and sent whole (pg, postgres.js)", async () => {
  await using proxy = await FaultProxy.start(pg18);
  await using sql = connect(proxy.url({ sslmode: "disable" }), { max: 1 });
  await cancelSleep(sql, pg18.url());
  const [request] = proxy.connections[1].fromClient;
  assertEquals([request.length, int32(request, 4)], [4 + 4 + 4 + 32, CANCEL_REQUEST]);
  await assertWorks(sql);
});

for (const [given, expected] of [[undefined, true], [true, true], [false, false]] as const) {
  const asked = given === undefined ? "nothing is said" : `keepAlive is ${given}`;
  test(`connections are ${expected ? "" : "not "}kept alive when ${asked} (pg#2973)`, async () => {
    const told: unknown[] = [];
    const connector: ClientOptions["connect"] = (address, options) => {
      told.push(options?.keepAlive);
      return detectRuntime().connect(address, options);
    };
    const url = pg18.url({ sslmode: "disable" });
    await using sql = connect(url, { max: 1, connect: connector, keepAlive: given });
    const ports = await sql<{ client: number; server: number }>`
      select inet_client_port() as client, inet_server_port() as server`.one();
    assertEquals(told, [expected]);
    if (process.platform === "linux") assertEquals(await hasKeepAliveTimer(ports), expected);
  });
}

for (const mode of ["flow", "portal"] as const) {
  testBoth(
    `a reset while nobody reads is an error, not the end of a ${mode} stream (Node)`,
    async (open, { url }) => {
      const { hostname, port } = new URL(url);
      await using proxy = await FaultProxy.start({ host: hostname, port: Number(port) });
      const sql = open({
        host: "127.0.0.1",
        port: Number(new URL(proxy.url()).port),
        sslMode: "disable",
        max: 1,
      });
      const rows = numbered(sql, 100_000).stream({ mode })[Symbol.asyncIterator]();
      assertEquals((await rows.next()).value?.i, 1);
      proxy.last.fail("reset");
      await proxy.last.ended;
      let read = 1;
      const failure = await failureOf((async () => {
        while (!(await rows.next()).done) read++;
      })());
      assertInstanceOf(failure, ConnectionError);
      assert(read < 100_000);
      await assertWorks(sql);
    },
  );
}

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;

function int32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getInt32(offset);
}

/** Cancels a query once the server is at it. */
async function cancelSleep(sql: Sql, observerUrl: string): Promise<void> {
  await using observer = connect(observerUrl, { max: 1 });
  const pid = await pidOf(sql);
  const query = sql`select pg_sleep(600)`;
  const told = failureOf(query);
  await untilWaiting(observer, pid, "PgSleep");
  query.cancel();
  assertEquals((await told as Error).name, "AbortError");
  assertEquals(await pidOf(sql), pid);
}

/** Ends a backend; resolves when it is gone. */
async function terminate(observer: Sql, pid: number): Promise<void> {
  await observer`select pg_terminate_backend(${pid})`;
  await untilGone(observer, pid);
}

async function untilGone(observer: Sql, pid: number): Promise<void> {
  const look = () => observer`select from pg_stat_activity where pid = ${pid}`;
  while ((await look()).length > 0) { /* Looks again. */ }
}

/** What the kernel says of the client's end, once nothing is to be sent again; see proc_net_tcp. */
async function hasKeepAliveTimer(
  ports: { readonly client: number; readonly server: number },
): Promise<boolean> {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
  for (;;) {
    const lines = (await readFile("/proc/net/tcp", "latin1")).split("\n");
    const sockets = lines.map((line) => line.trim().split(/\s+/));
    const [, , , , , timer] = sockets.find(([, local, remote]) =>
      local?.endsWith(`:${hex(ports.client)}`) && remote.endsWith(`:${hex(ports.server)}`)
    )!;
    if (!timer.startsWith("01")) return timer.startsWith("02");
  }
}
