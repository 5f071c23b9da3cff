import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "./harness.ts";
import { findViolations } from "./project/layers.ts";
import { projectFile } from "./project/project_file.ts";
import { readSource } from "./project/source_code.ts";
import { assert, assertEquals } from "./std_assert.ts";

test("lib/ keeps to its layers and names no runtime outside of lib/runtime", async () => {
  const files = await libraryFiles();
  assert(files.size > 10, "the files of lib/ were found");
  assertEquals(findViolations(files), []);
});

const good = `
  import { type Transport } from "../transport/transport.ts";
  import type { Address } from "../transport/transport.ts";
  import { ProtocolError } from "../errors.ts";
  export { encode } from "../wire/mod.ts";
  // Deno.open, import "node:fs"
  const text = "Buffer.from" + \`process.env \${ { a: "Bun." } } Deno.\` + /Deno\\.["]/.source;
  const request = { processId: 1 }.processId / 2; // a division
`;

test("findViolations() accepts what the layers allow", () => {
  assertEquals(check("lib/session/startup.ts", good), []);
  assertEquals(check("lib/runtime/deno.ts", "Deno.connect(); process.env; import(name);"), []);
  assertEquals(check("lib/runtime/node.ts", 'import type { Socket } from "node:net";'), []);
  assertEquals(check("mod.ts", 'export { connect } from "./lib/client/connect.ts";'), []);
  assertEquals(check("lib/copy/mod.ts", 'import { a } from "../client/query.ts";'), []);
});

/** One of each kind: the file, its text, and what is wrong. */
const bad = [
  ["lib/wire/mod.ts", 'import { a } from "@std/streams";', "is not relative"],
  ["lib/wire/mod.ts", 'import "node:net";', "is not relative"],
  ["lib/wire/mod.ts", 'const a = await import("node:net");', "is not relative"],
  ["lib/runtime/node.ts", 'import { connect } from "node:net";', "is not relative"],
  ["lib/wire/mod.ts", 'import type { Socket } from "node:net";', "is not relative"],
  ["lib/wire/mod.ts", 'export * from "./message";', "no ending .ts"],
  ["lib/wire/mod.ts", 'import { a } from "../session/session.ts";', "wire must not import"],
  ["lib/wire/mod.ts", 'export { a } from "../value/codec.ts";', "wire must not import"],
  ["lib/wire/v3/a.ts", 'import type { A } from "../../value/codec.ts";', "must not import it"],
  ["lib/bytes/a.ts", 'type A = import("../wire/mod.ts").A;', "bytes must not import"],
  ["lib/session/a.ts", 'import { a } from "../transport/a.ts";', "must not import values of it"],
  ["lib/session/a.ts", 'import { type A, b } from "../transport/a.ts";', "values of it"],
  ["lib/copy/a.ts", 'import { a } from "../server/mod.ts";', "copy must not import"],
  ["lib/pool/a.ts", 'import { a } from "../client/query.ts";', "pool must not import"],
  ["lib/unknown/a.ts", 'import { a } from "../wire/mod.ts";', "unknown must not import"],
  ["lib/errors.ts", 'import { a } from "./sqlstate.ts";', "must stand alone"],
  ["lib/wire/mod.ts", 'import { a } from "../../tests/harness.ts";', "wire must not import"],
  ["mod.ts", 'import { a } from "./tests/harness.ts";', "must not import"],
  ["lib/client/a.ts", "import(name);", "not written down"],
  ["lib/client/a.ts", "Deno.open();", "the runtime's Deno"],
  ["lib/client/a.ts", "const a = `${process.env.HOME}`;", "the runtime's process"],
  ["lib/client/a.ts", "globalThis.Bun?.version;", "the runtime's Bun"],
  ["lib/client/a.ts", "type A = Buffer;", "the runtime's Buffer"],
] as const;

for (const [file, text, wrong] of bad) {
  test(`findViolations() finds in ${file}: ${text}`, () => {
    const messages = check(file, `${good.replace(/^ *(import|export) .*$/gm, "")}\n${text}`);
    assertEquals(messages.length, 1, messages.join("\n"));
    assert(messages[0].includes(wrong), messages[0]);
  });
}

test("readSource() keeps length, lines and quotes", () => {
  const text = 'a("b\\"c", `d${{ e: "f" }}g`); // h\n/* i\nj */ k / l / m; n = /["/]/g;';
  const code = 'a("    ", `  {{ e: " " }} `);     \n    \n     k / l / m; n = /    /g;';
  assertEquals(readSource(text), { code, source: text });
});

function check(file: string, text: string): string[] {
  return findViolations(new Map([[file, text]])).map(({ message }) => message);
}

async function libraryFiles(): Promise<Map<string, string>> {
  const found = (await readdir(projectFile("lib"), { recursive: true }))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("lib", name));
  if ((await readdir(projectFile("."))).includes("mod.ts")) found.push("mod.ts");
  const texts = await Promise.all(found.map((name) => readFile(projectFile(name), "utf8")));
  return new Map(found.map((name, index) => [name, texts[index]]));
}
