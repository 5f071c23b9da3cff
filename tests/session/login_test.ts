import { createServer, Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { ConfigError, connect, ConnectionError, DatabaseError } from "../../mod.ts";
import type { ClientOptions } from "../../mod.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import type { TestServer } from "../servers.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertMatch,
  assertRejects,
} from "../std_assert.ts";
import { open } from "./open.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");

/** A login, what it comes to, and what it comes to on 2.0 if that is something else. */
interface Login {
  readonly name: string;
  readonly options: ClientOptions;
  readonly end: RegExp | "ok";
  readonly endOn20?: RegExp | "ok";
}

const plain = { sslMode: "disable" } as const;
const tls = { sslMode: "require" } as const;
const wrong = "not-the-password-81642";
const noSasl = /SASL authentication is not supported/;

function clientCertificate({ certificates }: TestServer): ClientOptions {
  const { certificate, key } = certificates.client;
  return { ...tls, sslCert: certificate, sslKey: key };
}

function logins(target: TestServer): readonly Login[] {
  const scram = { user: "u_scram", password: "pw3" };
  const scramTls = { ...tls, user: "u_scram_tls", password: "pw3" };
  const require = { channelBinding: "require" } as const;
  return [
    { name: "trust", options: plain, end: "ok" },
    { name: "trust with a password", options: { ...plain, password: wrong }, end: "ok" },
    { name: "password", options: { ...plain, user: "u_password", password: "pw1" }, end: "ok" },
    {
      name: "a password that is asked for",
      options: { ...plain, user: "u_password", password: () => Promise.resolve("pw1") },
      end: "ok",
    },
    {
      name: "password over TLS",
      options: { ...tls, user: "u_password", password: "pw1" },
      end: "ok",
    },
    { name: "md5", options: { ...plain, user: "u_md5", password: "pw2" }, end: "ok" },
    { name: "SCRAM", options: { ...plain, ...scram }, end: "ok", endOn20: noSasl },
    { name: "SCRAM over TLS", options: { ...tls, ...scram }, end: "ok", endOn20: noSasl },
    { name: "SCRAM-PLUS", options: { ...scramTls, ...require }, end: "ok", endOn20: noSasl },
    {
      name: "SCRAM without binding",
      options: { ...scramTls, channelBinding: "disable" },
      end: "ok",
      endOn20: noSasl,
    },
    { name: "a certificate", options: { ...clientCertificate(target), user: "u_cert" }, end: "ok" },
    { name: "no certificate", options: { ...tls, user: "u_cert" }, end: /certificate/ },
    {
      name: "a rejected user",
      options: { ...plain, user: "u_reject" },
      end: /pg_hba.conf rejects/,
    },
    { name: "a user for TLS only", options: { ...tls, user: "u_tls_only" }, end: "ok" },
    {
      name: "a user for TLS only, in plaintext",
      options: { ...plain, user: "u_tls_only" },
      end: /no pg_hba.conf entry/,
    },
    { name: "allow, for TLS only", options: { sslMode: "allow", user: "u_tls_only" }, end: "ok" },
    {
      name: "prefer, for plaintext only",
      options: { sslMode: "prefer", user: "u_plain_only" },
      end: "ok",
    },
    {
      name: "an unknown user",
      options: { ...plain, user: "nobody_here" },
      end: /no pg_hba.conf entry|does not exist/,
    },
    {
      name: "an unknown database",
      options: { ...plain, database: "nowhere" },
      end: /database "nowhere" does not exist/,
    },
    {
      name: "requireAuth that is met",
      options: { ...plain, user: "u_md5", password: "pw2", requireAuth: "md5,scram-sha-256" },
      end: "ok",
    },
    {
      name: "requireAuth that asks for more than md5",
      options: { ...plain, user: "u_md5", password: "pw2", requireAuth: "scram-sha-256" },
      end: /requireAuth/,
    },
    {
      name: "requireAuth that forbids a password in clear",
      options: { ...plain, user: "u_password", password: "pw1", requireAuth: "!password" },
      end: /requireAuth/,
    },
    {
      name: "requireAuth on a server that asks for nothing",
      options: { ...plain, password: wrong, requireAuth: "scram-sha-256" },
      end: /requireAuth/,
    },
    {
      name: "channelBinding that is required of a server that asks for nothing",
      options: { ...tls, ...require },
      end: /channel/i,
    },
    {
      name: "channelBinding that is required in plaintext",
      options: { ...plain, ...scram, ...require },
      end: /channel/i,
      endOn20: /channel|SASL/i,
    },
    { name: "no password", options: { ...plain, user: "u_password" }, end: /password/ },
  ];
}

