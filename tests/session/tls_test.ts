/** Real handshakes with real servers, and servers that do what no real one should. */

import { X509Certificate } from "node:crypto";
import net from "node:net";
import tls from "node:tls";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { ConfigError, ConnectionError, ProtocolError } from "../../lib/errors.ts";
import { denoConnector } from "../../lib/runtime/deno.ts";
import type { DenoApi } from "../../lib/runtime/deno_api.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import { openTransport } from "../../lib/session/open_transport.ts";
import type { OpenTransportOptions } from "../../lib/session/open_transport.ts";
import type { SslMode, TlsSettings } from "../../lib/session/session_options.ts";
import { mayFallBack, tlsAttempts } from "../../lib/session/tls_plan.ts";
import { memoryPair } from "../../lib/transport/memory.ts";
import type { Address, Transport } from "../../lib/transport/transport.ts";
import { encodeFrontendV3 } from "../../lib/wire/v3/frontend_encoder.ts";
import { createAuthority } from "../../tools/certificates.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { listen } from "../transport/peers.ts";

const pg18 = await server("pg18");
const pg13 = await server("pg13");
const wrongName = await server("wrongName");
const { connect } = detectRuntime();
const { ca, otherCa } = pg18.certificates;

interface Target {
  readonly address: Address;
  readonly serverName?: string;
  readonly tls: Partial<TlsSettings> & { readonly mode: SslMode };
  readonly more?: Partial<OpenTransportOptions>;
}

