/** Where `connect` finds its servers: sockets of both kinds, and several hosts. */

import { connect, ConnectionError } from "../../mod.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assert, assertEquals, assertInstanceOf, assertStringIncludes } from "../std_assert.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

/** A port on which nobody listens. */
const closed = "127.0.0.1:1";

const targets = [
  { name: "18 over 3.2", pg: pg18, parameters: {} },
  { name: "13 over 2.0", pg: pg13, parameters: { protocolVersion: "2.0" } },
] as const;

async function whoAmI(url: string): Promise<{ name: string; overTcp: boolean }> {
  const sql = connect(url, { max: 1 });
  try {
    const [row] = await sql<{ name: string; overTcp: boolean }>`
      select current_user::text as name, inet_client_addr() is not null as "overTcp"`;
    return row;
  } finally {
    await sql.close();
  }
}

async function failureOf(url: string): Promise<ConnectionError> {
  const sql = connect(url, { max: 1 });
  try {
    const error = await sql`select 1`.then(() => undefined, (error) => error);
    assertInstanceOf(error, ConnectionError);
    return error;
  } finally {
    await sql.close();
  }
}

for (const { name, pg, parameters } of targets) {
  test(`connect() reaches a server through its Unix socket, on ${name}`, async () => {
    const trusted = await whoAmI(pg.socketUrl({ ...parameters, sslmode: "require" }));
    assertEquals(trusted, { name: "postgres", overTcp: false });
  });

  test(`connect() goes on to the next host when one cannot be reached, on ${name}`, async () => {
    const { host, port } = pg;
    const query = new URLSearchParams(parameters);
    const url = `postgres://postgres@${closed},${host}:${port}/postgres?${query}`;
    assertEquals(await whoAmI(url), { name: "postgres", overTcp: true });
  });
}

test("connect() asks for the password of a Unix socket's user by SCRAM", async () => {
  const url = pg18.socketUrl({ user: "u_scram", password: "pw3", database: "postgres" });
  assertEquals(await whoAmI(url), { name: "u_scram", overTcp: false });
});

test("connect() says of each host why it cannot be reached", async () => {
  const error = await failureOf(`postgres://postgres@${closed},127.0.0.1:2/postgres`);
  assertStringIncludes(error.message, "Cannot connect to any of 2 hosts");
  assertStringIncludes(error.message, "127.0.0.1:1");
  assertStringIncludes(error.message, "127.0.0.1:2");
  assert(error.safeToRetry);
});

test("connect() says which socket is missing", async () => {
  const error = await failureOf("postgres://postgres@%2Fnowhere%2Fat%2Fall/postgres");
  assertEquals(error.code, "ENOENT");
  assertStringIncludes(error.message, "/nowhere/at/all");
});

test("connect() asks a password function for each new connection", async () => {
  let asked = 0;
  const password = () => Promise.resolve(asked++ === 0 ? "pw3" : "not this one");
  const sql = connect(pg18.url({ user: "u_scram", database: "postgres" }), {
    max: 1,
    password,
    maxLifetimeMs: 1,
  });
  try {
    await sql`select pg_sleep(0.01)`;
    const error = await sql`select 1`.then(() => undefined, (error) => error);
    assertEquals(error?.code, "28P01");
    assert(!JSON.stringify(error).includes("not this one"));
    assertEquals(asked, 2);
  } finally {
    await sql.close();
  }
});
