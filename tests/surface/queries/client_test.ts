/** What a client tells of itself and its connections, and what it calls. */

import { connect, ConnectionError } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotEquals,
  assertRejects,
} from "../../std_assert.ts";

testBoth(
  "Sql.parameters are what the server says, as last told",
  async (open, { protocolVersion }) => {
    const sql = open({ max: 1 });
    assertEquals(sql.parameters, {});
    await sql.connect();
    assertEquals(sql.parameters.client_encoding, "UTF8");
    assertEquals(sql.parameters.standard_conforming_strings, "on");
    if (protocolVersion === "2.0") return;
    assert(sql.parameters.server_version.startsWith("18"), sql.parameters.server_version);
    await sql`set timezone to 'Asia/Tokyo'`;
    assertEquals(sql.parameters.TimeZone, "Asia/Tokyo");
  },
);

testBoth(
  "parameters of a reserved connection and a transaction are its own",
  async (open, { protocolVersion }) => {
    const sql = open({ max: 2 });
    await using reserved = await sql.reserve();
    await using other = await sql.reserve();
    assertEquals(reserved.parameters.client_encoding, "UTF8");
    if (protocolVersion === "2.0") return;
    await reserved`set timezone to 'Asia/Tokyo'`;
    assertEquals(reserved.parameters.TimeZone, "Asia/Tokyo");
    assertNotEquals(other.parameters.TimeZone, "Asia/Tokyo");
    await reserved.begin((tx) => assertEquals(tx.parameters.TimeZone, "Asia/Tokyo"));
  },
);

testBoth("Sql.options are those that were given, and no secret is among them", async (open) => {
  const sql = open({ max: 3, password: "hush", statementCacheSize: 7, queryTimeoutMs: 60_000 });
  await sql.connect();
  const { max, statementCacheSize, queryTimeoutMs, user, host } = sql.options;
  assertEquals({ max, statementCacheSize, queryTimeoutMs }, {
    max: 3,
    statementCacheSize: 7,
    queryTimeoutMs: 60_000,
  });
  assertEquals(user, "postgres");
  assert(host !== undefined);
  const everything = JSON.stringify([sql.options, Object.entries(sql), Object.keys(sql.options)]);
  assert(!everything.includes("hush"), everything);
  assert(!("password" in sql.options));
});

testBoth("Sql.options.parsers and serializers count from the next query on", async (open) => {
  const sql = open({ max: 1 });
  const ask = () => sql`select 5::int4 as n, ${"x"}::text as t`;
  const plain = { n: 5, t: "x" };
  assertEquals([await ask().one(), await ask().one()], [plain, plain]);
  sql.options.parsers[23] = (text) => `<${text}>`;
  sql.options.serializers[25] = (value) => `${value}!`;
  const hooked = { n: "<5>", t: "x!" };
  assertEquals([await ask().one(), await ask().one()], [hooked, hooked]);
  await sql.begin(async (tx) => {
    assertEquals(await tx`select 5::int4 as n`.one(), { n: "<5>" });
    tx.options.parsers[23] = (text) => `(${text})`;
    assertEquals(await tx`select 5::int4 as n`.one(), { n: "(5)" });
  });
  delete sql.options.parsers[23];
  delete sql.options.serializers[25];
  assertEquals([await ask().one(), await ask().one()], [plain, plain]);
});

testBoth("serializers count for a text that is run the first time", async (open) => {
  const sql = open({ max: 1 });
  sql.options.serializers[23] = (value) => String(Number(value) + 1);
  for (let i = 0; i < 3; i++) assertEquals(await sql`select ${1}::int4 as n`.one(), { n: 2 });
});

testBoth("onNotice, onParameter and onClose are called", async (open, { protocolVersion }) => {
  const heard: string[] = [];
  const ends: (Error | undefined)[] = [];
  const sql = open({
    max: 1,
    onNotice: ({ message }) => heard.push(message),
    onParameter: (name, value) => heard.push(`${name}=${value}`),
    onClose: (error) => ends.push(error),
  });
  await sql`do $$ begin raise notice 'well, well'; end $$`;
  assert(heard.includes("well, well"));
  await sql`set application_name to 'renamed'`;
  assertEquals(heard.includes("application_name=renamed"), protocolVersion === "3.2");
  assertEquals(ends, []);
  await sql.close();
  assertEquals(ends, [undefined]);
});

