/** Queries from files. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RejectionReason } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import type { OpenClient } from "../../both_protocols.ts";
import { assert, assertEquals, assertRejects } from "../../std_assert.ts";

/** The same test on both protocols, with a file that is written anew by each call of `write`. */
function testWithFile(
  name: string,
  body: (open: OpenClient, write: (text: string) => Promise<string>) => Promise<void>,
): void {
  testBoth(name, async (open) => {
    const folder = await mkdtemp(join(tmpdir(), "rill-file-"));
    const path = join(folder, "query.sql");
    try {
      await body(open, async (text) => {
        await writeFile(path, text);
        return path;
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

testWithFile("sql.file() runs a text with values, in every shape", async (open, write) => {
  const sql = open({ max: 1 });
  const path = await write("-- é\nselect $1::int4 as n, $2::text as t\n");
  const ask = () => sql.file<{ n: number }>(path, [1.0, "{é}"]);
  assertEquals(await ask().one(), { n: 1, t: "{é}" } as { n: number });
  assertEquals([...await ask().values()], [[1, "{é}"]]);
  for await (const row of ask().with({ tag: "from a file" })) assertEquals(row.n, 1);
  assertEquals((await ask().describe()).types, [23, 25]);
  await sql.begin(async (tx) => {
    for await (const { n } of tx.file(path, [7, ""])) {
      assertEquals(await tx.file(path, [n, "x"]).values().one(), [7, "x"]);
    }
  });
});

testWithFile("sql.file() without values runs several statements", async (open, write) => {
  const sql = open({ max: 1 });
  const path = await write(`
    create temporary table item (id int4);
    insert into item values (1), (2);
    select sum(id)::int4 as sum from item;
  `);
  const last = await sql.file(path);
  assertEquals([...last], [{ sum: 3 }]);
  assertEquals(last.statements.map(({ command }) => command), ["CREATE TABLE", "INSERT", "SELECT"]);
});

testWithFile("sql.file() reads a file once, without cache each time", async (open, write) => {
  const sql = open({ max: 1 });
  const path = await write("select 1 as n");
  assertEquals(await sql.file(path).one(), { n: 1 });
  await write("select 2 as n");
  assertEquals(await sql.file(path).one(), { n: 1 });
  assertEquals(await sql.file(path, [], { cache: false }).one(), { n: 2 });
  assertEquals(await sql.file(path).one(), { n: 1 });
  assertEquals(await sql.begin((tx) => tx.file(path).one()), { n: 1 });
  assertEquals(await open({ max: 1 }).file(path).one(), { n: 2 });
});

testWithFile(
  "sql.file() that cannot be read rejects, and reads again the next time",
  async (open, write) => {
    const sql = open({ max: 1 });
    const path = await write("select 1 as n");
    const missing = `${path}.not`;
    const ways: (() => PromiseLike<unknown>)[] = [
      () => sql.file(missing),
      () => sql.file(missing).execute(),
      () => sql.file(missing).batches().next(),
      () => sql.file(missing).describe(),
    ];
    for (const way of ways) {
      const error = await assertRejects(async () => await way(), Error);
      assert(error.message.includes("query.sql.not"), error.message);
    }
    sql.file(missing); // Never run: nobody is to hear of it.
    await writeFile(missing, "select 2 as n");
    assertEquals(await sql.file(missing).one(), { n: 2 });
  },
);

testWithFile("sql.file() is no fragment, and stands in no pipeline", async (open, write) => {
  const sql = open({ max: 1 });
  const path = await write("where true");
  await assertRejects(
    async () => await sql`select 1 ${sql.file(path)}`,
    TypeError,
    "Cannot use a query of a file as a fragment",
  );
  await assertRejects(() => sql.pipeline([sql.file(path)]), TypeError, "its text is in a file");
  assertEquals(await sql`select 1 as one`.one(), { one: 1 });
});

testWithFile(
  "sql.file() tells an error of the server at the line that asked",
  async (open, write) => {
    const sql = open({ max: 1 });
    const path = await write("select 1;\nselect nosuch");
    const error: RejectionReason = await sql.file(path).catch((error) => error);
    assertEquals([error.query, error.position], ["select 1;\nselect nosuch", 18]);
    assert(error.stack.includes("file_test"), error.stack);
  },
);

testWithFile("sql.file() can be cancelled before it was read", async (open, write) => {
  const sql = open({ max: 1 });
  const path = await write("select 1 as n");
  const query = sql.file(path);
  const outcome = query.then(() => "done", ({ name }: RejectionReason) => name);
  query.cancel();
  assertEquals(await outcome, "AbortError");
  assertEquals(await sql.file(path).one(), { n: 1 });
});
