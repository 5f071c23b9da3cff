/**
 * A PostgreSQL with pgvector and PostGIS: PGlite, which is PostgreSQL in WASM, in a process of
 * its own. It knows protocol 3.0 alone, and all connections share one session: use `max: 1`.
 *
 * It starts in four seconds; the first time ever, when the extensions are created, in twelve.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import process from "node:process";
import packageConfig from "../../package.json" with { type: "json" };
import { projectFile } from "../project/project_file.ts";

/** Starts one that lasts as long as the program; gives its connection string. */
export async function startPglite(): Promise<string> {
  const folder = projectFile(".toolchain");
  await mkdir(folder, { recursive: true });
  const program = projectFile("tests/extension/pglite_process.mjs");
  const flags = "Deno" in globalThis ? ["run", "-A", "--quiet"] : [];
  const child = spawn(process.execPath, [...flags, program, join(folder, databaseName())], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.unref();
  const [stdin, stdout] = [child.stdin, child.stdout] as unknown as [Socket, Socket];
  const ended = once(child, "close").then(([code]) => {
    throw new Error(`Cannot start PGlite: its process ended with code ${code}`);
  });
  const [port] = await Promise.race([once(stdout, "data"), ended]);
  ended.catch(() => {}); // The end of the tests is the end of it.
  stdin.unref?.();
  stdout.destroy();
  return `postgres://postgres@127.0.0.1:${String(port).trim()}/postgres?sslmode=disable`;
}

/** Another one whenever a package is another: old databases are of no use to it. */
function databaseName(): string {
  const versions = Object.entries(packageConfig.devDependencies)
    .filter(([name]) => name.startsWith("@electric-sql/"))
    .map(([, version]) => version);
  return `pglite-${versions.join("-")}.tar`;
}
