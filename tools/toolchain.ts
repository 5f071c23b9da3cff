/**
 * Finds the runtimes and packages that the tests need, and fetches from npm what is missing.
 *
 * Deno is there, because it runs this; nothing else has to be, npm included. No package
 * runs an install script.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const projectFolder: string = fileURLToPath(new URL("..", import.meta.url));
/** For what is fetched or built for tests; not in git. */
export const toolchainFolder: string = join(projectFolder, ".toolchain");

/** A program and how it names its version. */
export interface Runtime {
  readonly path: string;
  readonly version: string;
}

interface Wanted {
  readonly program: "bun" | "node";
  /** One on the PATH must be at least this; anything older is passed over. */
  readonly minimum: readonly [major: number, minor: number];
  readonly npmPackage: string;
  readonly npmVersion: string;
}

export function denoRuntime(): Runtime {
  return { path: Deno.execPath(), version: Deno.version.deno };
}

/** Bun: that of the PATH, else from npm. */
export async function bunRuntime(): Promise<Runtime> {
  const target = `${platform()}-${arch() === "arm64" ? "aarch64" : arch()}`;
  const suffix = await needsBaseline() ? "-baseline" : "";
  return await findOrFetch({
    program: "bun",
    minimum: [1, 3],
    npmPackage: `@oven/bun-${target}${suffix}`,
    npmVersion: "1.4.5",
  });
}

/** Node: that of the PATH, else from npm. */
export async function nodeRuntime(): Promise<Runtime> {
  return await findOrFetch({
    program: "node",
    // process.getBuiltinModule(), which rill needs, is younger than Node 20.0.
    minimum: [20, 16],
    npmPackage: `node-${platform()}-${arch()}`,
    npmVersion: "22.23.3",
  });
}

async function findOrFetch(wanted: Wanted): Promise<Runtime> {
  const onPath = await versionOf(wanted.program);
  if (onPath && isAtLeast(onPath, wanted.minimum)) {
    return { path: wanted.program, version: onPath };
  }
  const folder = join(toolchainFolder, wanted.program);
  const path = join(folder, "node_modules", wanted.npmPackage, "bin", wanted.program);
  let version = await versionOf(path);
  if (version !== wanted.npmVersion) {
    await installAlone(folder, wanted);
    version = await versionOf(path);
  }
  if (!version) throw new Error(`Cannot run ${path}: the package has no program for this machine`);
  return { path, version };
}

/** A folder of its own, so that the project's packages and lock file stay as they are. */
async function installAlone(folder: string, { npmPackage, npmVersion }: Wanted): Promise<void> {
  console.log(`Fetching ${npmPackage}@${npmVersion} from npm`);
  await mkdir(folder, { recursive: true });
  const dependencies = { [npmPackage]: npmVersion };
  await writeFile(join(folder, "package.json"), JSON.stringify({ dependencies }));
  await writeFile(
    join(folder, "deno.json"),
    JSON.stringify({ nodeModulesDir: "auto", lock: false }),
  );
  await run(Deno.execPath(), ["install", "--quiet"], folder);
}

/**
 * Makes `node_modules`, where Bun, Node and their tests find packages, agree with
 * package.json; Deno itself does not look there.
 */
export async function installPackages(): Promise<void> {
  const text = await readFile(join(projectFolder, "package.json"), "utf8");
  const wanted = JSON.parse(text).devDependencies as Record<string, string>;
  const states = await Promise.all(Object.entries(wanted).map(isInstalled));
  if (states.every(Boolean)) return;
  console.log("Installing the packages of package.json from npm");
  await run(Deno.execPath(), ["install", "--quiet", "--node-modules-dir=auto"], projectFolder);
}

async function isInstalled([name, version]: [string, string]): Promise<boolean> {
  try {
    const path = join(projectFolder, "node_modules", name, "package.json");
    // An alias reads "npm:<package>@<version>".
    return version.split("@").at(-1) === JSON.parse(await readFile(path, "utf8")).version;
  } catch {
    return false;
  }
}

/** Undefined: there is no such program, or it does not run on this machine. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(path, { args: ["--version"] }).output();
    return success ? new TextDecoder().decode(stdout).trim().replace(/^v/, "") : undefined;
  } catch {
    return undefined;
  }
}

function isAtLeast(version: string, [major, minor]: Wanted["minimum"]): boolean {
  const [ownMajor, ownMinor] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Bun's usual build needs a processor with AVX2. */
async function needsBaseline(): Promise<boolean> {
  if (platform() !== "linux" || arch() !== "x64") return false;
  return !/^flags.*\bavx2\b/m.test(await readFile("/proc/cpuinfo", "utf8"));
}

async function run(program: string, args: string[], cwd: string): Promise<void> {
  const { success } = await new Deno.Command(program, { args, cwd, stdin: "null" }).spawn().status;
  if (!success) throw new Error(`Cannot go on: ${program} ${args.join(" ")} failed`);
}
