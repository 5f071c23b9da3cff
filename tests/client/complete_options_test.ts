import {
  checkOptions,
  type ClientOptions,
  completeOptions,
} from "../../lib/client/options/options.ts";
import { ConfigError } from "../../lib/errors.ts";
import { assertEquals, assertRejects } from "../std_assert.ts";
import { test } from "../harness.ts";
import { fakeRuntime, type FakeSystem } from "./fake_runtime.ts";

function complete(input: string | ClientOptions, system: FakeSystem = {}) {
  return completeOptions(checkOptions(input), fakeRuntime(system));
}

async function session(input: string | ClientOptions, system: FakeSystem = {}) {
  return (await complete(input, system)).session;
}

test("completeOptions() has libpq's defaults, and rill's where libpq has none", async () => {
  assertEquals(await session({}), {
    hosts: [{
      address: { host: "localhost", port: 5432 },
      serverName: "localhost",
      password: undefined,
    }],
    user: "ann",
    database: "ann",
    startupParameters: { application_name: "rill" },
    tls: {
      mode: "prefer",
      negotiation: "postgres",
      serverNameIndication: true,
      rootCertificates: undefined,
    },
    minProtocolVersion: "3.0",
    maxProtocolVersion: "3.2",
    requireAuth: undefined,
    channelBinding: "prefer",
    maxScramIterations: 1_000_000,
    connectTimeoutMs: 30_000,
    maxMessageBytes: 0x3fffffff,
    keepAlive: true,
  });
  const { pool, targetSessionAttrs, warnings } = await complete({});
  assertEquals(pool, { max: 10, idleTimeoutMs: 1_800_000, maxLifetimeMs: 3_600_000 });
  assertEquals(targetSessionAttrs, "any");
  assertEquals(warnings, []);
});

test("completeOptions() goes by user, service file, environment, default, in this order", async () => {
  const system = {
    env: {
      PGSERVICE: "s",
      PGUSER: "env",
      PGDATABASE: "env",
      PGHOST: "env",
      PGCONNECT_TIMEOUT: "9",
      PGAPPNAME: "env",
    },
    files: { "/home/ann/.pg_service.conf": "[s]\nuser=service\ndbname=service\nhost=service" },
  };
  const options = await session({ user: "given" }, system);
  assertEquals(options.user, "given");
  assertEquals(options.database, "service");
  assertEquals(options.hosts[0].serverName, "service");
  assertEquals(options.connectTimeoutMs, 9000);
  assertEquals(options.startupParameters.application_name, "env");
});

test("completeOptions() reads all of libpq's variables", async () => {
  const env = {
    PGHOST: "a,b",
    PGHOSTADDR: "10.0.0.1,10.0.0.2",
    PGPORT: "1,2",
    PGPASSWORD: "p",
    PGSSLMODE: "require",
    PGSSLSNI: "0",
    PGSSLNEGOTIATION: "direct",
    PGREQUIREAUTH: "scram-sha-256",
    PGCHANNELBINDING: "require",
    PGOPTIONS: "-c geqo=off",
    PGTZ: "Europe/Berlin",
    PGTARGETSESSIONATTRS: "standby",
    PGMINPROTOCOLVERSION: "3.2",
    PGMAXPROTOCOLVERSION: "latest",
    PGCLIENTENCODING: "LATIN1",
    PGDATESTYLE: "German",
  };
  const { session, targetSessionAttrs } = await complete({}, { env });
  assertEquals(session.hosts, [
    { address: { host: "10.0.0.1", port: 1 }, serverName: "a", password: "p" },
    { address: { host: "10.0.0.2", port: 2 }, serverName: "b", password: "p" },
  ]);
  assertEquals(session.tls.mode, "require");
  assertEquals(session.tls.negotiation, "direct");
  assertEquals(session.tls.serverNameIndication, false);
  assertEquals(session.requireAuth, { methods: ["scram-sha-256"], negated: false });
  assertEquals(session.channelBinding, "require");
  assertEquals(session.minProtocolVersion, "3.2");
  assertEquals(session.startupParameters, {
    application_name: "rill",
    options: "-c geqo=off",
    TimeZone: "Europe/Berlin",
  });
  assertEquals(targetSessionAttrs, "standby");
  await assertRejects(
    () => complete({}, { env: { PGPORT: "x" } }),
    ConfigError,
    "Cannot use PGPORT: the given text does not fit, expected port numbers",
  );
});

