import { connect, ConnectionError, ProtocolError } from "../../mod.ts";
import type { ClientOptions, Sql } from "../../mod.ts";
import type { FrontendMessage } from "../../lib/wire/mod.ts";
import { test } from "../harness.ts";
import { assertEquals, assertInstanceOf, assertRejects } from "../std_assert.ts";
import { complete, description, ready, row, ScriptedServer } from "./scripted_server.ts";
import type { Reply, Script, ScriptedClient } from "./scripted_server.ts";
import { withoutUnhandledRejections } from "./unhandled.ts";

function client(server: ScriptedServer, options: ClientOptions = {}): Sql {
  return connect("postgres://user@memory/database?sslmode=disable", {
    connect: server.connect,
    max: 1,
    ...options,
  });
}

/** The answer that the server gives when nothing is wrong. */
const right = [{ answer: "right" }];

/** Gives `replies` to the nth message of a kind on the first connection. */
function onceTo(kind: FrontendMessage["kind"], replies: readonly Reply[], nth = 1): Script {
  let seen = 0;
  return (message, { number }) => {
    if (number !== 1 || message.kind !== kind || ++seen !== nth) return;
    return [...replies];
  };
}

function manySettings(count: number): Reply[] {
  const setting = (_: unknown, i: number) =>
    ({ kind: "ParameterStatus", name: `made_up_${i}`, value: "on" }) as const;
  return Array.from({ length: count }, setting);
}

/** What the server does wrong in the middle of queries, and the class of what they reject with. */
const faults: readonly [name: string, script: Script][] = [
  ["a ReadyForQuery in place of the answer", onceTo("Execute", [ready])],
  ["a ReadyForQuery before BindComplete", onceTo("Bind", [ready])],
  ["a second ReadyForQuery", onceTo("Execute", [row("right"), complete, ready])],
  ["a ReadyForQuery in place of a statement's description", onceTo("Parse", [ready])],
  ["a statement that is not described", onceTo("Describe", [])],
  ["a row before the statement is bound and none after", onceTo("Bind", [row("wrong"), ready])],
  ["a row behind the end of the statement", onceTo("Execute", [complete, row("wrong")])],
  ["a description where none belongs", onceTo("Execute", [description, row("wrong"), complete])],
  ["a row in the preparation", onceTo("Parse", [row("wrong")])],
  ["more settings than there can be", onceTo("Bind", manySettings(1_001))],
  ["a message of COPY", onceTo("Execute", [{ kind: "CopyDone" }, complete])],
  [
    "COPY both ways",
    onceTo("Execute", [{
      kind: "CopyBothResponse",
      format: 0,
      columnFormats: [],
    }]),
  ],
  ["an answer of the start-up", onceTo("Execute", [{ kind: "AuthenticationOk" }])],
  [
    "the answer to a function call",
    onceTo("Execute", [{
      kind: "FunctionCallResponse",
      value: null,
    }]),
  ],
  ["a message of unknown type", onceTo("Execute", [Uint8Array.of(0x21, 0, 0, 0, 4)])],
  ["a length that cannot be", onceTo("Execute", [Uint8Array.of(0x43, 0, 0, 0, 3)])],
  ["a length that is too long", onceTo("Execute", [Uint8Array.of(0x44, 0x7f, 0xff, 0xff, 0xff)])],
];

for (const [name, script] of faults) {
  test(`Session rejects with ProtocolError and is replaced after ${name}`, () =>
    withoutUnhandledRejections(async () => {
      const server = new ScriptedServer(script);
      const sql = client(server);
      const told = await Promise.allSettled([
        sql`select ${sql.unsafe("1")}`,
        sql`select 2`,
        sql`select 3`,
      ]);
      const wrong = told.filter((one) => one.status === "fulfilled")
        .filter(({ value }) => value.length !== 1 || value[0].answer !== "right");
      assertEquals(wrong, []);
      const reasons = told.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
      for (const reason of reasons) assertInstanceOf(reason, ProtocolError);
      assertEquals(reasons.length > 0, true);
      assertEquals([...await sql`select 4`], right);
      assertEquals(server.connections, 2);
      await sql.close();
      await server.allEnded();
    }));
}

const simpleFaults: readonly [name: string, replies: readonly Reply[]][] = [
  ["a row without a description", [row("wrong"), complete, ready]],
  ["a row behind its statement", [description, complete, row("wrong"), ready]],
  ["a ReadyForQuery and nothing else", [ready]],
  ["a BindComplete", [{ kind: "BindComplete" }]],
];

for (const [name, replies] of simpleFaults) {
  test(`Session rejects a simple query with ProtocolError after ${name}`, () =>
    withoutUnhandledRejections(async () => {
      const server = new ScriptedServer(onceTo("Query", replies));
      const sql = client(server);
      const told = await Promise.allSettled([
        sql`select 1`.simple(),
        sql`select 2`.simple(),
      ]);
      for (const one of told) {
        if (one.status === "rejected") assertInstanceOf(one.reason, ProtocolError);
      }
      assertEquals(told.map(({ status }) => status), ["rejected", "rejected"]);
      assertEquals([...await sql`select 3`.simple()], right);
      await sql.close();
    }));

  test(`Session rejects a stream with ProtocolError after ${name}`, () =>
    withoutUnhandledRejections(async () => {
      const server = new ScriptedServer(onceTo("Query", replies));
      const sql = client(server);
      const stream = sql`select 1`.simple()[Symbol.asyncIterator]();
      await assertRejects(() => stream.next(), ProtocolError);
      assertEquals(await stream.next(), { done: true, value: undefined });
      assertEquals([...await sql`select 3`.simple()], right);
      await sql.close();
    }));
}

