import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The path of a file of the project; "." is its folder. */
export function projectFile(name: string): string {
  return join(projectFolder(), name);
}

/** The tests for Node are bundles, which lie deeper in the project or outside of it. */
function projectFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = [...parents(here), ...parents(process.cwd())]
    .find((folder) => existsSync(join(folder, "deno.json")));
  if (found === undefined) throw new Error("Cannot find the project: no deno.json above");
  return found;
}

function parents(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...parents(parent)];
}
