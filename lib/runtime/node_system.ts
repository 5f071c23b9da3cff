/**
 * What the operating system tells of the user, the environment and files, by `node:` modules
 * that Deno and Bun have too. What Deno does not permit is as if it were not there.
 *
 * @module
 */

import { nodeModule } from "./node_api.ts";
import type { NodeProcess } from "./node_api.ts";
import type { Runtime } from "./runtime.ts";

/** The part of {@linkcode Runtime} that is no connection. */
export type System = Pick<
  Runtime,
  "env" | "readTextFile" | "fileMode" | "homeDirectory" | "userName" | "exists"
>;

/** Asks the system this process runs on. */
export function systemOf(process: NodeProcess): System {
  const windows = process.platform === "win32";
  const env = (name: string) => permitted(() => process.env[name]);
  const files = () => nodeModule("node:fs/promises");
  return {
    env,
    readTextFile: async (path) => await files().readFile(path, "utf8"),
    async fileMode(path) {
      if (windows) return undefined;
      const stat = await files().stat(path).catch(() => undefined);
      return stat && stat.mode & 0o777;
    },
    homeDirectory: () =>
      env(windows ? "USERPROFILE" : "HOME") || permitted(() => nodeModule("node:os").homedir()),
    userName: () =>
      permitted(() => nodeModule("node:os").userInfo().username) ||
      env(windows ? "USERNAME" : "USER"),
    async exists(path) {
      const stat = await files().stat(path).catch(() => undefined);
      return stat !== undefined;
    },
  };
}

/** Deno throws NotCapable where a permission is missing; an empty text says nothing either. */
function permitted(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
