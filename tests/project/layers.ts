/** The layers of lib/ as ARCHITECTURE.md draws them, and what breaks them. */

import { readSource, type SourceCode } from "./source_code.ts";

/** A rule that a file breaks. */
export interface Violation {
  readonly file: string;
  readonly message: string;
}

interface Import {
  readonly specifier: string;
  /** Every imported name is a type: nothing of it is left in JavaScript. */
  readonly typesOnly: boolean;
}

/**
 * What each folder of lib/ may import beside itself and lib/errors.ts; "types of" a folder
 * means by `import type` alone.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  wire: ["bytes"],
  value: ["bytes"],
  extension: ["value", "bytes"],
  transport: ["bytes"],
  runtime: ["transport", "bytes"],
  session: ["wire", "bytes", "types of transport"],
  rows: ["wire", "value", "bytes"],
  sql: ["value"],
  pool: ["session", "types of transport"],
};

const foundations = ["bytes", "wire", "value", "transport", "runtime", "session", "rows", "sql"];
const core = [...foundations, "pool", "client"];
/** Each is an export of its own; none of them needs another. */
const subpaths = ["copy", "replication", "large_object", "server", "postgres_js", "pg", "edge"];
/** In lib/ itself, beside the files that only export. */
const importNothing = ["lib/errors.ts", "lib/sqlstate.ts"];
const runtimeNames = /(?<![.\w$#])(?:globalThis\s*\??\.\s*)?\b(Deno|Bun|process|Buffer)\b/g;

/** Checks files, given by their path from the project's folder (`lib/wire/mod.ts`). */
export function findViolations(files: ReadonlyMap<string, string>): Violation[] {
  const violations: Violation[] = [];
  for (const [file, text] of files) {
    const source = readSource(text);
    const messages = [...checkNames(file, source)];
    for (const one of readImports(source)) messages.push(...checkImport(file, one));
    for (const message of messages) violations.push({ file, message });
  }
  return violations;
}

function* checkNames(file: string, { code }: SourceCode): Generator<string> {
  if (layerOf(file) === "runtime") return;
  for (const [, name] of code.matchAll(runtimeNames)) yield `names the runtime's ${name}`;
  if (/\bimport\s*\(\s*[^"'\s]/.test(code)) yield "imports a name that is not written down";
}

function* checkImport(file: string, { specifier, typesOnly }: Import): Generator<string> {
  const layer = layerOf(file);
  if (!/^\.\.?\//.test(specifier)) {
    const typesOfNode = layer === "runtime" && typesOnly && specifier.startsWith("node:");
    if (!typesOfNode) yield `imports "${specifier}", which is not relative`;
    return;
  }
  if (!specifier.endsWith(".ts")) yield `imports "${specifier}", which has no ending .ts`;
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  if (importNothing.includes(file)) yield `imports ${target}: it must stand alone`;
  else if (!mayImport(layer, target, typesOnly)) {
    yield `imports ${target}: ${layer || file} must not import ${typesOnly ? "" : "values of "}it`;
  }
}

/** The folder in lib/; "" for mod.ts and the files in lib/ itself, which only export. */
function layerOf(file: string): string {
  return file.match(/^lib\/([^/]+)\//)?.[1] ?? "";
}

function mayImport(layer: string, target: string, typesOnly: boolean): boolean {
  const wanted = layerOf(target);
  if (layer === "") return target.startsWith("lib/");
  if (importNothing.includes(target) || wanted === layer) return true;
  if (layer === "client") return foundations.includes(wanted) || wanted === "pool";
  if (subpaths.includes(layer)) return core.includes(wanted);
  const list = allowed[layer] ?? [];
  return list.includes(wanted) || (typesOnly && list.includes(`types of ${wanted}`));
}

/** Static imports and exports, and `import("…")`, as a value or as a type. */
function* readImports({ code, source }: SourceCode): Generator<Import> {
  const statement = /\b(?:import|export)\b(?!\s*[(.])([^"';=()]*?)\bfrom\s*(["'] *["'])/dg;
  const sideEffect = /\bimport\s*(["'] *["'])/dg;
  const dynamic = /\bimport\s*\(\s*(["'] *["'])/dg;
  const specifierAt = ([start, end]: [number, number]) => source.slice(start + 1, end - 1);
  for (const match of code.matchAll(statement)) {
    yield { specifier: specifierAt(match.indices![2]!), typesOnly: importsTypes(match[1]) };
  }
  for (const match of [...code.matchAll(sideEffect), ...code.matchAll(dynamic)]) {
    yield { specifier: specifierAt(match.indices![1]!), typesOnly: false };
  }
}

/** Of what stands between `import` and `from`. */
function importsTypes(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true;
  const names = clause.match(/^\s*\{([^}]*)\}\s*$/)?.[1].split(",") ?? [clause];
  return names.every((name) => name.trim() === "" || /^type\s/.test(name.trim()));
}
