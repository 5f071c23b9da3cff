import { checkOptions, type ClientOptions } from "../../lib/client/options/options.ts";
import { ConfigError } from "../../lib/errors.ts";
import { assertEquals, assertFalse, assertThrows } from "../std_assert.ts";
import { test } from "../harness.ts";

/** Options as JavaScript may give them. */
function check(input: unknown, more?: unknown) {
  return checkOptions(input as ClientOptions, more as ClientOptions | undefined);
}

const pool = { max: 10, idleTimeoutMs: 1_800_000, maxLifetimeMs: 3_600_000 };

test("checkOptions() takes strings, URL objects and options objects", () => {
  const wanted = { ...pool, user: "ann", host: ["db"], port: [6543], database: "shop" };
  const uri = "postgres://ann@db:6543/shop";
  assertEquals(check(uri), wanted);
  assertEquals(check(new URL(uri)), wanted);
  assertEquals(check({ url: uri }), wanted);
  assertEquals(check("user=ann host=db port=6543 dbname=shop"), wanted);
  assertEquals(check({ user: "ann", host: "db", port: 6543, database: "shop" }), wanted);
  assertEquals(check({}), pool);
});

test("checkOptions() puts more before input, and input before its url", () => {
  assertEquals(check({ url: "postgres://a/x?user=u", database: "y" }, { user: "v" }), {
    ...pool,
    host: ["a"],
    database: "y",
    user: "v",
  });
  assertEquals(check("postgres://a", { host: undefined }), { ...pool, host: ["a"] });
});

test("checkOptions() reads texts in libpq's units and words", () => {
  const text = "postgres://a,b:2?connect_timeout=3&sslsni=0&require_auth=!password,!md5" +
    "&min_protocol_version=latest&target_session_attrs=read-write&keepalives=1&max=3";
  assertEquals(check(text), {
    ...pool,
    max: 3,
    host: ["a", "b"],
    port: [5432, 2],
    connectTimeoutMs: 3000,
    sslSni: false,
    requireAuth: { methods: ["password", "md5"], negated: true },
    minProtocolVersion: "latest",
    targetSessionAttrs: "read-write",
    keepAlive: true,
  });
  assertEquals(check("connect_timeout=-1").connectTimeoutMs, 0);
  assertEquals(check("sslmode='' user='' port=''"), pool);
});

test("checkOptions() passes over libpq's options that change nothing, and only these", () => {
  assertEquals(check("client_encoding=LATIN1 gssencmode=prefer keepalives_idle=5"), pool);
  assertThrows(() => check("gssencmode=require"), ConfigError, "expected disable or prefer");
  assertThrows(() => check("sslcrl=x"), ConfigError, "revocation lists");
});

test("checkOptions() tells the name that other drivers' options have here", () => {
  const names = {
    usename: "user",
    username: "user",
    hostname: "host",
    dbname: "database",
    sslmode: "sslMode",
    ssl: "sslMode",
    tls: "sslMode",
    onnotice: "onNotice",
    application_name: "applicationName",
    hots: "host",
    connection: "parameters",
  };
  for (const [name, meant] of Object.entries(names)) {
    const text = `Cannot use option "${name}": no such option, did you mean "${meant}"`;
    assertEquals(assertThrows(() => check({ [name]: 1 }), ConfigError).message, text);
  }
});

test("checkOptions() tells the unit along with the name", () => {
  const names = {
    idle_timeout: "idleTimeoutMs",
    idleTimeout: "idleTimeoutMs",
    idleTimeoutMillis: "idleTimeoutMs",
    max_lifetime: "maxLifetimeMs",
    maxLifetimeSeconds: "maxLifetimeMs",
    connect_timeout: "connectTimeoutMs",
    connectionTimeout: "connectTimeoutMs",
    connectionTimeoutMillis: "connectTimeoutMs",
  };
  for (const [name, meant] of Object.entries(names)) {
    assertThrows(() => check({ [name]: 1 }), ConfigError, `did you mean "${meant}" (milliseconds)`);
  }
  assertThrows(() => check("connectTimeoutMs=5"), ConfigError, '"connect_timeout" (seconds)');
});

