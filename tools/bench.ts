/**
 * Runs the benches on Deno and, where it is there, on Bun.
 *
 *     deno task bench [name] [--quick] [--runtime deno|bun|node]
 *
 * The name is that of a file without `_bench.ts`. The servers are started once, for all.
 */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startPostgres } from "./embedded_postgres.ts";
import { serverVariable } from "../bench/servers.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const SUFFIX = "_bench.ts";
const RUNTIMES = ["deno", "bun", "node"] as const;
type RuntimeName = typeof RUNTIMES[number];

const { values: options, positionals: names } = parseArgs({
  options: { quick: { type: "boolean", default: false }, runtime: { type: "string" } },
  allowPositionals: true,
});
process.exitCode = await runAll(chosenBenches(), chosenRuntimes());

function chosenBenches(): string[] {
  const all = readdirSync(join(root, "bench"))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  for (const name of names) {
    if (all.includes(name)) continue;
    throw new Error(`Cannot run the bench ${name}: there are only ${all.join(", ")}`);
  }
  return names.length > 0 ? names : all;
}

/** The one that was asked for; else Deno, and Bun if it is there. */
function chosenRuntimes(): Map<RuntimeName, string> {
  const { runtime } = options;
  const wanted = RUNTIMES.filter((name) => runtime ? name === runtime : name !== "node");
  const found = new Map<RuntimeName, string>();
  for (const name of wanted) {
    const program = findProgram(name);
    if (program) found.set(name, program);
    else console.log(`${name} is not installed: its rounds are left out`);
  }
  if (found.size === 0) throw new Error(`Cannot run the benches: there is no ${runtime}`);
  return found;
}

function findProgram(name: RuntimeName): string | undefined {
  if (name === "deno" && process.versions.deno) return process.execPath;
  const folders = [
    join(root, ".toolchain", "node_modules", ".bin"),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Gives the exit code: not 0 when a bench failed. */
async function runAll(benches: string[], runtimes: Map<RuntimeName, string>): Promise<number> {
  const log = (line: string) => console.log(line);
  const started = await Promise.allSettled([
    startPostgres("pg18", { log }),
    startPostgres("pg13", { log }),
  ]);
  const folder = mkdtempSync(join(tmpdir(), "rill-bench-"));
  const failed: string[] = [];
  try {
    const [pg18, pg13] = started.map((server) => {
      if (server.status === "fulfilled") return server.value.url();
      throw server.reason;
    });
    const env = { ...process.env, [serverVariable.pg18]: pg18, [serverVariable.pg13]: pg13 };
    for (const bench of benches) {
      for (const [name, program] of runtimes) {
        const quick = options.quick ? ["--quick"] : [];
        const code = await run(program, [...commandLine(name, bench, folder), ...quick], env);
        if (code !== 0) failed.push(`${bench} on ${name}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
    for (const server of started) {
      if (server.status === "fulfilled") await server.value.stop();
    }
  }
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

/** Flags and file. Node gets a bundle: older ones take no TypeScript. */
function commandLine(name: RuntimeName, bench: string, folder: string): string[] {
  const file = join(root, "bench", bench + SUFFIX);
  if (name === "deno") return ["run", "-A", file];
  if (name === "bun") return [file];
  const bundle = join(folder, `${bench}.mjs`);
  const { status } = spawnSync(join(root, "node_modules", ".bin", "esbuild"), [
    file,
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--target=node20",
    "--log-level=warning",
    "--external:pg18",
    "--external:pg13",
    "--external:@peculiar/x509",
    "--external:reflect-metadata",
    `--outfile=${bundle}`,
  ], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`Cannot bundle ${bench}: run npm install first`);
  return [bundle];
}

function run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
