import { ConfigError, ConnectionError, DatabaseError } from "../../lib/errors.ts";
import type { SslMode, TlsSettings } from "../../lib/session/session_options.ts";
import { mayFallBack, tlsAttempts, tlsOptions } from "../../lib/session/tls_plan.ts";
import type { TlsAttempt } from "../../lib/session/tls_plan.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";

const address = { host: "db.example", port: 5432 };
const modes: readonly SslMode[] = [
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
];

function settings(mode: SslMode, more: Partial<TlsSettings> = {}): TlsSettings {
  return { mode, negotiation: "postgres", serverNameIndication: true, ...more };
}

/** `plain>request`: a plain attempt that an encrypted one may follow; `?`: plain upon `N`. */
function outline(attempts: readonly TlsAttempt[]): string {
  return attempts.map(({ kind, plainWhenRefused, retry }) =>
    kind + (plainWhenRefused ? "?" : "") + (retry ? ">" : "")
  ).join("");
}

test("tlsAttempts() orders the attempts as libpq does", () => {
  const expected: Record<SslMode, string> = {
    disable: "plain",
    allow: "plain>request",
    prefer: "request?>plain",
    require: "request",
    "verify-ca": "request",
    "verify-full": "request",
  };
  for (const mode of modes) {
    const attempts = tlsAttempts(settings(mode, { rootCertificates: ["PEM"] }), address);
    assertEquals(outline(attempts), expected[mode], mode);
  }
});

test("tlsAttempts() never secures a Unix-domain socket", () => {
  for (const mode of modes) {
    const one = settings(mode, { rootCertificates: ["PEM"] });
    assertEquals(outline(tlsAttempts(one, { path: "/tmp/.s.PGSQL.5432" })), "plain", mode);
  }
});

test("tlsAttempts() takes direct negotiation only where plaintext is out of the question", () => {
  for (const mode of modes) {
    const direct = settings(mode, { negotiation: "direct", rootCertificates: ["PEM"] });
    if (["disable", "allow", "prefer"].includes(mode)) {
      assertThrows(() => tlsAttempts(direct, address), ConfigError, `sslmode is ${mode}`);
    } else assertEquals(outline(tlsAttempts(direct, address)), "direct", mode);
  }
});

test("tlsAttempts() refuses verify-ca without a root certificate", () => {
  assertThrows(() => tlsAttempts(settings("verify-ca"), address), ConfigError, "root certificate");
});

test("tlsOptions() verifies what the mode asks for, the chain wherever roots are given", () => {
  const verify = (one: TlsSettings) => tlsOptions(one, { host: { address } })?.verify;
  for (const mode of ["allow", "prefer", "require"] as const) {
    assertEquals(verify(settings(mode)), "none", mode);
    assertEquals(verify(settings(mode, { rootCertificates: ["PEM"] })), "ca", mode);
  }
  assertEquals(verify(settings("verify-ca", { rootCertificates: ["PEM"] })), "ca");
  assertEquals(verify(settings("verify-full")), "full");
  assertEquals(verify(settings("verify-full", { rootCertificates: ["PEM"] })), "full");
});

test("tlsOptions() names the server, the protocol and what the client has to show", () => {
  const one = settings("require", { certificate: "C", key: "K", serverNameIndication: false });
  const options = tlsOptions(one, { host: { address, serverName: "alias.example" } })!;
  assertEquals(options.serverName, "alias.example");
  assertEquals(options.serverNameIndication, false);
  assertEquals(options.alpn, ["postgresql"]);
  assertEquals([options.cert, options.key], ["C", "K"]);
  assertEquals(tlsOptions(one, { host: { address } })!.serverName, "db.example");
  assertEquals(tlsOptions(one, { host: { address: { path: "/tmp/socket" } } }), undefined);
});

test("mayFallBack() judges by the attempt and by what failed", () => {
  const refused = (code: string | undefined, message = "no pg_hba.conf entry for host") =>
    new DatabaseError({ severity: "FATAL", code, message });
  const failed = (code: string) => new ConnectionError("Cannot secure", { code });
  const [asked, last] = tlsAttempts(settings("prefer"), address);
  const [open] = tlsAttempts(settings("allow"), address);
  const cases: readonly [string, unknown, { asked: boolean; open: boolean }][] = [
    ["no line of pg_hba.conf", refused("28000"), { asked: true, open: true }],
    ["the same on 2.0", refused(undefined), { asked: true, open: true }],
    ["another text on 2.0", refused(undefined, "no such database"), { asked: false, open: false }],
    ["a wrong password", refused("28P01"), { asked: false, open: false }],
    ["no such database", refused("3D000"), { asked: false, open: false }],
    ["a failed handshake", failed("TLS"), { asked: true, open: false }],
    ["a certificate not accepted", failed("CERTIFICATE"), { asked: false, open: false }],
    ["a refused connection", failed("ECONNREFUSED"), { asked: false, open: false }],
    ["a timeout", failed("ETIMEDOUT"), { asked: false, open: false }],
    ["an abort", new DOMException("enough", "AbortError"), { asked: false, open: false }],
    ["settings of no use", new ConfigError("Cannot use the key"), { asked: false, open: false }],
  ];
  for (const [what, error, expected] of cases) {
    assertEquals(mayFallBack(asked, error), expected.asked, `${what}, TLS asked for`);
    assertEquals(mayFallBack(open, error), expected.open, `${what}, in plaintext`);
    assertEquals(mayFallBack(last, error), false, `${what}, on the last attempt`);
  }
  const [required] = tlsAttempts(settings("require"), address);
  assertEquals(mayFallBack(required, failed("TLS")), false);
  assertEquals(mayFallBack(required, refused("28000")), false);
});