const targets = [
  { name: "18 over 3.2", target: pg18, more: {} },
  { name: "13 over 3.0", target: pg13, more: {} },
  { name: "13 over 2.0", target: pg13, more: { protocolVersion: "2.0" } },
] as const;

for (const { name, target, more } of targets) {
  const isOld = "protocolVersion" in more;

  for (const login of logins(target)) {
    const { end, endOn20 = end, options } = login;
    const expected = isOld ? endOn20 : end;
    const verb = expected === "ok" ? "logs in" : "rejects";
    test(`openSession() ${verb} with ${login.name}, on ${name}`, async () => {
      const opening = open(target.url(), { passfile: "/dev/null", ...options, ...more });
      if (expected === "ok") return await (await opening).close();
      const error = await assertRejects(() => opening, Error);
      assert(isExpectedKind(error), inspect(error));
      assertMatch(error.message, expected);
      assertTellsNothing(error, [wrong, "pw1", "pw2", "pw3"]);
    });
  }

  for (const user of ["u_password", "u_md5", "u_scram"]) {
    test(`openSession() rejects with 28P01 for a wrong password of ${user}, on ${name}`, async () => {
      const options = { ...plain, ...more, user, password: wrong };
      await using sql = connect(target.url(), { ...options, max: 1 });
      const error = await assertRejects(() => Promise.resolve(sql`select 1`), DatabaseError);
      const refusal = isOld && user === "u_scram" ? noSasl : /password authentication failed/;
      assertMatch(error.message, refusal);
      assertEquals(error.code, isOld ? undefined : "28P01");
      assertTellsNothing(error, [wrong]);
    });
  }
}

test("openSession() uses the newest protocol that both sides speak", async () => {
  const version = async (target: TestServer, options: ClientOptions) => {
    const session = await open(target.url(), { ...plain, ...options });
    await session.close();
    return session.version;
  };
  assertEquals(await version(pg18, {}), "3.2");
  assertEquals(await version(pg13, {}), "3.0");
  assertEquals(await version(pg18, { maxProtocolVersion: "3.0" }), "3.0");
  assertEquals(await version(pg18, { minProtocolVersion: "3.2" }), "3.2");
  assertEquals(await version(pg13, { maxProtocolVersion: "3.0" }), "3.0");
  assertEquals(await version(pg18, { minProtocolVersion: "2.0" }), "3.2");
  assertEquals(await version(pg13, { minProtocolVersion: "2.0" }), "3.0");
  assertEquals(await version(pg13, { protocolVersion: "2.0" }), "2.0");
  assertEquals(await version(pg13, { maxProtocolVersion: "2.0" }), "2.0");
});

test("openSession() rejects when the server speaks nothing that is new enough", async () => {
  const opening = open(pg13.url(), { ...plain, minProtocolVersion: "3.2" });
  await assertRejects(() => opening, ConnectionError, "the server speaks protocol 3.0");
});

test("openSession() rejects when the server speaks 2.0 no more", async () => {
  const opening = open(pg18.url(), { ...plain, protocolVersion: "2.0" });
  await assertRejects(() => opening, DatabaseError, "unsupported frontend protocol 2.0");
});

test("openSession() falls back to 2.0 where that is allowed and the server refuses 3", async () => {
  await using old = await serverBefore74();
  const session = await open(old.url, { minProtocolVersion: "2.0" });
  assertEquals(session.version, "2.0");
  await session.close();
  await assertRejects(() => open(old.url), DatabaseError, "unsupported frontend protocol");
});

/** Refuses protocol 3 as a server of before 7.4 does, and speaks 2.0. */
async function serverBefore74(): Promise<AsyncDisposable & { readonly url: string }> {
  const listener = createServer((client) => {
    client.on("error", () => {});
    client.once("data", (packet) => {
      if (packet[5] !== 2) return client.end("EFATAL 1:  unsupported frontend protocol\n\0");
      const behind = new Socket().connect(pg13.port, pg13.host);
      behind.on("error", () => {});
      behind.write(packet);
      client.pipe(behind).pipe(client);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => listener.close(() => resolve())),
  };
}

function isExpectedKind(error: Error): boolean {
  return [DatabaseError, ConnectionError, ConfigError].some((kind) => error instanceof kind);
}

/** No secret is in what a program might log of an error. */
function assertTellsNothing(error: Error, secrets: readonly string[]): void {
  assertInstanceOf(error, Error);
  const told = [
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    String(error.stack),
    String((error.cause as Error | undefined)?.stack),
  ].join("\n");
  for (const secret of secrets) assertFalse(told.includes(secret), told);
}
