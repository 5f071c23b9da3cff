import type { KnownOptions } from "../../lib/client/options/option_types.ts";
import { tlsSettings } from "../../lib/client/options/tls_settings.ts";
import { ConfigError } from "../../lib/errors.ts";
import { assertEquals, assertFalse, assertRejects } from "../std_assert.ts";
import { test } from "../harness.ts";
import { fakeRuntime, type FakeSystem } from "./fake_runtime.ts";

const certificate = (name: string) =>
  `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----`;
const key = "-----BEGIN PRIVATE KEY-----\nk\n-----END PRIVATE KEY-----\n";
const home = "/home/ann/.postgresql";

async function settle(options: KnownOptions, files: FakeSystem["files"] = {}) {
  const warnings: string[] = [];
  const tls = await tlsSettings(options, { runtime: fakeRuntime({ files }), warnings });
  return { ...tls, warnings };
}

test("tlsSettings() reads the roots of a file, of a text, and of the home directory", async () => {
  const bundle = `# two\n${certificate("a")}\n${certificate("b")}\n`;
  const roots = [certificate("a"), certificate("b")];
  const full = { sslMode: "verify-full" } as const;
  assertEquals(
    (await settle({ ...full, sslRootCert: "/r" }, { "/r": bundle })).rootCertificates,
    roots,
  );
  assertEquals((await settle({ ...full, sslRootCert: bundle })).rootCertificates, roots);
  assertEquals((await settle(full, { [`${home}/root.crt`]: bundle })).rootCertificates, roots);
  assertEquals((await settle(full)).rootCertificates, undefined);
});

test("tlsSettings() makes require as strict as verify-ca when there are roots", async () => {
  assertEquals((await settle({ sslMode: "require" })).mode, "require");
  const files = { [`${home}/root.crt`]: certificate("a") };
  assertEquals((await settle({ sslMode: "require" }, files)).mode, "verify-ca");
});

test("tlsSettings() takes system roots for verify-full and nothing less", async () => {
  const tls = await settle({ sslRootCert: "system" }, { [`${home}/root.crt`]: certificate("a") });
  assertEquals(tls.mode, "verify-full");
  assertEquals(tls.rootCertificates, undefined);
  for (const sslMode of ["disable", "prefer", "require", "verify-ca"] as const) {
    await assertRejects(() => settle({ sslMode, sslRootCert: "system" }), ConfigError, sslMode);
  }
});

test("tlsSettings() refuses what could not verify or not be secured", async () => {
  await assertRejects(() => settle({ sslMode: "verify-ca" }), ConfigError, "sslRootCert");
  await assertRejects(() => settle({ sslNegotiation: "direct" }), ConfigError, "sslMode is prefer");
  const direct = await settle({ sslNegotiation: "direct", sslMode: "require" });
  assertEquals(direct.negotiation, "direct");
});

test("tlsSettings() says that roots have no effect where nothing is verified", async () => {
  const { warnings } = await settle({ sslRootCert: "/r", sslMode: "prefer" });
  assertEquals(warnings, [
    "sslRootCert is not used: with sslMode prefer the server is not verified",
  ]);
});

test("tlsSettings() refuses a named file that is missing or holds no certificate", async () => {
  const named = { sslMode: "verify-full", sslRootCert: "/r" } as const;
  const error = await assertRejects(() => settle(named), ConfigError, "no readable file at /r");
  assertEquals((error.cause as { code: string }).code, "ENOENT");
  await assertRejects(() => settle(named, { "/r": key }), ConfigError, "no PEM certificate");
  await assertRejects(() => settle({ sslCert: "/c" }), ConfigError, "client certificate");
});

test("tlsSettings() reads the client's certificate with its key", async () => {
  const files = {
    [`${home}/postgresql.crt`]: certificate("c"),
    [`${home}/postgresql.key`]: key,
    "/c": certificate("d"),
    "/k": { text: "other key", mode: 0o640 },
  };
  const atHome = await settle({}, files);
  assertEquals([atHome.certificate, atHome.key], [certificate("c"), key]);
  const named = await settle({ sslCert: "/c", sslKey: "/k" }, files);
  assertEquals([named.certificate, named.key], [certificate("d"), "other key"]);
  const texts = await settle({ sslCert: certificate("e"), sslKey: key });
  assertEquals([texts.certificate, texts.key], [certificate("e"), key]);
  const disabled = await settle({ sslMode: "disable" }, files);
  assertEquals(disabled.certificate, undefined);
});

test("tlsSettings() refuses a key that others may read", async () => {
  const files = { "/k": { text: key, mode: 0o644 } };
  const options = { sslCert: certificate("c"), sslKey: "/k" };
  await assertRejects(() => settle(options, files), ConfigError, "others have access");
});

test("tlsSettings() does not take a damaged key for a path", async () => {
  const options = { sslCert: certificate("c"), sslKey: "hush\nhush" };
  const error = await assertRejects(() => settle(options), ConfigError, "expected a path or PEM");
  assertFalse(error.message.includes("hush"));
});
