import { findPassword, parsePassfile, readPassfile } from "../../lib/client/options/passfile.ts";
import { assertEquals, assertStringIncludes } from "../std_assert.ts";
import { test } from "../harness.ts";
import { fakeRuntime } from "./fake_runtime.ts";

const key = { host: "db", port: 5432, database: "shop", user: "ann" };

function lookUp(text: string, wanted = key): string | undefined {
  return findPassword(parsePassfile(text), wanted);
}

test("findPassword() takes the first line that fits", () => {
  const text =
    "# db:5432:shop:ann:comment\n\nother:5432:shop:ann:a\ndb:5432:shop:ann:b\n*:*:*:*:c\n";
  assertEquals(lookUp(text), "b");
  assertEquals(lookUp(text, { ...key, port: 1 }), "c");
  assertEquals(lookUp("db:5433:shop:ann:a\ndb:5432:shop:bob:b"), undefined);
});

test("parsePassfile() understands backslashes, colons in passwords and CRLF", () => {
  assertEquals(
    lookUp("\\:\\:1:5432:a\\\\b:ann:p\\:w:\\\\x\r\n", {
      ...key,
      host: "::1",
      database: "a\\b",
    }),
    "p:w:\\x",
  );
  assertEquals(lookUp("\\*:*:*:*:p"), undefined);
  assertEquals(lookUp("db:5432:shop:ann:"), "");
});

test("parsePassfile() passes over lines that are no entries", () => {
  assertEquals(parsePassfile("nonsense\na:b:c\n#\n"), []);
});

test("readPassfile() passes over a file that others may read, and says so", async () => {
  for (const mode of [0o640, 0o604, 0o660]) {
    const warnings: string[] = [];
    const runtime = fakeRuntime({ files: { "/p": { text: "*:*:*:*:hush", mode } } });
    assertEquals(await readPassfile("/p", { runtime, warnings }), []);
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0], "/p");
  }
});

test("readPassfile() reads ~/.pgpass when nothing else is said", async () => {
  const warnings: string[] = [];
  const runtime = fakeRuntime({ files: { "/home/ann/.pgpass": "*:*:*:*:p" } });
  assertEquals(findPassword(await readPassfile(undefined, { runtime, warnings }), key), "p");
  assertEquals(await readPassfile("/missing", { runtime, warnings }), []);
  assertEquals(warnings, []);
});
