import { ConnectionError, ProtocolError } from "../../../lib/errors.ts";
import {
  Authenticator,
  type AuthenticatorOptions,
} from "../../../lib/session/auth/authenticator.ts";
import { tlsServerEndPoint } from "../../../lib/session/auth/channel_binding.ts";
import { ScramKeyCache } from "../../../lib/session/auth/scram_keys.ts";
import type { AuthMethod } from "../../../lib/session/session_options.ts";
import type { AuthenticationMessage } from "../../../lib/wire/backend_message.ts";
import { test } from "../../harness.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";
import certificates from "./certificates.json" with { type: "json" };
import { ScramServer, type ScramServerOptions } from "./scram_server.ts";

const OK: AuthenticationMessage = { kind: "AuthenticationOk" };
const CLEARTEXT: AuthenticationMessage = { kind: "AuthenticationCleartextPassword" };
const MD5: AuthenticationMessage = {
  kind: "AuthenticationMD5Password",
  salt: Uint8Array.of(0x50, 0x72, 0x90, 0x8d),
};
const PLUS = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"];
const PLAIN = ["SCRAM-SHA-256"];

function certificate(name: string): Uint8Array<ArrayBuffer> {
  const { der } = certificates.find((entry) => entry.name === name)!;
  return Uint8Array.from(atob(der), (char) => char.charCodeAt(0));
}

function create(options: Partial<AuthenticatorOptions> = {}): Authenticator {
  return new Authenticator({
    user: "app",
    password: "pencil",
    channelBinding: "prefer",
    maxScramIterations: 100_000,
    secure: false,
    ...options,
  });
}

function sasl(mechanisms: readonly string[]): AuthenticationMessage {
  return { kind: "AuthenticationSASL", mechanisms };
}

const only = (...methods: AuthMethod[]) => ({ methods, negated: false });
const not = (...methods: AuthMethod[]) => ({ methods, negated: true });

/** Runs a SCRAM login up to AuthenticationSASLFinal and gives the server and the mechanism. */
async function scramUntilFinal(
  login: Authenticator,
  { mechanisms, ...serverOptions }: { mechanisms: readonly string[] } & Partial<ScramServerOptions>,
): Promise<{ server: ScramServer; mechanism: string; finish: () => Promise<unknown> }> {
  const offersPlus = mechanisms.includes("SCRAM-SHA-256-PLUS");
  const server = new ScramServer({ password: "pencil", offersPlus, ...serverOptions });
  const initial = await login.respond(sasl(mechanisms));
  assert(initial?.kind === "SASLInitialResponse" && initial.data !== null);
  const response = await login.respond({
    kind: "AuthenticationSASLContinue",
    data: server.first(initial.data),
  });
  assert(response?.kind === "SASLResponse");
  const data = server.final(response.data);
  const finish = () => login.respond({ kind: "AuthenticationSASLFinal", data });
  return { server, mechanism: initial.mechanism, finish };
}

test("Authenticator.respond() sends a password in clear text when asked", async () => {
  const login = create();
  assertEquals(await login.respond(CLEARTEXT), { kind: "PasswordMessage", password: "pencil" });
  assertEquals(login.method, "password");
  assertEquals(await login.respond(OK), undefined);
});

test("Authenticator.respond() answers MD5 as a server of 13 accepted it", async () => {
  const login = create({ user: "u_md5", password: "pw2" });
  const password = "md5553db5e91062ddb0876b4307c09304fc";
  assertEquals(await login.respond(MD5), { kind: "PasswordMessage", password });
  assertEquals(await login.respond(OK), undefined);
  assertEquals(login.method, "md5");
});

test("Authenticator.respond() answers crypt with DES", async () => {
  const login = create({ password: "test" });
  const salt = new TextEncoder().encode("ab");
  assertEquals(await login.respond({ kind: "AuthenticationCryptPassword", salt }), {
    kind: "PasswordMessage",
    password: "abgOeLfPimXQo",
  });
  assertEquals(login.method, "password");
  await assertRejects(
    () => create().respond({ kind: "AuthenticationCryptPassword", salt: Uint8Array.of(0, 1) }),
    ProtocolError,
  );
});

test("Authenticator.respond() lets a trusting server in, which needs no password", async () => {
  let calls = 0;
  const login = create({ password: () => `${++calls}` });
  assertEquals(login.method, undefined);
  assertEquals(await login.respond(OK), undefined);
  assertEquals(login.method, "none");
  assertEquals(calls, 0);
});

test("Authenticator.respond() goes through SCRAM without TLS", async () => {
  const login = create({ keyCache: new ScramKeyCache() });
  const { server, mechanism, finish } = await scramUntilFinal(login, { mechanisms: PLAIN });
  assertEquals([mechanism, server.gs2Header], ["SCRAM-SHA-256", "n,,"]);
  assertEquals(await finish(), undefined);
  assertEquals(await login.respond(OK), undefined);
  assertEquals(login.method, "scram-sha-256");
});

