/** A runtime in memory: variables, files, sockets, and nothing that connects. */

import type { Runtime } from "../../lib/runtime/runtime.ts";

/** What the fake runtime has. */
export interface FakeSystem {
  readonly env?: Readonly<Record<string, string>>;
  /** Text by path; with a mode when it is not 0600. */
  readonly files?: Readonly<
    Record<string, string | { readonly text: string; readonly mode: number }>
  >;
  readonly sockets?: readonly string[];
  readonly home?: string;
  readonly user?: string;
}

/** Makes a runtime of variables and files. */
export function fakeRuntime(system: FakeSystem = {}): Runtime {
  const file = (path: string) => {
    const found = system.files?.[path];
    return typeof found === "string" ? { text: found, mode: 0o600 } : found;
  };
  return {
    name: "deno",
    connect: () => Promise.reject(new Error("nothing to connect to")),
    env: (name) => system.env?.[name],
    readTextFile(path) {
      const text = file(path)?.text;
      if (text !== undefined) return Promise.resolve(text);
      return Promise.reject(Object.assign(new Error("no such file"), { code: "ENOENT" }));
    },
    fileMode: (path) => Promise.resolve(file(path)?.mode),
    homeDirectory: () => system.home ?? "/home/ann",
    userName: () => system.user ?? "ann",
    exists: (path) => Promise.resolve(system.sockets?.includes(path) ?? false),
  };
}