testBoth("onClose gets the reason of an end that was not asked for", async (open) => {
  const ends: (Error | undefined)[] = [];
  const sql = open({ max: 1, onClose: (error) => ends.push(error) });
  const query = sql`select pg_terminate_backend(pg_backend_pid())`;
  await assertRejects(() => query.then(), Error);
  assertEquals(ends.length, 1);
  assertInstanceOf(ends[0], ConnectionError);
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testBoth("onClose that throws fails close() alone", async (_, { url, protocolVersion }) => {
  const sql = connect(url, {
    protocolVersion,
    onClose() {
      throw new Error("mine");
    },
  });
  await sql.connect();
  await assertRejects(() => sql.close(), Error, "mine");
});

testBoth("a parser that throws fails its query alone", async (open) => {
  const sql = open({ max: 1 });
  sql.options.parsers[23] = () => {
    throw new Error("unreadable");
  };
  for (let i = 0; i < 2; i++) {
    await assertRejects(() => sql`select 1::int4 as n`.then(), Error, "unreadable");
    await assertRejects(() => sql`select 1::int4 as n`.batches().next(), Error, "unreadable");
    assertEquals(await sql`select 'x' as t`.one(), { t: "x" });
  }
});

testBoth("Sql.connect() opens a connection, and gives the client", async (open) => {
  const sql = open({ max: 2 });
  assertEquals(await sql.connect(), sql);
  const pid = () => sql<{ pid: number }>`select pg_backend_pid() as pid`.one();
  const first = await pid();
  await sql.connect();
  assertEquals(await pid(), first);
});

testBoth("Sql.connect() rejects when there is no server, and with its signal", async (open) => {
  const nowhere = open({ host: "127.0.0.1", port: 1 });
  await assertRejects(() => nowhere.connect(), ConnectionError);
  const sql = open({ max: 1 });
  const signal = AbortSignal.abort(new Error("no time"));
  await assertRejects(() => sql.connect({ signal }), Error, "no time");
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testBoth("Sql.reserve() gives one connection alone, until it is released", async (open) => {
  const sql = open({ max: 2 });
  const reserved = await sql.reserve();
  const pid = (tag: typeof reserved | typeof sql) =>
    tag<{ pid: number }>`select pg_backend_pid() as pid`.one().then(({ pid }) => pid);
  const own = await pid(reserved);
  assertEquals(await pid(reserved), own);
  assertNotEquals(await pid(sql), own);
  await reserved`create temporary table mine (id int4)`;
  await reserved.begin(async (tx) => {
    await tx`insert into mine values (1)`;
    await tx.savepoint((deeper) => deeper`insert into mine values (2)`);
  });
  assertEquals(await reserved`select count(*)::int4 as n from mine`.one(), { n: 2 });
  await reserved.release();
  await assertRejects(() => reserved`select 1`.then(), TypeError, "released");
  await reserved.release();
});

testBoth("Sql.reserve() waits for a free connection, or for its signal", async (open) => {
  const sql = open({ max: 1 });
  const first = await sql.reserve();
  const controller = new AbortController();
  const given = sql.reserve({ signal: controller.signal });
  const second = sql.reserve();
  controller.abort(new Error("enough"));
  await assertRejects(() => given, Error, "enough");
  await first.release();
  await using reserved = await second;
  assertEquals(await reserved`select 1 as one`.one(), { one: 1 });
});

testBoth(
  "a transaction that is left open on a reserved connection is rolled back",
  async (open) => {
    const sql = open({ max: 1 });
    await sql`create temporary table item (id int4)`;
    {
      await using reserved = await sql.reserve();
      await reserved`begin`;
      await reserved`insert into item values (1)`;
    }
    assertEquals(await sql`select count(*)::int4 as n from item`.one(), { n: 0 });
    await sql`insert into item values (2)`;
  },
);
