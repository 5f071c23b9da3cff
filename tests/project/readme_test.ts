/** The examples of the README are programs: each is checked and run, as it stands there. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { connect } from "../../mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assert, assertEquals } from "../std_assert.ts";
import { projectFile } from "./project_file.ts";

const url = await databaseUrl("3.2");
/** A sleep that no other test asks for, to find it among the server's queries. */
const sleep = "pg_sleep(3607)";
const documented = "postgres://app@localhost/shop";
const deno = process.env.RILL_DENO ?? "deno";

async function examples(): Promise<string[]> {
  const text = await readFile(projectFile("README.md"), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
}

/** The example with our server in the place of the reader's, and our source for the package. */
function runnable(code: string): string {
  return code
    .replaceAll("pg_sleep(60)", sleep)
    .replace('"@rill/postgres"', JSON.stringify(pathToFileURL(projectFile("mod.ts")).href))
    .replace(`"${documented}"`, JSON.stringify(url));
}

async function run(files: readonly string[], folder: string): Promise<string> {
  const main = join(folder, "main.ts");
  await writeFile(main, files.map((file) => `import "./${file}";\n`).join(""));
  const { stdout } = await promisify(execFile)(deno, ["run", "--quiet", "--check", "-A", main]);
  return stdout;
}

test("README.md has at least six examples, each of which runs and says what it says", async () => {
  const codes = await examples();
  assert(codes.length >= 6);
  for (const code of codes) assert(code.includes(`"${documented}"`), code);

  const folder = await mkdtemp(join(tmpdir(), "rill-readme-"));
  const sql = connect(url, { max: 1 });
  try {
    await sql`drop table if exists orders`;
    await sql`create table orders as select g as id, g * 10::int8 as total from generate_series(1, 5000) g`;
    const files = codes.map((_, i) => `example_${i}.ts`);
    await Promise.all(files.map((file, i) => writeFile(join(folder, file), runnable(codes[i]))));
    const lines = (await run(files, folder)).split("\n");
    assert(lines.includes("TimeoutError"));
    assert(lines.includes("42703 undefined_column"));
    assert(lines.includes("select totl from orders"));
    assert(lines.includes("2 995n"));
    assert(lines.includes("{ total: 0n }"));
    assert(lines.includes("100 changed"));
    assert(lines.includes("The transaction took longer than 100 ms"));
    assert(lines.includes('10 10 SELECT [ "id", "total" ]'));
    const [{ left }] = await sql`select count(*)::int4 as left from pg_stat_activity
      where application_name = 'rill' and query like '%' || ${sleep} || '%' and state = 'active'
        and pid <> pg_backend_pid()`;
    assertEquals(left, 0);
  } finally {
    await sql`drop table if exists orders`;
    await sql.close();
    await rm(folder, { recursive: true });
  }
});
