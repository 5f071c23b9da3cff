/**
 * Runs the benches on Deno and Bun, with PostgreSQL servers started for all of them.
 *
 * ```sh
 * deno task bench                    # everything
 * deno task bench server --quick     # bench/server_bench.ts with small sizes: does it work?
 * deno task bench --runtime node     # on this runtime alone
 * ```
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serverVariable } from "../bench/servers.ts";
import { startPostgres } from "./embedded_postgres.ts";
import {
  bunRuntime,
  denoRuntime,
  installPackages,
  nodeRuntime,
  projectFolder,
  toolchainFolder,
} from "./toolchain.ts";

const SUFFIX = "_bench.ts";
const find = { deno: denoRuntime, bun: bunRuntime, node: nodeRuntime } as const;
type RuntimeName = keyof typeof find;

/** What the command line asks for. */
interface Selection {
  readonly benches: readonly string[];
  readonly runtimes: readonly RuntimeName[];
  readonly quick: boolean;
}

async function main(args: string[]): Promise<boolean> {
  const { benches, runtimes, quick } = await readArguments(args);
  // All of them first: a long run must not end in a failed download.
  const programs = new Map<RuntimeName, string>();
  for (const name of runtimes) programs.set(name, (await find[name]()).path);
  if (runtimes.some((name) => name !== "deno")) await installPackages();

  const failed: string[] = [];
  await withServers(async (env) => {
    for (const bench of benches) {
      for (const [name, program] of programs) {
        const command = [...await commandLine(name, bench), ...(quick ? ["--quick"] : [])];
        const child = new Deno.Command(program, { args: command, cwd: projectFolder, env });
        const { success } = await child.spawn().status;
        if (!success) failed.push(`${bench} on ${name}`);
      }
    }
  });
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
  return failed.length === 0;
}

async function readArguments(args: string[]): Promise<Selection> {
  const { values, positionals } = parseArgs({
    args,
    options: { quick: { type: "boolean", default: false }, runtime: { type: "string" } },
    allowPositionals: true,
  });
  const files = await readdir(join(projectFolder, "bench"));
  const all = files.filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length)).sort();
  const unknown = positionals.find((name) => !all.includes(name));
  if (unknown) throw new Error(`Cannot run the bench ${unknown}: expected ${all.join(", ")}`);
  const { runtime } = values;
  if (runtime !== undefined && !(runtime in find)) {
    throw new Error(`Cannot run on ${runtime}: expected ${Object.keys(find).join(", ")}`);
  }
  return {
    benches: positionals.length > 0 ? positionals : all,
    runtimes: runtime === undefined ? ["deno", "bun"] : [runtime as RuntimeName],
    quick: values.quick,
  };
}

async function withServers(body: (env: Record<string, string>) => Promise<void>): Promise<void> {
  await using servers = new AsyncDisposableStack();
  const log = (line: string) => console.log(line);
  const env: Record<string, string> = {};
  for (const version of ["pg18", "pg13"] as const) {
    env[serverVariable[version]] = servers.use(await startPostgres(version, { log })).url();
  }
  await body(env);
}

async function commandLine(name: RuntimeName, bench: string): Promise<string[]> {
  const file = join(projectFolder, "bench", bench + SUFFIX);
  if (name === "deno") return ["run", "--quiet", "--allow-all", file];
  if (name === "bun") return [file];
  return ["--enable-source-maps", await bundle(file, `${bench}.mjs`)];
}

/** Node 20 runs no TypeScript. Packages stay outside. */
async function bundle(file: string, name: string): Promise<string> {
  const { build, stop } = await import("esbuild");
  const outfile = join(toolchainFolder, "node-benches", name);
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [file],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
  });
  await stop();
  return outfile;
}

Deno.exit(await main(Deno.args) ? 0 : 1);
