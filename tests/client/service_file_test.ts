import { parseService, serviceOptions } from "../../lib/client/options/service_file.ts";
import { ConfigError } from "../../lib/errors.ts";
import { assertEquals, assertRejects, assertThrows } from "../std_assert.ts";
import { test } from "../harness.ts";
import { fakeRuntime } from "./fake_runtime.ts";

const text = `
# the shop
[shop]
host = db1,db2
port=5433
connect_timeout=7
  user=ann
password=a=b c

[other]
host=elsewhere
[shop]
host=late
`;

function parse(text: string, service: string) {
  return parseService(text, { service, path: "/s" });
}

test("parseService() takes the first section of the name", () => {
  assertEquals(parse(text, "shop"), {
    host: ["db1", "db2"],
    port: [5433],
    connectTimeoutMs: 7000,
    user: "ann",
    password: "a=b c",
  });
  assertEquals(parse(text, "other"), { host: ["elsewhere"] });
  assertEquals(parse(text, "none"), undefined);
});

test("parseService() names service, line and file of what it cannot use", () => {
  const failing = (line: string, text: string) =>
    assertThrows(() => parse(`[s]\n${line}`, "s"), ConfigError, text);
  failing("nonsense", 'Cannot use service "s" (line 2 of /s): expected name=value');
  failing("service=t", "(line 2 of /s)");
  failing(
    "hots=x",
    'option "hots" of service "s" (line 2 of /s): no such option, did you mean "host"',
  );
  failing("port=x", 'option "port" of service "s" (line 2 of /s)');
  failing("max=5", "only rill has it");
});

test("serviceOptions() looks into the user's file, then into the system's", async () => {
  const runtime = fakeRuntime({
    env: { PGSYSCONFDIR: "/etc/pg" },
    files: {
      "/home/ann/.pg_service.conf": "[a]\nhost=a",
      "/etc/pg/pg_service.conf": "[b]\nhost=b",
    },
  });
  assertEquals(await serviceOptions("a", runtime), { host: ["a"] });
  assertEquals(await serviceOptions("b", runtime), { host: ["b"] });
  assertEquals(await serviceOptions(undefined, runtime), {});
  await assertRejects(
    () => serviceOptions("c", runtime),
    ConfigError,
    "it is not in /home/ann/.pg_service.conf or /etc/pg/pg_service.conf",
  );
});

test("serviceOptions() takes the file that PGSERVICEFILE names", async () => {
  const runtime = fakeRuntime({ env: { PGSERVICEFILE: "/x" }, files: { "/x": "[a]\nhost=x" } });
  assertEquals(await serviceOptions("a", runtime), { host: ["x"] });
});
