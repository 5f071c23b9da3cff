import { callFunction } from "../../lib/session/function_call.ts";
import { connect, ConnectionError, DatabaseError } from "../../mod.ts";
import { FaultProxy } from "../faults/proxy.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import type { TestServer } from "../servers.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "../std_assert.ts";
import { ask, open } from "./open.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

interface Target {
  readonly name: string;
  readonly target: TestServer;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of the secret that a CancelRequest shows. */
  readonly keyBytes: number;
}

const protocols: readonly Target[] = [
  { name: "18 over 3.2", target: pg18, parameters: { sslmode: "disable" }, keyBytes: 32 },
  { name: "13 over 3.0", target: pg13, parameters: { sslmode: "disable" }, keyBytes: 4 },
  {
    name: "13 over 2.0",
    target: pg13,
    parameters: { sslmode: "disable", protocolVersion: "2.0" },
    keyBytes: 4,
  },
];

/** The Int32 at an offset. */
function int32(bytes: Uint8Array, offset = 0): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getInt32(offset);
}

function int4(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value);
  return bytes;
}

/** pg_proc.oid of int4pl, which is strict. */
const INT4PL = 177;

for (const { name, target, parameters, keyBytes } of protocols) {
  const url = target.url(parameters);
  const isOld = name.includes("2.0");

  test(`simpleQuery() gives each of several statements its own result, on ${name}`, async () => {
    const session = await open(url);
    const { statements } = await ask(
      session,
      "select 1, 'a'; create temp table t (i int4); insert into t values (1), (2);; select i from t",
    );
    assertEquals(statements.map((one) => [one.command, one.count, [...one]]), [
      ["SELECT", 1, [[1, "a"]]],
      ["CREATE TABLE", 0, []],
      ["INSERT", 2, []],
      ["SELECT", 2, [[1], [2]]],
    ]);
    for (const empty of ["", "  ", ";", "-- nothing"]) {
      assertEquals((await ask(session, empty)).command, "");
    }
    await assertRejects(() => ask(session, "select 1; select 1/0; select 2"), DatabaseError);
    await session.close();
  });

  test(`callFunction() gives a function's result, on ${name}`, async () => {
    const session = await open(url);
    assertEquals(await callFunction(session, INT4PL, [int4(40), int4(2)]), int4(42));
    assertEquals(await callFunction(session, INT4PL, [int4(40), null]), null);
    await assertRejects(() => callFunction(session, INT4PL, [int4(40)]), DatabaseError);
    await assertRejects(() => callFunction(session, 1, []), DatabaseError);
    assertEquals(await callFunction(session, INT4PL, [int4(-1), int4(1)]), int4(0));
    await session.close();
  });

  test(`refuseCopy() leaves a usable connection and its neighbours alone, on ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using sql = connect(url, { max: 1 });
      await sql`create temp table copied (i int4)`;
      const [before] = await sql`select pg_backend_pid() as pid`;
      for (
        const copy of ["copy copied from stdin", "copy (select generate_series(1, 5)) to stdout"]
      ) {
        for (const simple of [false, true]) {
          const query = () => simple ? sql.unsafe(copy).simple() : sql.unsafe(copy);
          const [first, refused, last] = await Promise.allSettled([
            sql`select 1 as n`,
            query(),
            sql`select 2 as n`,
          ]);
          assertEquals(first.status === "fulfilled" && [...first.value], [{ n: 1 }]);
          assert(refused.status === "rejected" && refused.reason instanceof TypeError);
          assertEquals(last.status === "fulfilled" && [...last.value], [{ n: 2 }]);
          await assertRejects(
            async () => {
              for await (const _ of query()) { /* Refused as well. */ }
            },
            TypeError,
            "COPY",
          );
        }
      }
      const [after] = await sql`select pg_backend_pid() as pid, count(*)::int4 as n from copied`;
      assertEquals(after, { ...before, n: 0 });
    }));

  test(`Session tells notices to the query and to onNotice, on ${name}`, async () => {
    const told: string[] = [];
    await using sql = connect(url, { max: 1, onNotice: ({ message }) => told.push(message) });
    const list = await sql.unsafe("do $$ begin raise notice 'mind the gap'; end $$");
    assertEquals(list.notices.map(({ message }) => message), ["mind the gap"]);
    assertEquals(told, ["mind the gap"]);
  });

  test(`Session.parameters holds what the server reports, on ${name}`, async () => {
    const told: string[] = [];
    const session = await open(url, {
      parameters: { TimeZone: "Asia/Tokyo", search_path: "pg_catalog" },
      onParameter: (parameter, value) => told.push(`${parameter}=${value}`),
    });
    assertEquals(session.parameters.get("client_encoding"), "UTF8");
    assertEquals(session.parameters.get("TimeZone"), "Asia/Tokyo");
    assertMatch(session.parameters.get("DateStyle")!, /^ISO, /);
    assertMatch(session.parameters.get("server_version")!, /^1[38]/);
    assertEquals([...await ask(session, "show search_path")], [["pg_catalog"]]);
    await ask(session, "set TimeZone to 'UTC'");
    assertEquals(told.includes("TimeZone=UTC"), !isOld); // 2.0 reports nothing.
    await session.close();
  });

  test(`Session.transactionStatus follows each statement, on ${name}`, async () => {
    const session = await open(url);
    const steps: readonly [query: string, status: string][] = [
      ["select 1", "I"],
      ["begin", "T"],
      ["savepoint a", "T"],
      ["select 1/0", "E"],
      ["rollback to a", "T"],
      ["select 1", "T"],
      ["commit and chain", "T"],
      ["rollback and chain", "T"],
      ["select 1/0", "E"],
      ["rollback and chain", "T"],
      ["select 1/0", "E"],
      ["commit", "I"],
      ["select 1/0", "I"],
      ["begin; select 1; commit", "I"],
      ["begin; select 1/0", "E"],
      ["rollback", "I"],
      ["start transaction read only", "T"],
      ["do $$ begin perform 1; end $$", "T"],
      ["end", "I"],
    ];
    for (const [query, status] of steps) {
      await ask(session, query).catch((error) => assert(error instanceof DatabaseError));
      await untilKnown(session);
      assertEquals([query, session.transactionStatus], [query, status]);
    }
    await session.close();
  });

  test(`Session.cancel() shows the whole key, on ${name}`, async () => {
    await using proxy = await FaultProxy.start(target);
    await using sql = connect(proxy.url(parameters), { max: 1 });
    await sql`select 1`;
    await abortSleep(sql);
    const [request] = proxy.last.fromClient;
    assertEquals([request.length, int32(request)], [12 + keyBytes, 12 + keyBytes]);
    assertEquals(int32(request, 4), 80877102); // CancelRequest
  });

  test(`Session.cancel() is as secret as the session, on ${name}`, async () => {
    await using proxy = await FaultProxy.start(target);
    await using sql = connect(proxy.url({ ...parameters, sslmode: "require" }), { max: 1 });
    await sql`select 1`;
    await abortSleep(sql);
    const [request, hello] = proxy.last.fromClient;
    assertEquals([request.length, int32(request, 4)], [8, 80877103]); // SSLRequest
    assertEquals(hello[0], 0x16); // A TLS handshake, see RFC 8446, section 5.1.
  });

  test(`Session.close() lets what was asked be answered, on ${name}`, async () => {
    const session = await open(url);
    const asked = [ask(session, "select pg_sleep(0.05)"), ask(session, "select 2")];
    await session.close();
    assertEquals([...(await Promise.all(asked))[1]], [[2]]);
    await assertRejects(() => ask(session, "select 3"), ConnectionError, "was closed");
  });

  test(`StatementCache prepares anew what is gone or has changed, on ${name}`, async () => {
    await using sql = connect(url, { max: 1 });
    await sql`create temp table t as select 1 as a`;
    const read = () => sql`select * from t`;
    await read();
    await sql`alter table t add b int4 default 2`;
    await read().catch((error) => assertEquals(error.code, "0A000"));
    assertEquals([...await read()], [{ a: 1, b: 2 }]);
    await sql`deallocate all`;
    await read().catch((error) => assertEquals(error.code, "26000"));
    assertEquals([...await read()], [{ a: 1, b: 2 }]);
  });
}

test("Session is lost when client_encoding is no longer UTF8", () =>
  withoutUnhandledRejections(async () => {
    await using sql = connect(pg18.url({ sslmode: "disable" }), { max: 1 });
    await assertRejects(
      () => Promise.resolve(sql`set client_encoding to latin1`),
      ConnectionError,
      "client_encoding",
    );
    assertEquals([...await sql`select 'ä' as a`], [{ a: "ä" }]);
  }));

/** On 2.0 the server may have to be asked for the status. */
async function untilKnown(session: Awaited<ReturnType<typeof open>>): Promise<void> {
  while (session.transactionStatus === undefined || session.pending > 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function abortSleep(sql: ReturnType<typeof connect>): Promise<void> {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const query = sql`select pg_sleep(600)`.with({ signal: controller.signal });
  await assertRejects(() => Promise.resolve(query), DOMException);
  await sql`select 1`;
}