/** Attempt by attempt, as a session does it. */
async function open({ address, serverName = "localhost", ...target }: Target): Promise<Transport> {
  const tls = { negotiation: "postgres", serverNameIndication: true, ...target.tls } as const;
  let failure: unknown;
  for (const attempt of tlsAttempts(tls, address)) {
    try {
      const host = { address, serverName };
      return await openTransport({ connect, host, attempt, tls, ...target.more });
    } catch (error) {
      if (!mayFallBack(attempt, error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** The first message that answers a StartupMessage: its type and the five bytes behind the length. */
async function startUp(transport: Transport, user = "postgres"): Promise<string> {
  const message = new ByteWriter();
  const parameters = { user, database: "postgres" };
  encodeFrontendV3({ kind: "StartupMessage", version: 0x00030000, parameters }, message);
  const writer = transport.writable.getWriter();
  const reader = transport.readable.getReader();
  await writer.write(message.take());
  const { value } = await reader.read();
  assert(value, "the server closed the connection");
  reader.releaseLock();
  writer.releaseLock();
  await transport.close();
  return String.fromCharCode(value[0]) + value[8];
}

const plain = { ...pg18, serverName: "localhost", title: "PostgreSQL 18" };
const byAddress = { ...pg18, serverName: "127.0.0.1", title: "PostgreSQL 18 by its IP address" };
const alias = { ...pg18, serverName: "elsewhere.example", title: "an alias of PostgreSQL 18" };
const wrong = { ...wrongName, serverName: "localhost", title: "a certificate of another name" };
const wrongCa = wrongName.certificates.ca;

type Outcome = "plain" | "secure" | "CERTIFICATE";

const outcomes: readonly [typeof plain, SslMode, string | undefined, Outcome][] = [
  [plain, "disable", undefined, "plain"],
  [plain, "allow", undefined, "plain"],
  [plain, "prefer", undefined, "secure"],
  [plain, "prefer", ca, "secure"],
  [plain, "prefer", otherCa, "CERTIFICATE"],
  [plain, "require", undefined, "secure"],
  [plain, "require", ca, "secure"],
  [plain, "require", otherCa, "CERTIFICATE"],
  [plain, "verify-ca", ca, "secure"],
  [plain, "verify-ca", otherCa, "CERTIFICATE"],
  [plain, "verify-full", ca, "secure"],
  [plain, "verify-full", otherCa, "CERTIFICATE"],
  [plain, "verify-full", undefined, "CERTIFICATE"],
  [byAddress, "verify-full", ca, "secure"],
  [alias, "verify-ca", ca, "secure"],
  [alias, "verify-full", ca, "CERTIFICATE"],
  [wrong, "prefer", undefined, "secure"],
  [wrong, "require", undefined, "secure"],
  [wrong, "verify-ca", wrongCa, "secure"],
  [wrong, "verify-full", wrongCa, "CERTIFICATE"],
];

for (const [host, mode, root, outcome] of outcomes) {
  const roots = new Map([[ca, "its CA"], [wrongCa, "its CA"], [otherCa, "an unrelated CA"]]);
  const given = root === undefined ? "no CA" : roots.get(root);
  test(`openTransport() sslmode=${mode} with ${given}, ${host.title}: ${outcome}`, async () => {
    const rootCertificates = root === undefined ? undefined : [root];
    const opening = open({
      address: { host: host.host, port: host.port },
      serverName: host.serverName,
      tls: { mode, rootCertificates },
    });
    if (outcome === "CERTIFICATE") {
      const error = await assertRejects(() => opening, ConnectionError);
      assertEquals(error.code, "CERTIFICATE", error.message);
      const start = `Cannot secure the connection to ${host.serverName}: `;
      assert(error.message.startsWith(start), error.message);
      return;
    }
    const transport = await opening;
    assertEquals(transport.info.secure, outcome === "secure");
    assertEquals(await startUp(transport), "R0");
  });
}

const address18 = { host: pg18.host, port: pg18.port };

test("openTransport() shows a client certificate", async () => {
  const { certificate, key } = pg18.certificates.client;
  const tls = { mode: "verify-full", rootCertificates: [ca], certificate, key } as const;
  assertEquals(await startUp(await open({ address: address18, tls }), "u_cert"), "R0");
  const without = { mode: "verify-full", rootCertificates: [ca] } as const;
  const refusal = await startUp(await open({ address: address18, tls: without }), "u_cert");
  assertEquals(refusal[0], "E");
});

test("openTransport() with a client certificate of an unrelated CA is lost, not plain", async () => {
  const { certificate, key } = pg18.certificates.otherClient;
  const tls = { mode: "require", certificate, key } as const;
  // TLS 1.3: the server judges only after the client's handshake is done.
  await assertRejects(
    async () => await startUp(await open({ address: address18, tls }), "u_cert"),
    ConnectionError,
  );
});

for (
  const [what, key] of [
    ["is none", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"],
    ["is another's", pg18.certificates.otherClient.key],
  ]
) {
  test(`openTransport() takes a client key that ${what} for a fault of the options`, async () => {
    const { certificate } = pg18.certificates.client;
    const tls = { mode: "prefer", certificate, key } as const;
    const error = await assertRejects(() => open({ address: address18, tls }), ConfigError);
    assertEquals(error.message.includes(key.slice(28, 36)), false);
  });
}

test("openTransport() gives the server's certificate for channel binding", async () => {
  const transport = await open({
    address: address18,
    tls: { mode: "verify-full", rootCertificates: [ca] },
    more: { needPeerCertificate: true },
  });
  const { peerCertificate } = transport.info;
  assert(peerCertificate);
  const { subjectAltName } = new X509Certificate(peerCertificate);
  assert(subjectAltName?.includes("DNS:localhost"), subjectAltName);
  await transport.close();
});

test("openTransport() asks for the protocol postgresql after an SSLRequest too", async () => {
  const tls = { mode: "require" } as const;
  const transport = await open({ address: address18, tls });
  assertEquals(transport.info.alpn, "postgresql");
  await transport.close();
  // 13 knows nothing of ALPN, and need not.
  const old = await open({ address: { host: pg13.host, port: pg13.port }, tls });
  assertEquals([old.info.secure, old.info.alpn], [true, undefined]);
  assertEquals(await startUp(old), "R0");
});

test("openTransport() negotiates TLS directly", async () => {
  const tls = { mode: "verify-full", negotiation: "direct", rootCertificates: [ca] } as const;
  const transport = await open({ address: address18, tls });
  assertEquals(transport.info.alpn, "postgresql");
  assertEquals(await startUp(transport), "R0");
});

test("openTransport() fails on a server that knows no direct TLS", async () => {
  const tls = { mode: "require", negotiation: "direct" } as const;
  const address = { host: pg13.host, port: pg13.port };
  const error = await assertRejects(() => open({ address, tls }), ConnectionError);
  assertEquals(error.code, "TLS");
});

test("openTransport() asks nothing on a Unix-domain socket", async () => {
  const path = `${pg18.socketDirectory}/.s.PGSQL.${pg18.port}`;
  const tls = { mode: "verify-full" } as const;
  const transport = await open({ address: { path }, tls });
  assertEquals(transport.info.secure, false);
  assertEquals(await startUp(transport), "R0");
});

for (
  const [serverName, serverNameIndication, told] of [
    ["db.example", true, true],
    ["db.example", false, false],
    ["127.0.0.1", true, false],
  ] as const
) {
  const title = `${told ? "tells" : "does not tell"} the server name ${serverName}`;
  test(`openTransport() ${title} with sslsni=${Number(serverNameIndication)}`, async () => {
    const listener = await listen();
    const opening = open({
      address: listener.address,
      serverName,
      tls: { mode: "require", negotiation: "direct", serverNameIndication },
    });
    opening.catch(() => {});
    const socket = await listener.accept();
    const hello = await new Promise<string>((resolve) =>
      socket.once("data", (bytes: Uint8Array) => resolve(String.fromCharCode(...bytes)))
    );
    socket.destroy();
    const error = await assertRejects(() => opening, ConnectionError);
    assertEquals(error.code, "TLS");
    assertEquals(hello.includes(serverName), told);
    assertEquals(hello.includes("postgresql"), true);
    await listener.close();
  });
}

const authority = await createAuthority("rill test authority");
const identity = await authority.issue({
  commonName: "localhost",
  usage: "server",
  names: ["localhost"],
});

test("openTransport() insists that direct TLS agrees upon ALPN", async () => {
  const listener = tls.createServer({ cert: identity.certificate, key: identity.key });
  listener.on("secureConnection", (socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as net.AddressInfo;
  const rootCertificates = [authority.certificate];
  const opening = open({
    address: { host: "127.0.0.1", port },
    tls: { mode: "verify-full", negotiation: "direct", rootCertificates },
  });
  const error = await assertRejects(() => opening, ConnectionError, "ALPN");
  assertEquals(error.code, "TLS");
  await new Promise((resolve) => listener.close(resolve));
});

/** A server that answers each SSLRequest with these bytes; gives what else it got. */
async function answering(
  answer: string,
  body: (address: Address, received: string[]) => Promise<void>,
): Promise<void> {
  const received: string[] = [];
  const sockets: net.Socket[] = [];
  const listener = net.createServer((socket) => {
    sockets.push(socket);
    const connection = received.push("") - 1;
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      if (received[connection] === "") socket.write(answer);
      received[connection] += bytes.toString("latin1");
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as net.AddressInfo;
  try {
    await body({ host: "127.0.0.1", port }, received);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => listener.close(resolve));
  }
}

// Int32 length 8, Int32 80877103.
const sslRequest = "\0\0\0\x08\x04\xd2\x16\x2f";

test("openTransport() refuses bytes behind the S", () =>
  answering("Sinjected", async (address, received) => {
    for (const mode of ["prefer", "require"] as const) {
      await assertRejects(() => open({ address, tls: { mode } }), ProtocolError, "expected 1");
    }
    assertEquals(received, [sslRequest, sslRequest]);
  }));

test("openTransport() refuses bytes behind the N", () =>
  answering("Ninjected", async (address) => {
    const tls = { mode: "prefer" } as const;
    await assertRejects(() => open({ address, tls }), ProtocolError, "expected 1");
  }));

test("openTransport() stays in plaintext on the same connection when prefer gets an N", () =>
  answering("N", async (address, received) => {
    const transport = await open({ address, tls: { mode: "prefer" } });
    assertEquals(transport.info.secure, false);
    await transport.close();
    assertEquals(received, [sslRequest]);
  }));

test("openTransport() fails when require gets an N", () =>
  answering("N", async (address, received) => {
    const error = await assertRejects(
      () => open({ address, tls: { mode: "require" } }),
      ConnectionError,
    );
    const start = "Cannot secure the connection to localhost";
    assertEquals(error.message, `${start}: the server does not support TLS`);
    assertEquals(error.code, "TLS");
    assertEquals(received, [sslRequest]);
  }));

test("openTransport() does not repeat what an error in plaintext says", () =>
  answering("Ebelieve me\0", async (address) => {
    const error = await assertRejects(
      () => open({ address, tls: { mode: "require" } }),
      ConnectionError,
    );
    assertEquals(error.message.includes("believe"), false);
  }));

test("openTransport() fails upon an answer that is none", () =>
  answering("X", async (address) => {
    const tls = { mode: "prefer" } as const;
    await assertRejects(() => open({ address, tls }), ProtocolError, "expected S or N");
  }));

test("openTransport() goes to plaintext after a failed handshake under prefer only", async () => {
  for (const mode of ["prefer", "require"] as const) {
    const listener = await listen();
    const opening = open({ address: listener.address, tls: { mode } });
    opening.catch(() => {});
    const socket = await listener.accept();
    socket.once("data", () => {
      socket.write("S");
      // No TLS record starts like this.
      socket.once("data", () => socket.end("this is no TLS"));
    });
    if (mode === "require") {
      const error = await assertRejects(() => opening, ConnectionError);
      assertEquals(error.code, "TLS", error.message);
    } else {
      const transport = await opening;
      assertEquals(transport.info.secure, false);
      transport.abort();
    }
    await listener.close();
  }
});

for (const mode of ["prefer", "verify-full"] as const) {
  test(`openTransport() can be aborted in a handshake that hangs (${mode})`, () =>
    answering("S", async (address) => {
      const reason = new Error("enough");
      const controller = new AbortController();
      const opening = open({ address, tls: { mode }, more: { signal: controller.signal } });
      setTimeout(() => controller.abort(reason), 50);
      assertStrictEquals(await opening.catch((error) => error), reason);
    }));
}

test("openTransport() can be aborted while the SSLRequest is unanswered", () =>
  answering("", async (address) => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const tls = { mode: "require" } as const;
    const opening = open({ address, tls, more: { signal: controller.signal } });
    setTimeout(() => controller.abort(reason), 50);
    assertStrictEquals(await opening.catch((error) => error), reason);
  }));

test("openTransport() tells that the server closed the connection unanswered", async () => {
  const [transport, other] = memoryPair();
  const opening = open({
    address: { host: "db.example", port: 5432 },
    tls: { mode: "prefer" },
    more: { connect: () => Promise.resolve(transport) },
  });
  opening.catch(() => {});
  await other.readable.getReader().read();
  await other.close();
  const error = await assertRejects(() => opening, ConnectionError, "closed it unanswered");
  assertEquals(error.code, "ECONNRESET");
});

const { Deno } = globalThis as { Deno?: DenoApi };
if (Deno) {
  // Trusts our authority as the runtime's own roots would be trusted.
  const trusting: DenoApi = {
    connect: (options) => Deno.connect(options),
    startTls(conn, options) {
      return Deno.startTls(conn, { ...options, caCerts: [ca] } as typeof options);
    },
  };
  const native = denoConnector(trusting);
  for (const negotiation of ["postgres", "direct"] as const) {
    test(`denoConnector() secures by Deno's own TLS (${negotiation})`, async () => {
      const tls = { mode: "verify-full", negotiation } as const;
      const transport = await open({ address: address18, tls, more: { connect: native } });
      assertEquals(transport.info, { kind: "deno", secure: true, alpn: "postgresql" });
      assertEquals(await startUp(transport), "R0");
      const misnamed = open({
        address: address18,
        serverName: "elsewhere.example",
        tls,
        more: { connect: native },
      });
      const error = await assertRejects(() => misnamed, ConnectionError);
      assertEquals(error.code, "CERTIFICATE");
    });
  }
}
