import { readFile } from "node:fs/promises";
import { connect as connectTcp, type Socket } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { connect as connectTls } from "node:tls";
import { connectionUrl } from "../tools/embedded_postgres.ts";
import { test } from "./harness.ts";
import { databaseUrl, server, type TestServer } from "./servers.ts";
import { assert, assertEquals, assertRejects } from "./std_assert.ts";

const pg13 = await server("pg13");
const pg18 = await server("pg18");
const wrongName = await server("wrongName");

for (const one of [pg13, pg18]) {
  test(`server("${one.name}") trusts postgres over TCP and the Unix socket`, async () => {
    assertEquals(await answerToStartup(await tcp(one), "postgres"), "R 0");
    assertEquals(await answerToStartup(await unixSocket(one), "postgres"), "R 0");
  });

  test(`server("${one.name}") has a role for each way to authenticate`, async () => {
    const overTcp = async (user: string) => answerToStartup(await tcp(one), user);
    const overTls = async (user: string) => answerToStartup(await tls(one), user);
    assertEquals(await overTcp("u_password"), "R 3");
    assertEquals(await overTcp("u_md5"), "R 5");
    assertEquals(await overTcp("u_scram"), "R 10");
    assertEquals(await overTls("u_scram_tls"), "R 10");
    assertEquals(await overTcp("u_scram_tls"), "E 28000");
    assertEquals(await overTls("u_tls_only"), "R 0");
    assertEquals(await overTcp("u_tls_only"), "E 28000");
    assertEquals(await overTcp("u_plain_only"), "R 0");
    assertEquals(await overTls("u_plain_only"), "E 28000");
    assertEquals(await overTcp("u_reject"), "E 28000");
    assertEquals(await overTls("u_cert"), "E 28000");
    assertEquals(await answerToStartup(await unixSocket(one), "u_scram"), "R 10");
  });

  test(`server("${one.name}") takes the client certificate of u_cert`, async () => {
    const { client } = one.certificates;
    const socket = await tls(one, { cert: client.certificate, key: client.key });
    assertEquals(await answerToStartup(socket, "u_cert"), "R 0");
  });

  test(`server("${one.name}") has a certificate of its own authority alone`, async () => {
    await assertRejects(() => tls(one, { ca: one.certificates.otherCa }), Error);
  });
}

test("server() describes its certificates as texts and as files", async () => {
  const { certificates } = pg18;
  assertEquals(await readFile(certificates.caFile, "utf8"), certificates.ca);
  assertEquals(await readFile(certificates.otherCaFile, "utf8"), certificates.otherCa);
  assertEquals(
    await readFile(certificates.clientCertificateFile, "utf8"),
    certificates.client.certificate,
  );
  assertEquals(await readFile(certificates.clientKeyFile, "utf8"), certificates.client.key);
});

test('server("wrongName") has a certificate for another name', async () => {
  const error = await assertRejects(() => tls(wrongName), Error);
  assertEquals((error as NodeJS.ErrnoException).code, "ERR_TLS_CERT_ALTNAME_INVALID");
  const socket = await tls(wrongName, { servername: "wrong.example" });
  assertEquals(await answerToStartup(socket, "postgres"), "R 0");
});

test("databaseUrl() is that of the environment, else that of a server of ours", async () => {
  assertEquals(await databaseUrl("3.2"), process.env.DATABASE_URL || pg18.url());
  assertEquals(await databaseUrl("2.0"), process.env.DATABASE_URL_V2 || pg13.url());
});

test("connectionUrl() encodes what has a meaning in a URL", () => {
  assertEquals(connectionUrl("127.0.0.1", 5432), "postgres://postgres@127.0.0.1:5432/postgres");
  assertEquals(
    connectionUrl("/tmp/a b", 1, { user: "u@x", password: "p/:", database: "d?", sslmode: "a&b" }),
    "postgres://u%40x:p%2F%3A@%2Ftmp%2Fa%20b:1/d%3F?sslmode=a%26b",
  );
});

async function tcp({ host, port }: TestServer): Promise<Socket> {
  return await opened(connectTcp(port, host), "connect");
}

async function unixSocket({ socketDirectory, port }: TestServer): Promise<Socket> {
  return await opened(connectTcp(join(socketDirectory, `.s.PGSQL.${port}`)), "connect");
}

interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

async function tls(one: TestServer, options: TlsOptions = {}): Promise<Socket> {
  const socket = await tcp(one);
  socket.write(words(8, 80877103)); // SSLRequest
  const answer = await new Promise<Uint8Array>((resolve) => socket.once("data", resolve));
  assertEquals(String.fromCharCode(...answer), "S");
  const { ca } = one.certificates;
  return await opened(
    connectTls({ socket, ca, servername: "localhost", ...options }),
    "secureConnect",
  );
}

function opened<S extends Socket>(socket: S, event: "connect" | "secureConnect"): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket));
    socket.once("error", (error) => {
      socket.destroy();
      reject(error);
    });
  });
}

/** The start of the first answer: the kind of an Authentication message, or an error's SQLSTATE. */
async function answerToStartup(socket: Socket, user: string): Promise<string> {
  const body = new TextEncoder().encode(`user\0${user}\0database\0postgres\0\0`);
  const length = 8 + body.length;
  socket.write(new Uint8Array([...words(length, 196608), ...body])); // StartupMessage of 3.0
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    socket.once("data", resolve);
    socket.once("error", reject);
  });
  socket.destroy();
  assert(bytes.length >= 9, "a whole answer in the first chunk");
  const type = String.fromCharCode(bytes[0]);
  if (type === "R") return `R ${new DataView(bytes.buffer, bytes.byteOffset).getInt32(5)}`;
  const [, sqlState] = new TextDecoder().decode(bytes).match(/\0C([0-9A-Z]{5})\0/) ?? [];
  return `${type} ${sqlState}`;
}

function words(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => view.setInt32(4 * index, value));
  return new Uint8Array(view.buffer);
}
