/**
 * Reading the files that options name, or that stand where libpq looks for them.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";

/** A text, or undefined when there is no such file or it may not be read. */
export async function readIfPresent(path: string, runtime: Runtime): Promise<string | undefined> {
  try {
    return await runtime.readTextFile(path);
  } catch {
    return undefined;
  }
}

/**
 * A text that must be there. `title` is what the error text calls it.
 *
 * @throws {ConfigError} with the runtime's own error as cause
 */
export async function readNamed(
  path: string,
  options: { readonly title: string; readonly runtime: Runtime },
): Promise<string> {
  try {
    return await options.runtime.readTextFile(path);
  } catch (cause) {
    throw new ConfigError(`Cannot read ${options.title}: no readable file at ${path}`, { cause });
  }
}

/** A path in the user's home directory, if there is one. */
export function homePath(name: string, runtime: Runtime): string | undefined {
  const home = runtime.homeDirectory();
  return home === undefined ? undefined : `${home}/${name}`;
}
