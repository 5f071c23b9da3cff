/**
 * Runs the one test suite on Deno, Bun and Node, with PostgreSQL servers started for it.
 *
 * ```sh
 * deno task test                        # everything
 * deno task test bun node               # on these runtimes alone
 * deno task test deno tests/wire        # these files or folders alone
 * deno task test "Session.query()"      # tests with this in their name alone
 * ```
 */

import { readdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { startShared } from "../tests/servers.ts";
import { type Counts, readSummary, type RuntimeName } from "./test_summary.ts";
import {
  bunRuntime,
  denoRuntime,
  installPackages,
  nodeRuntime,
  projectFolder,
  type Runtime,
  toolchainFolder,
} from "./toolchain.ts";

const runtimeNames: readonly RuntimeName[] = ["deno", "bun", "node"];
const titles: Readonly<Record<RuntimeName, string>> = { deno: "Deno", bun: "Bun", node: "Node" };
/** After this a run hangs, and is ended as failed. */
const runLimitMs = 900_000;

/** What the command line asks for. */
interface Selection {
  readonly runtimes: readonly RuntimeName[];
  /** Relative to the project, sorted. */
  readonly files: readonly string[];
  readonly name?: string;
}

async function main(args: readonly string[]): Promise<boolean> {
  const selection = await readArguments(args);
  const runtimes = await findRuntimes(selection.runtimes);
  const environment = {
    ...await startShared(["pg13", "pg18"]),
    RILL_DENO: Deno.execPath(),
  };
  let passed = 0;
  let failed = 0;
  for (const [name, runtime] of runtimes) {
    const counts = await runSuite(name, runtime, selection, environment);
    passed += counts.passed;
    failed += counts.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

async function readArguments(args: readonly string[]): Promise<Selection> {
  const runtimes: RuntimeName[] = [];
  const paths: string[] = [];
  const names: string[] = [];
  for (const arg of args) {
    if ((runtimeNames as readonly string[]).includes(arg)) runtimes.push(arg as RuntimeName);
    else if (await stat(arg).catch(() => undefined)) paths.push(arg);
    else if (arg !== "--") names.push(arg);
  }
  if (names.length > 1) throw new Error(`Cannot search for ${names.length} names: expected one`);
  const all = await testFiles(join(projectFolder, "tests"));
  const files = paths.length === 0 ? all : all.filter((file) => paths.some(contains(file)));
  if (files.length === 0) throw new Error(`Cannot run ${paths.join(" ")}: no test is there`);
  return { runtimes: runtimes.length > 0 ? runtimes : runtimeNames, files, name: names[0] };
}

function contains(file: string): (path: string) => boolean {
  return (path) => !relative(path, file).startsWith("..");
}

async function testFiles(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true });
  return found
    .filter((file) => file.endsWith("_test.ts"))
    .map((file) => relative(projectFolder, join(folder, file)))
    .sort();
}

/** Finds them all first: a long run must not end in a failed download. */
async function findRuntimes(names: readonly RuntimeName[]): Promise<Map<RuntimeName, Runtime>> {
  const find = { deno: denoRuntime, bun: bunRuntime, node: nodeRuntime };
  const found = new Map<RuntimeName, Runtime>();
  for (const name of names) found.set(name, await find[name]());
  if (found.has("bun") || found.has("node")) await installPackages();
  return found;
}

async function runSuite(
  name: RuntimeName,
  runtime: Runtime,
  selection: Selection,
  environment: Record<string, string>,
): Promise<Counts> {
  const title = `${titles[name]} ${runtime.version}`;
  console.log(`\n===== ${title}: ${selection.files.length} test files =====`);
  const started = Date.now();
  const args = await argumentsFor[name](selection);
  const { output, exitCode } = await runAloud(runtime.path, args, environment);
  const counts = readSummary(name, output, exitCode);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`===== ${title}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s`);
  return counts;
}

const argumentsFor: Record<RuntimeName, (selection: Selection) => string[] | Promise<string[]>> = {
  deno({ files, name }) {
    // `deno task ok` checks the types.
    const flags = ["-A", "--no-prompt", "--no-check", "--sanitize-ops", "--sanitize-resources"];
    return ["test", ...flags, ...(name ? ["--filter", name] : []), ...files];
  },
  bun({ files, name }) {
    // Without "./" Bun takes a path for a part of a path.
    const paths = files.map((file) => `./${file}`);
    const filter = name ? ["--test-name-pattern", escapeRegExp(name)] : [];
    return ["test", "--timeout", "120000", ...filter, ...paths];
  },
  async node({ files, name }) {
    const bundles = await bundle(files);
    const filter = name ? ["--test-name-pattern", escapeRegExp(name)] : [];
    // Not --test-force-exit: Node 26.10 loses the last tests of a file by it, without a word.
    const flags = ["--test", "--test-concurrency=1", "--test-reporter=spec"];
    return ["--enable-source-maps", ...flags, ...filter, ...bundles];
  },
};

/** Node 20 runs no TypeScript: one bundle per file. Packages stay outside. */
async function bundle(files: readonly string[]): Promise<string[]> {
  const { build, stop } = await import("esbuild");
  const outdir = join(toolchainFolder, "node-tests");
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [...files],
    outbase: "tests",
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
  });
  await stop();
  return files.map((file) => join(outdir, relative("tests", file)).replace(/\.ts$/, ".mjs"));
}

/** Runs a program, shows what it prints, and keeps it. */
async function runAloud(
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ output: string; exitCode: number }> {
  const colors: Record<string, string> = Deno.stdout.isTerminal()
    ? { FORCE_COLOR: "1" }
    : { NO_COLOR: "1" };
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: projectFolder,
    env: { ...environment, ...colors },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(runLimitMs),
  }).spawn();
  const [output, errors, { code }] = await Promise.all([
    showAndKeep(child.stdout),
    showAndKeep(child.stderr),
    child.status,
  ]);
  return { output: output + "\n" + errors, exitCode: code };
}

async function showAndKeep(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    await Deno.stdout.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

Deno.exit(await main(Deno.args) ? 0 : 1);
