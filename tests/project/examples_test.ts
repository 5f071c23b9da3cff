/** The examples are programs: each is run, and says what it says. */

import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { projectFile } from "./project_file.ts";

const url = await databaseUrl("3.2");
const deno = process.env.RILL_DENO ?? "deno";

async function run(example: string): Promise<string[]> {
  const args = ["run", "--quiet", "--check", "-A", projectFile(`examples/${example}.ts`)];
  const env = { ...process.env, DATABASE_URL: url, NO_COLOR: "1" };
  const { stdout } = await promisify(execFile)(deno, args, { env, cwd: projectFile(".") });
  return stdout.trimEnd().split("\n");
}

test("examples/queries.ts runs, and says what it says", async () => {
  const lines = await run("queries");
  assertEquals(lines.at(-1), "[ { id: 1 }, { id: 2 } ] 2");
});

test("examples/transactions.ts runs, and loses nothing", async () => {
  const lines = await run("transactions");
  assertEquals(lines[0], "After 40 transfers at once: 4000 in all accounts together");
  assertEquals(lines[2], "Account 1: not for this one");
});

test("examples/streams.ts runs, and gives up in time", async () => {
  const lines = await run("streams");
  assertEquals(lines.slice(-3), [
    "5 groups of a thousand",
    "nobody waits any more",
    "The query took longer than 50 ms",
  ]);
});