/** Something comes that nobody asked for while the connection is idle. */
const unasked: readonly [name: string, reply: Reply][] = [
  ["ReadyForQuery", ready],
  ["DataRow", row("wrong")],
  ["RowDescription", description],
  ["CommandComplete", complete],
  ["an unknown message", Uint8Array.of(0x21, 0, 0, 0, 4)],
];

for (const [name, reply] of unasked) {
  test(`Pool replaces a connection that gave ${name} while it was idle`, () =>
    withoutUnhandledRejections(async () => {
      let first: ScriptedClient | undefined;
      const server = new ScriptedServer((_, one) => void (first ??= one));
      const sql = client(server);
      assertEquals([...await sql`select 1`], right);
      await first!.send(reply);
      await server.allEnded();
      assertEquals([...await sql`select 2`], right);
      assertEquals(server.connections, 2);
      await sql.close();
    }));
}

test("Session rejects with ConnectionError when the server ends without a word", () =>
  withoutUnhandledRejections(async () => {
    const server = new ScriptedServer((message, { number, close }) => {
      if (number !== 1 || message.kind !== "Execute") return;
      close();
      return [];
    });
    const sql = client(server);
    const told = await Promise.allSettled([sql`select 1`, sql`select 2`]);
    for (const one of told) {
      assertInstanceOf((one as PromiseRejectedResult).reason, ConnectionError);
    }
    assertEquals([...await sql`select 3`], right);
    await sql.close();
  }));

test("Session never takes the end of the connection for the end of the rows", () =>
  withoutUnhandledRejections(async () => {
    let syncs = 0;
    const server = new ScriptedServer((message, { close }) => {
      if (message.kind === "Execute") return [row("right"), row("right")];
      if (message.kind !== "Sync" || ++syncs < 2) return;
      close();
      return [];
    });
    const sql = client(server);
    const rows: unknown[] = [];
    await assertRejects(async () => {
      for await (const one of sql`select 1`) rows.push(one);
    }, ConnectionError);
    await sql.close();
    assertEquals(rows, [...right, ...right]);
  }));

test("openSession() takes no ReadyForQuery for a login", () =>
  withoutUnhandledRejections(async () => {
    const server = new ScriptedServer(({ kind }) => kind === "StartupMessage" ? [ready] : []);
    const sql = client(server, { requireAuth: "scram-sha-256" });
    await assertRejects(() => sql`select 1`, ProtocolError, "ReadyForQuery");
    await sql.close();
  }));

test("openSession() takes no row during the start-up", () =>
  withoutUnhandledRejections(async () => {
    const server = new ScriptedServer(({ kind }) =>
      kind === "StartupMessage" ? [{ kind: "AuthenticationOk" }, row("wrong"), ready] : []
    );
    const sql = client(server);
    await assertRejects(() => sql`select 1`, ProtocolError, "DataRow");
    await sql.close();
  }));

test("openSession() rejects with ConnectionError when nothing is answered in time", () =>
  withoutUnhandledRejections(async () => {
    const server = new ScriptedServer(() => []);
    const sql = client(server, { connectTimeoutMs: 50 });
    const error = await assertRejects(() => sql`select 1`, ConnectionError, "50 ms");
    assertEquals(error.code, "ETIMEDOUT");
    await sql.close();
    await server.allEnded();
  }));

test("connect() bounds the server's messages by maxMessageBytes", () =>
  withoutUnhandledRejections(async () => {
    const server = new ScriptedServer(
      onceTo("Execute", [row("x".repeat(2_000)), complete]),
    );
    const sql = client(server, { maxMessageBytes: 1_024 });
    await assertRejects(() => sql`select 1`, ProtocolError, "length");
    assertEquals([...await sql`select 2`], right);
    await sql.close();
  }));

test("Session takes asynchronous messages anywhere", async () => {
  const notices: unknown[] = [];
  const parameters: string[] = [];
  const between: Reply[] = [
    { kind: "NoticeResponse", fields: { severity: "NOTICE", message: "mind" } },
    { kind: "ParameterStatus", name: "TimeZone", value: "UTC" },
    { kind: "NotificationResponse", processId: 1, channel: "c", payload: "p" },
  ];
  const server = new ScriptedServer(({ kind }) => {
    if (kind === "Sync") return [...between, ready];
    if (kind === "Bind") return [...between, { kind: "BindComplete" }, ...between];
    if (kind === "Execute") return [row("right"), ...between, row("right"), ...between, complete];
    if (kind === "Parse") return [...between, { kind: "ParseComplete" }, ...between];
  });
  const sql = client(server, {
    onNotice: (notice) => notices.push(notice.message),
    onParameter: (name, value) => parameters.push(`${name}=${value}`),
  });
  assertEquals([...await sql`select 1`], [...right, ...right]);
  assertEquals(notices, Array(7).fill("mind"));
  assertEquals(parameters, Array(7).fill("TimeZone=UTC"));
  await sql.close();
});
