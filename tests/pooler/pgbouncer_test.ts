/** What the real pgbouncer takes, refuses and mixes up. */

import { access } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { connect, DatabaseError } from "../../mod.ts";
import { startPgbouncer } from "../../tools/pgbouncer.ts";
import { server } from "../servers.ts";
import { ask, open } from "../session/open.ts";
import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "../std_assert.ts";
import { testPooled } from "./pooled.ts";

const v3 = { max: 1, maxProtocolVersion: "3.0" } as const;

testPooled("pgbouncer takes the start-up of 3.0 and keeps what it tracks", {}, async (pooler) => {
  const parameters = { TimeZone: "Asia/Tokyo", DateStyle: "German" };
  await using sql = connect(pooler.url(), { ...v3, applicationName: "shop", parameters });
  const [row] = await sql.unsafe(`
    select current_setting('application_name') as name, current_setting('TimeZone') as zone,
      current_setting('DateStyle') as style, current_setting('client_encoding') as encoding
  `).simple();
  assertEquals(row, { name: "shop", zone: "Asia/Tokyo", style: "German, DMY", encoding: "UTF8" });
});

testPooled("pgbouncer does not speak 3.2", {}, async (pooler) => {
  const error = await assertRejects(() => open(pooler.url(), { minProtocolVersion: "3.2" }), Error);
  // Versions before 1.23 refuse it, later ones negotiate.
  assertMatch(error.message, /^bad packet header|the server speaks protocol 3\.0/);
});

testPooled("pgbouncer refuses settings at start-up that it does not track", {}, async (pooler) => {
  for (const more of [{ parameters: { statement_timeout: "5s" } }, { options: "-c geqo=off" }]) {
    const error = await assertRejects(() => open(pooler.url(), { ...v3, ...more }), DatabaseError);
    assertEquals(error.code, "08P01");
    assertMatch(error.message, /^unsupported startup parameter/);
  }
});

testPooled("pgbouncer gives each transaction another server connection", {}, async (pooler) => {
  const [one, other] = [await open(pooler.url(), v3), await open(pooler.url(), v3)];
  const backend = async () => (await ask(one, "select pg_backend_pid()"))[0][0];
  const before = await backend();
  assertEquals((await ask(other, "begin; select pg_backend_pid()"))[0][0], before);
  assertNotEquals(await backend(), before);
  await one.close();
  await other.close();
});

testPooled(
  "pgbouncer leaves the settings of one client to the next",
  { default_pool_size: 1 },
  async (pooler) => {
    const [one, other] = [await open(pooler.url(), v3), await open(pooler.url(), v3)];
    await ask(one, "set statement_timeout = '77s'");
    assertEquals([...await ask(other, "show statement_timeout")], [["77s"]]);
    await one.close();
    await other.close();
  },
);

testPooled(
  "pgbouncer answers pipelined queries in order over two server connections",
  { default_pool_size: 2 },
  async (pooler) => {
    const sessions = [await open(pooler.url(), v3), await open(pooler.url(), v3)];
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const answers = await Promise.all(numbers.map((number) =>
      // Each seventh fails: an error must not shift what comes behind it.
      ask(sessions[number % 2], number % 7 === 0 ? "select 1 / 0" : `select ${number}`)
        .then((rows) => rows[0][0], (error) => error.code)
    ));
    assertEquals(answers, numbers.map((number) => number % 7 === 0 ? "22012" : number));
    for (const session of sessions) await session.close();
  },
);

testPooled("pgbouncer passes a cancel on to the server", {}, async (pooler) => {
  await using sql = connect(pooler.url(), v3);
  await using observer = connect((await server("pg18")).url(), { max: 1 });
  const running = () =>
    observer`select 1 from pg_stat_activity where query = 'select pg_sleep(55)'`;
  const query = sql.unsafe("select pg_sleep(55)").simple();
  const outcome = query.then(() => "done", (error: Error) => error.name);
  while ((await running()).length === 0) await delay(5);
  query.cancel();
  assertEquals(await outcome, "AbortError");
  assertEquals([...await sql.unsafe("select 1 as a").simple()], [{ a: 1 }]);
});

testPooled("startPgbouncer() leaves nothing behind", {}, async (pooler) => {
  await pooler.close();
  await assertRejects(() => open(pooler.url(), v3), Error, "connection refused");
  await assertRejects(() => access(pooler.logFile), Error, "ENOENT");
});

testPooled("startPgbouncer() says why pgbouncer does not start", {}, async ({ host, port }) => {
  const settings = { pool_mode: "sometimes" };
  await assertRejects(() => startPgbouncer({ host, port, settings }), Error, "sometimes");
});
