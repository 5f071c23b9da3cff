import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import denoConfig from "../deno.json" with { type: "json" };
import packageConfig from "../package.json" with { type: "json" };
import { test } from "./harness.ts";
import { projectFile } from "./project/project_file.ts";
import { assert, assertEquals } from "./std_assert.ts";

interface Conditions {
  readonly types: string;
  readonly default: string;
}

test("package.json exports what deno.json exports, built into dist/", () => {
  const { "./package.json": own, ...built } = packageConfig.exports;
  assertEquals(own, "./package.json");
  assertEquals(Object.keys(built), Object.keys(denoConfig.exports));
  for (const [name, source] of Object.entries(denoConfig.exports)) {
    const target = source.replace(/^\.\//, "./dist/").replace(/\.ts$/, "");
    const conditions = (built as Record<string, Conditions>)[name];
    assertEquals(conditions.types, `${target}.d.ts`, name);
    assertEquals(conditions.default, `${target}.js`, name);
    // The first condition that applies is taken: types behind another would never be seen.
    assertEquals(Object.keys(conditions)[0], "types", name);
  }
});

test("package.json and deno.json agree on name, version and packages", () => {
  assertEquals(packageConfig.name, denoConfig.name);
  assertEquals(packageConfig.version, denoConfig.version);
  const installed = packageConfig.devDependencies as Record<string, string>;
  for (const specifier of Object.values(denoConfig.imports)) {
    const [, name, version] = specifier.match(/^npm:(@?[^@]+)@([^/]+)/)!;
    assertEquals(installed[name], version, name);
  }
});

test("rill has no dependency at run time", () => {
  assert(!("dependencies" in packageConfig));
});

test("mod.ts can be imported by URL, without an import map", async () => {
  const server = await serveProject();
  const { port } = server.address() as AddressInfo;
  try {
    const program = `
      import { connect } from "http://127.0.0.1:${port}/mod.ts";
      console.log(typeof connect);
    `;
    assertEquals(await runDeno(program, `127.0.0.1:${port}`), { code: 0, output: "function\n" });
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

/** Serves the project's files as a plain web host does. */
async function serveProject(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = projectFile(new URL(request.url!, "http://localhost").pathname);
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.setHeader("content-type", "application/typescript");
    response.end(await readFile(path));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Deno is what runs us, or tools/test.ts said where it is, or npm has it. */
function denoCommand(): [string, ...string[]] {
  if ("Deno" in globalThis) return [process.execPath];
  return process.env.RILL_DENO ? [process.env.RILL_DENO] : ["npx", "-y", "deno"];
}

async function runDeno(
  program: string,
  allowedHost: string,
): Promise<{ code: number; output: string }> {
  const flags = [
    "--quiet",
    "--no-config",
    "--no-lock",
    `--allow-import=${allowedHost}`,
    "--reload",
  ];
  const [command, ...first] = denoCommand();
  const child = spawn(command, [...first, "run", ...flags, "-"], {
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  child.stdout.on("data", (chunk) => output += chunk);
  child.stderr.on("data", (chunk) => output += chunk);
  child.stdin.end(program);
  const [code] = await once(child, "close");
  return { code, output };
}