test("checkOptions() says where to put what is no option", () => {
  assertThrows(() => check({ statement_timeout: 5 }), ConfigError, 'expected in "parameters"');
  assertThrows(() => check("postgres://h?search_path=x"), ConfigError, "as -c search_path=…");
  assertThrows(() => check({ fetch_types: false }), ConfigError, "types are looked up");
  assertThrows(() => check({ connectionString: "x" }), ConfigError, 'expected in "url"');
  assertThrows(() => check({ constructor: 1 }), ConfigError, "no such option");
});

test("checkOptions() names the option whose value does not fit, and what was expected", () => {
  const wrong: [string, unknown, string][] = [
    ["port", "5432", "string does not fit, expected port numbers from 1 to 65535"],
    ["port", [1, 70000], "array does not fit, expected port numbers from 1 to 65535"],
    ["host", [], "array does not fit, expected a string or an array of strings"],
    ["user", null, "null does not fit, expected a string without NUL"],
    ["user", "a\0b", "string does not fit, expected a string without NUL"],
    ["sslMode", "on", "string does not fit, expected one of disable, allow, prefer"],
    ["max", 0, "number does not fit, expected a whole number from 1 to 2147483647"],
    ["idleTimeoutMs", -1, "number does not fit, expected a whole number from 0"],
    ["connectTimeoutMs", 1.5, "number does not fit, expected a whole number"],
    ["keepAlive", 1, "number does not fit, expected true or false"],
    ["onNotice", {}, "object does not fit, expected a function"],
    ["runtime", {}, "object does not fit, expected an object with connect"],
    ["parameters", { user: "x" }, "object does not fit, expected an object of strings"],
    ["parameters", { work_mem: 4 }, "object does not fit, expected an object of strings"],
    ["requireAuth", "md5,!password", "string does not fit, expected some of password, md5"],
    ["requireAuth", "md5,md5", "string does not fit"],
    ["protocolVersion", "3.1", "string does not fit, expected one of 2.0, 3.0, 3.2"],
    ["minProtocolVersion", "newest", "expected one of 2.0, 3.0, 3.2, latest"],
    ["url", 5, "expected a connection string or a URL object"],
  ];
  for (const [name, value, text] of wrong) {
    const error = assertThrows(() => check({ [name]: value }), ConfigError, text);
    assertEquals(error.message.startsWith(`Cannot use option "${name}": `), true, error.message);
  }
  assertThrows(() => check(5), TypeError, "Cannot connect");
  assertThrows(
    () => check("postgres://h:x"),
    ConfigError,
    'option "port" of the connection string',
  );
});

test("checkOptions() refuses an exact protocol beside a range", () => {
  const both = { protocolVersion: "3.0", maxProtocolVersion: "3.2" };
  assertThrows(() => check(both), ConfigError, "protocolVersion");
});

test("checkOptions() shows no password, however it went astray", () => {
  const inputs: unknown[] = [
    { password: 12345 },
    { password: { hush: 1 } },
    { user: "ann", password: "hush", port: "hush" },
    { url: "postgres://ann:hush@db:x/" },
    { url: "postgres://ann:hush@db/", max: -1 },
    "postgres://ann:hu?hush=sh@db/shop?port=hush",
    "postgres://ann:x/y?hush=more@db/shop",
    "postgres://db/shop?hush=a@b",
    "password=my hush=x",
    "password=my port=hush",
  ];
  for (const input of inputs) {
    const error = assertThrows(() => check(input), ConfigError);
    assertFalse(/hush|12345/.test(`${error.message} ${error.cause}`), error.message);
  }
});

test("checkOptions() still names a typo that stands behind a password", () => {
  assertThrows(() => check("password=x sslmod=require"), ConfigError, 'did you mean "sslmode"');
  assertThrows(() => check("host=x pgbouncer=true"), ConfigError, 'option "pgbouncer"');
});
