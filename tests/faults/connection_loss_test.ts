import { connect, ConnectionError, ProtocolError } from "../../mod.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assertEquals, assertGreater } from "../std_assert.ts";
import { FaultProxy } from "./proxy.ts";
import { assertWorks, lossOf, rejectionOf } from "./settling.ts";
import { withoutUnhandledRejections } from "./unhandled.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

const protocols = [
  { name: "18 over 3.2", target: pg18, parameters: { sslmode: "disable" } },
  { name: "13 over 2.0", target: pg13, parameters: { sslmode: "disable", protocolVersion: "2.0" } },
] as const;

/** 1, 1 + step, … up to `end`. */
function steps(end: number, step: number): number[] {
  return Array.from({ length: Math.ceil(end / step) }, (_, i) => 1 + i * step);
}

for (const { name, target, parameters } of protocols) {
  for (const fault of ["cut", "reset"] as const) {
    test(`openSession() rejects when the start-up is ${fault} at any place, on ${name}`, () =>
      withoutUnhandledRejections(async () => {
        const length = await startupLength(target, parameters);
        for (const at of [0, ...steps(length - 1, 11)]) {
          await using proxy = await FaultProxy.start(target, (connection, number) => {
            if (number === 1) connection.failAfter(at, fault);
          });
          await using sql = connect(proxy.url(parameters), { max: 1 });
          await lossOf(sql`select 1`);
          await assertWorks(sql);
        }
      }));

    test(`Query rejects when its answer is ${fault} at any byte, on ${name}`, () =>
      withoutUnhandledRejections(async () => {
        await using proxy = await FaultProxy.start(target);
        await using sql = connect(proxy.url(parameters), { max: 1 });
        const ask = () => sql`select 'abcdefgh' as a`;
        await ask();
        const before = proxy.last.fromServer;
        await ask();
        const length = proxy.last.fromServer - before;
        for (const at of steps(length - 1, 1)) {
          await ask(); // A new connection prepares first.
          proxy.last.failAfter(at, fault);
          await lossOf(ask());
        }
        await assertWorks(sql);
      }));

    test(`RowIterator rejects when the rows are ${fault}, on ${name}`, () =>
      withoutUnhandledRejections(async () => {
        await using proxy = await FaultProxy.start(target);
        await using sql = connect(proxy.url(parameters), { max: 1 });
        for (const more of [0, 1, 2, 5, 7, 13, 1_000, 100_000]) {
          const rows = sql`select generate_series(1, 1000000) as i`[Symbol.asyncIterator]();
          let count = 0;
          await lossOf((async () => {
            for await (const { i } of rows) {
              assertEquals(i, ++count);
              if (count === 100) proxy.last.failAfter(more, fault);
            }
          })());
          assertGreater(count, 99);
          assertEquals(await rows.next(), { done: true, value: undefined });
        }
        await assertWorks(sql);
      }));

    test(`Pool replaces a connection that is ${fault} while it is idle, on ${name}`, () =>
      withoutUnhandledRejections(async () => {
        await using proxy = await FaultProxy.start(target);
        await using sql = connect(proxy.url(parameters), { max: 1 });
        await assertWorks(sql);
        proxy.last.fail(fault);
        await proxy.last.ended;
        await untilReplaced(() => assertWorks(sql));
        assertEquals(proxy.connections.length, 2);
      }));
  }

  test(`Session is lost when bytes come that nobody sent, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using proxy = await FaultProxy.start(target);
      await using sql = connect(proxy.url(parameters), { max: 1 });
      await assertWorks(sql);
      const told = rejectionOf(sql`select pg_sleep(30)`, ProtocolError);
      await new Promise((resolve) => setTimeout(resolve, 20));
      proxy.last.inject(Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40)); // A TLS alert.
      await told;
      await assertWorks(sql);
      assertEquals(proxy.connections.length, 2);
    }));

  test(`Query settles whatever is lost meanwhile, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using proxy = await FaultProxy.start(target);
      await using sql = connect(proxy.url(parameters), { max: 4 });
      let losses = 0;
      const ask = async (id: number) => {
        const expected = Array.from({ length: 300 }, (_, i) => ({ id, i }));
        try {
          const query = sql`select ${id}::int4 as id, i from generate_series(0, 299) i`;
          const rows: unknown[] = [];
          if (id % 2) rows.push(...await query);
          else for await (const row of query) rows.push(row);
          assertEquals(rows, expected);
        } catch (error) {
          if (!(error instanceof ConnectionError)) throw error;
          losses++;
        }
      };
      for (let round = 0; round < 15; round++) {
        const asked = Array.from({ length: 30 }, (_, i) => ask(round * 100 + i));
        await new Promise((resolve) => setTimeout(resolve, round % 5));
        proxy.connections.forEach((one, i) => one.fail((round + i) % 2 ? "cut" : "reset"));
        await Promise.all(asked);
      }
      assertGreater(losses, 0);
      await untilReplaced(() => assertWorks(sql));
    }));
}

/** Bytes that the server sends before the first answer to a query. */
async function startupLength(
  target: { readonly host: string; readonly port: number },
  parameters: Readonly<Record<string, string>>,
): Promise<number> {
  await using proxy = await FaultProxy.start(target);
  await using sql = connect(proxy.url(parameters), { max: 1 });
  const first = sql`select repeat('x', 100000)`;
  await first;
  return Math.min(proxy.last.fromServer - 100_000, 400);
}

/** A connection's end may be on its way still when the next query takes it. */
async function untilReplaced(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    await act();
  }
}