for (const channelBinding of ["prefer", "require"] as const) {
  test(`Authenticator.respond() binds to the channel with "${channelBinding}"`, async () => {
    const certificateDer = certificate("ecdsa-sha384");
    const certificateHash = await tlsServerEndPoint(certificateDer);
    const login = create({ secure: true, certificateDer, channelBinding });
    const exchange = { mechanisms: PLUS, certificateHash };
    const { server, mechanism, finish } = await scramUntilFinal(login, exchange);
    assertEquals(mechanism, "SCRAM-SHA-256-PLUS");
    assertEquals(server.gs2Header, "p=tls-server-end-point,,");
    await finish();
    assertEquals(await login.respond(OK), undefined);
  });
}

/** gs2 flags of exchanges without PLUS, each over an offer. */
const FLAGS: [string, Partial<AuthenticatorOptions>, readonly string[], string][] = [
  [
    "`y` when only the server cannot bind",
    {
      secure: true,
      certificateDer: certificate("rsa-sha256"),
    },
    PLAIN,
    "y,,",
  ],
  ["`n`, never `y`, when the certificate is not shown", { secure: true }, PLUS, "n,,"],
  ["`n` when the certificate is not shown and nothing is offered", { secure: true }, PLAIN, "n,,"],
  [
    "`n` when binding is disabled",
    {
      secure: true,
      certificateDer: certificate("rsa-sha256"),
      channelBinding: "disable",
    },
    PLUS,
    "n,,",
  ],
  ["`n` without TLS when binding is disabled", { channelBinding: "disable" }, PLUS, "n,,"],
];

for (const [name, options, mechanisms, header] of FLAGS) {
  test(`Authenticator.respond() says ${name}`, async () => {
    const login = create(options);
    const { server, mechanism, finish } = await scramUntilFinal(login, { mechanisms });
    assertEquals([mechanism, server.gs2Header], ["SCRAM-SHA-256", header]);
    await finish();
    assertEquals(await login.respond(OK), undefined);
  });
}

/** What must be refused with a ConnectionError: options, message, part of the text. */
const REFUSED: [string, Partial<AuthenticatorOptions>, AuthenticationMessage, string][] = [
  ["a password where none is set", { password: undefined }, CLEARTEXT, "none is set"],
  ["an empty password", { password: "" }, MD5, "none is set"],
  ["SCRAM where no password is set", { password: undefined }, sasl(PLAIN), "none is set"],
  ["a password with a zero byte", { password: "a\0b" }, CLEARTEXT, "zero byte"],
  [
    "clear text where SCRAM is required",
    { requireAuth: only("scram-sha-256") },
    CLEARTEXT,
    "the server asks for password, expected scram-sha-256 (requireAuth)",
  ],
  ["md5 where SCRAM is required", { requireAuth: only("scram-sha-256") }, MD5, "asks for md5"],
  [
    "trust where SCRAM is required",
    { requireAuth: only("scram-sha-256", "md5") },
    OK,
    "without authentication, expected scram-sha-256, md5",
  ],
  ["trust with `!none`", { requireAuth: not("none") }, OK, "expected anything but none"],
  ["md5 with `!md5,!password`", { requireAuth: not("md5", "password") }, MD5, "asks for md5"],
  [
    "crypt with `!password`",
    { requireAuth: not("password") },
    { kind: "AuthenticationCryptPassword", salt: Uint8Array.of(97, 97) },
    "asks for password",
  ],
  ["clear text with binding required", { channelBinding: "require" }, CLEARTEXT, "channelBinding"],
  ["trust with binding required", { channelBinding: "require" }, OK, "channelBinding"],
  [
    "binding required without TLS",
    { channelBinding: "require" },
    sasl(PLAIN),
    "the connection is not encrypted",
  ],
  [
    "binding required and not offered",
    { channelBinding: "require", secure: true, certificateDer: certificate("rsa-sha256") },
    sasl(PLAIN),
    "does not offer SCRAM-SHA-256-PLUS",
  ],
  [
    "binding required and no certificate shown",
    { channelBinding: "require", secure: true },
    sasl(PLUS),
    "does not show the server's certificate",
  ],
  ["PLUS offered without TLS", {}, sasl(PLUS), "as if TLS were stripped"],
  [
    "PLUS over a certificate without a hash",
    { secure: true, certificateDer: certificate("ed25519") },
    sasl(PLUS),
    "channelBinding",
  ],
  ["only PLUS where it cannot be done", { secure: true }, sasl(PLUS.slice(0, 1)), "SCRAM-SHA-256"],
  ["unknown mechanisms", {}, sasl(["OAUTHBEARER"]), "the server offers OAUTHBEARER"],
  ["Kerberos 4", {}, { kind: "AuthenticationKerberosV4" }, "Kerberos 4, which rill does not speak"],
  ["Kerberos 5", {}, { kind: "AuthenticationKerberosV5" }, "pg_hba.conf"],
  ["SCM credentials", {}, { kind: "AuthenticationSCMCredential" }, "SCM credentials"],
  ["GSSAPI", {}, { kind: "AuthenticationGSS" }, "GSSAPI"],
  ["SSPI", {}, { kind: "AuthenticationSSPI" }, "SSPI"],
];

