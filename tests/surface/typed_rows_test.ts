/** The types of the surface are what `typed_rows.ts` expects, and it would tell if they were not. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { test } from "../harness.ts";
import { projectFile } from "../project/project_file.ts";
import { assertRejects } from "../std_assert.ts";

const deno = process.env.RILL_DENO ?? "deno";
const expectations = projectFile("tests/surface/typed_rows.ts");

/** Rejects with what the compiler says, if it says anything. */
async function check(file: string): Promise<void> {
  const args = ["check", "--quiet", "--config", projectFile("deno.json"), file];
  await promisify(execFile)(deno, args, { env: { ...process.env, NO_COLOR: "1" } });
}

/** Checks lines with all that `typed_rows.ts` has before its first function. */
async function checkLines(lines: readonly string[]): Promise<void> {
  const [head] = (await readFile(expectations, "utf8")).split("/** Awaited. */");
  const mod = pathToFileURL(projectFile("mod.ts")).href;
  const folder = await mkdtemp(join(tmpdir(), "rill-types-"));
  try {
    const file = join(folder, "lines.ts");
    const body = ["export function lines(sql: Sql): void {", ...lines, "}\n"].join("\n");
    await writeFile(file, head.replace('"../../mod.ts"', JSON.stringify(mod)) + body);
    await check(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test(
  "the types of the surface are what is expected",
  () => check(expectations),
  { timeoutMs: 120_000 },
);

test("an expectation of types that is broken does not check, and others do", async () => {
  const right = [
    "is<Query<User>>()(sql<User>`select`);",
    "is<number>()(1 as number);",
    "// @ts-expect-error: there is no such method.",
    "sql`select`.nosuch();",
  ];
  const wrong = [
    "is<Query<AnyRow>>()(sql<User>`select`);", // A query of other rows.
    "is<unknown>()(sql<User>`select`);", // What anything could be.
    "is<User>()(JSON.parse(''));", // Any.
    "// @ts-expect-error: nothing is wrong with it.",
    "sql`select`.values();",
  ];
  await assertRejects(() => checkLines([...right, ...wrong]), Error, "Found 4 errors");
}, { timeoutMs: 120_000 });
