import { connect, ConnectionError } from "../../mod.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { FaultProxy } from "./proxy.ts";
import type { Fault } from "./proxy.ts";
import { assertWorks, lossOf } from "./settling.ts";
import { withoutUnhandledRejections } from "./unhandled.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

const protocols = [
  { name: "18 over 3.2", target: pg18, parameters: { sslmode: "disable" } },
  { name: "18 over 3.2 and TLS", target: pg18, parameters: { sslmode: "require" } },
  { name: "13 over 2.0", target: pg13, parameters: { sslmode: "disable", protocolVersion: "2.0" } },
] as const;

for (const { name, target, parameters } of protocols) {
  test(`openSession() rejects in time when the start-up stalls, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      for (const at of [0, 9, 200]) {
        await using proxy = await FaultProxy.start(target, (connection, number) => {
          if (number === 1) connection.failAfter(at, "stall");
        });
        await using sql = connect(proxy.url(parameters), { max: 1, connectTimeoutMs: 500 });
        const error = await lossOf(sql`select 1`);
        assert(error instanceof ConnectionError);
        assertEquals(error.code, "ETIMEDOUT");
        await assertWorks(sql);
      }
    }));

  test(`Query rejects at once by its signal when the connection has stalled, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using proxy = await FaultProxy.start(target);
      await using sql = connect(proxy.url(parameters), { max: 1, connectTimeoutMs: 1_000 });
      await assertWorks(sql);
      const [stalled] = proxy.connections;
      stalled.fail("stall");
      for (const stream of [true, false]) {
        const controller = new AbortController();
        const query = sql`select 1`.with({ signal: controller.signal });
        const told = assertRejects(() => stream ? query[Symbol.asyncIterator]().next() : query);
        await new Promise((resolve) => setTimeout(resolve, 20)); // The first is sent by then.
        const reason = new Error("enough");
        controller.abort(reason);
        assertStrictEquals(await told, reason);
      }
      await assertWorks(sql); // On a new connection: a cancel that nobody answers gives up the old.
      await stalled.ended;
    }));

  for (const fault of ["cut", "reset"] as const) {
    test(`Query.cancel() is repeated when the first cancel is ${fault}, on ${name}`, () =>
      withoutUnhandledRejections(async () => {
        await using proxy = await failingSecond(target, fault);
        await using sql = connect(proxy.url(parameters), { max: 1 });
        await assertWorks(sql);
        await abortSleep(sql);
        await assertWorks(sql); // On the same connection: so the server did stop.
        assert(proxy.connections.length >= 3);
      }));
  }

  test(`Session is replaced when a cancel stalls, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using proxy = await failingSecond(target, "stall");
      await using sql = connect(proxy.url(parameters), { max: 1, connectTimeoutMs: 1_000 });
      await assertWorks(sql);
      await abortSleep(sql);
      await assertWorks(sql);
    }));
}

/** A proxy whose second connection, which is the first cancel, fails before it does anything. */
function failingSecond(
  target: { readonly host: string; readonly port: number },
  fault: Fault,
): Promise<FaultProxy> {
  return FaultProxy.start(target, (connection, number) => {
    if (number === 2) connection.fail(fault);
  });
}

/** Aborts a query that would sleep for longer than any test may last. */
async function abortSleep(sql: ReturnType<typeof connect>): Promise<void> {
  const controller = new AbortController();
  const told = assertRejects(() =>
    Promise.resolve(sql`select pg_sleep(600)`.with({ signal: controller.signal }))
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  const reason = new Error("enough");
  controller.abort(reason);
  assertStrictEquals(await told, reason);
}