for (const [name, options, message, text] of REFUSED) {
  test(`Authenticator.respond() refuses ${name}`, async () => {
    const login = create(options);
    const error = await assertRejects(() => login.respond(message), ConnectionError, text);
    assert(!String(error).includes("pencil"));
  });
}

test("Authenticator.respond() allows what requireAuth allows", async () => {
  await create({ requireAuth: only("none", "md5") }).respond(OK);
  await create({ requireAuth: only("none", "md5") }).respond(MD5);
  await create({ requireAuth: not("password") }).respond(MD5);
  await create({ requireAuth: not("password") }).respond(OK);
  await create({ requireAuth: only("scram-sha-256") }).respond(sasl(PLAIN));
});

test("Authenticator.respond() refuses AuthenticationOk before the server's proof", async () => {
  for (const requireAuth of [undefined, only("scram-sha-256"), only("none", "scram-sha-256")]) {
    const early = create({ requireAuth });
    await early.respond(sasl(PLAIN));
    await assertRejects(() => early.respond(OK), ConnectionError, "ended the SCRAM exchange early");
    const late = create({ requireAuth });
    await scramUntilFinal(late, { mechanisms: PLAIN });
    await assertRejects(() => late.respond(OK), ConnectionError, "ended the SCRAM exchange early");
  }
});

test("Authenticator.respond() refuses AuthenticationOk after a wrong signature", async () => {
  const login = create();
  await scramUntilFinal(login, { mechanisms: PLAIN });
  const data = new TextEncoder().encode(`v=${"A".repeat(43)}=`);
  await assertRejects(
    () => login.respond({ kind: "AuthenticationSASLFinal", data }),
    ConnectionError,
    "signature is wrong",
  );
  await assertRejects(() => login.respond(OK), ConnectionError);
});

test("Authenticator.respond() names the option that limits iterations", async () => {
  const login = create({ maxScramIterations: 4096 });
  await assertRejects(
    () => scramUntilFinal(login, { mechanisms: PLAIN, iterations: 4097 }),
    ConnectionError,
    "4097 iterations, expected at most 4096 (maxScramIterations)",
  );
});

test("Authenticator.respond() refuses messages out of order", async () => {
  const data = new Uint8Array();
  const contents: AuthenticationMessage[] = [
    { kind: "AuthenticationSASLContinue", data },
    { kind: "AuthenticationSASLFinal", data },
  ];
  const begun = [CLEARTEXT, MD5, sasl(PLAIN), OK];
  for (const message of contents) {
    await assertRejects(() => create().respond(message), ProtocolError, message.kind);
  }
  for (const first of begun) {
    for (const second of [CLEARTEXT, MD5, sasl(PLAIN)]) {
      const login = create();
      await login.respond(first);
      await assertRejects(() => login.respond(second), ProtocolError, second.kind);
    }
  }
  const twice = create();
  await twice.respond(OK);
  await assertRejects(() => twice.respond(OK), ProtocolError, "AuthenticationOk");
  const done = create();
  await (await scramUntilFinal(done, { mechanisms: PLAIN })).finish();
  await done.respond(OK);
  for (const message of contents) {
    await assertRejects(() => done.respond(message), ProtocolError, message.kind);
  }
});

test("Authenticator.respond() calls a password function once", async () => {
  let calls = 0;
  const password = () => {
    calls++;
    return Promise.resolve("pencil");
  };
  const login = create({ password });
  await (await scramUntilFinal(login, { mechanisms: PLAIN })).finish();
  await login.respond(OK);
  assertEquals(calls, 1);
});

test("Authenticator.respond() reports a password function that fails", async () => {
  const cause = new Error("the token service is down");
  for (
    const password of [() => Promise.reject(cause), () => {
      throw cause;
    }]
  ) {
    const error = await assertRejects(
      () => create({ password }).respond(CLEARTEXT),
      ConnectionError,
      'Cannot authenticate as "app": the password function failed',
    );
    assert((error as ConnectionError).cause === cause);
  }
});

test("Authenticator.respond() refuses a password function that gives no text", async () => {
  const password = (() => 42) as unknown as () => string;
  await assertRejects(() => create({ password }).respond(MD5), ConnectionError, "not a text");
});