test("completeOptions() prefers a local socket to localhost", async () => {
  const path = "/var/run/postgresql/.s.PGSQL.5433";
  const options = await session({ port: 5433 }, { sockets: [path, "/tmp/.s.PGSQL.5433"] });
  assertEquals(options.hosts, [{ address: { path }, password: undefined }]);
  const [second] = (await session({}, { sockets: ["/tmp/.s.PGSQL.5432"] })).hosts;
  assertEquals(second.address, { path: "/tmp/.s.PGSQL.5432" });
});

test("completeOptions() takes a socket's directory or the socket itself as host", async () => {
  const place = async (host: string) => (await session({ host, port: 7 })).hosts[0].address;
  assertEquals(await place("/run/pg/"), { path: "/run/pg/.s.PGSQL.7" });
  assertEquals(await place("/run/pg/.s.PGSQL.5432"), { path: "/run/pg/.s.PGSQL.5432" });
});

test("completeOptions() refuses other numbers of ports or addresses than of hosts", async () => {
  const hosts = { host: ["a", "b", "c"] };
  await assertRejects(
    () => complete({ ...hosts, port: [1, 2] }),
    ConfigError,
    'Cannot use option "port": 2 are given for 3 hosts',
  );
  await assertRejects(() => complete({ ...hosts, hostAddr: "::1" }), ConfigError, "hostAddr");
  const addresses = await session({ hostAddr: ["::1", "::2"] });
  assertEquals(addresses.hosts.map((host) => host.serverName), ["::1", "::2"]);
});

test("completeOptions() finds each host's password in the password file", async () => {
  const passfile = "a:*:*:*:pa\nb:5432:shop:ann:pb\nlocalhost:*:*:*:pl\n/run/pg:*:*:*:ps\n";
  const system = { files: { "/home/ann/.pgpass": passfile } };
  const host = ["a", "b", "c", "/tmp", "/run/pg"];
  const passwords = async (input: ClientOptions) =>
    (await session({ host, database: "shop", ...input }, system)).hosts.map((host) =>
      host.password
    );
  assertEquals(await passwords({}), ["pa", "pb", undefined, "pl", "ps"]);
  assertEquals(await passwords({ password: "" }), ["pa", "pb", undefined, "pl", "ps"]);
  assertEquals(await passwords({ password: "x" }), ["x", "x", "x", "x", "x"]);
  const token = () => "t";
  assertEquals(await passwords({ password: token }), [token, token, token, token, token]);
});

test("completeOptions() warns of a password file that others may read", async () => {
  const files = { "/p": { text: "*:*:*:*:hush", mode: 0o644 } };
  const { session, warnings } = await complete({ passfile: "/p" }, { files });
  assertEquals(session.hosts[0].password, undefined);
  assertEquals(warnings, [
    "Password file /p is not used: group or others have access to it, expected mode 0600 or less",
  ]);
});

test("completeOptions() makes of protocolVersion a range of one", async () => {
  const range = async (options: ClientOptions) => {
    const { minProtocolVersion, maxProtocolVersion } = await session(options);
    return [minProtocolVersion, maxProtocolVersion];
  };
  assertEquals(await range({ protocolVersion: "2.0" }), ["2.0", "2.0"]);
  assertEquals(await range({ minProtocolVersion: "2.0" }), ["2.0", "3.2"]);
  assertEquals(await range({ minProtocolVersion: "latest" }), ["3.2", "3.2"]);
  assertEquals(await range({ maxProtocolVersion: "2.0" }), ["2.0", "2.0"]);
  assertEquals(await range({ maxProtocolVersion: "3.0" }), ["3.0", "3.0"]);
  await assertRejects(
    () => complete({ minProtocolVersion: "3.2", maxProtocolVersion: "3.0" }),
    ConfigError,
    "3.2 is above the maximum, expected 3.0 or less",
  );
});

test("completeOptions() sends application name, options and parameters at start-up", async () => {
  const start = async (options: ClientOptions) => (await session(options)).startupParameters;
  assertEquals(await start({ applicationName: "" }), {});
  assertEquals(await start({ applicationName: "x", parameters: { search_path: "s" } }), {
    application_name: "x",
    search_path: "s",
  });
});

test("completeOptions() refuses to go on without a user", async () => {
  await assertRejects(() => complete({}, { user: "" }), ConfigError, "no user is known");
});

test("completeOptions() passes on callbacks and the transport that was given", async () => {
  const connect = () => Promise.reject(new Error("unused"));
  const [onNotice, onParameter, trace] = [() => {}, () => {}, () => {}];
  const resolved = await complete({ connect, onNotice, onParameter, trace });
  assertEquals(resolved.connect, connect);
  assertEquals(resolved.onNotice, onNotice);
  assertEquals(resolved.onParameter, onParameter);
  assertEquals(resolved.trace, trace);
});
