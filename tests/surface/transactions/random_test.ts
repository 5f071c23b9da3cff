/** Random transactions, many at once, whose outcome is known beforehand. */

import type { Query, SavepointSql, SqlTag } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { Random } from "../../attribution/plan.ts";
import { assertEquals } from "../../std_assert.ts";
import { createTable } from "./test_table.ts";
import type { TestTable } from "./test_table.ts";

/** What is done in a transaction or a savepoint, and how that ends. */
interface Block {
  readonly steps: readonly Step[];
  readonly end: "well" | "throw" | "fail" | "swallow";
}

type Step =
  | { readonly kind: "insert" | "start"; readonly value: number }
  | { readonly kind: "pipeline"; readonly sync: "one" | "each"; readonly values: readonly number[] }
  | { readonly kind: "savepoint"; readonly block: Block };

/** Makes plans, with numbers that no two steps share. */
class Planner {
  readonly #random: Random;
  #last = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  block(depth = 0): Block {
    const random = this.#random;
    const steps = Array.from({ length: random.below(5) }, () => this.#step(depth));
    return { steps, end: random.of(["well", "well", "well", "throw", "fail", "swallow"]) };
  }

  #step(depth: number): Step {
    const random = this.#random;
    const kind = random.of(["insert", "start", "pipeline", "savepoint", "savepoint"] as const);
    if (kind === "pipeline") {
      const values = Array.from({ length: 1 + random.below(4) }, () => ++this.#last);
      return { kind, sync: random.of(["one", "each"]), values };
    }
    if (kind === "savepoint" && depth < 4) return { kind, block: this.block(depth + 1) };
    return { kind: random.of(["insert", "start"]), value: ++this.#last };
  }
}

/** What a block keeps when what it is in is kept. */
function keptBy({ steps, end }: Block): readonly number[] {
  if (end !== "well") return [];
  return steps.flatMap((step) => {
    if (step.kind === "savepoint") return keptBy(step.block);
    return step.kind === "pipeline" ? step.values : [step.value];
  });
}

/** Of values that are sent at once, and of some whose types are asked for first. */
function insert(sql: SqlTag, { name }: TestTable, value: number): Query<unknown> {
  if (value % 3 === 0) return sql`insert into ${name} values (${value})`;
  if (value % 3 === 1) return sql`insert into ${name} values (${sql.typed(value, "int4")})`;
  return sql`insert into ${name} values ((${[value]}::int4[])[1])`;
}

async function runBlock(sql: SavepointSql, table: TestTable, block: Block): Promise<void> {
  for (const step of block.steps) await runStep(sql, table, step);
  if (block.end === "throw") throw new Error("on purpose");
  if (block.end === "fail") await sql`select 1 / ${0}::int4`;
  if (block.end === "swallow") sql`select 1 / ${0}::int4`.execute();
}

async function runStep(sql: SavepointSql, table: TestTable, step: Step): Promise<void> {
  switch (step.kind) {
    case "insert":
      await insert(sql, table, step.value);
      return;
    case "start":
      insert(sql, table, step.value).execute();
      return;
    case "pipeline":
      await sql.pipeline(step.values.map((value) => insert(sql, table, value)), {
        sync: step.sync,
      });
      return;
    case "savepoint": {
      const { block } = step;
      const kept = await sql.savepoint((inner) => runBlock(inner, table, block))
        .then(() => true, () => false);
      assertEquals(kept, block.end === "well");
    }
  }
}

testBoth(
  "Sql.begin() keeps what was to be kept of random transactions, many at once",
  async (open) => {
    await using table = await createTable(open);
    const sql = open({ max: 3 });
    const planner = new Planner(7);
    const blocks = Array.from({ length: 200 }, () => planner.block());
    const committed = await Promise.all(
      blocks.map((block) =>
        sql.begin((tx) => runBlock(tx, table, block)).then(() => true, () => false)
      ),
    );
    assertEquals(
      committed,
      blocks.map(({ end }) => end === "well"),
    );
    const expected = blocks.flatMap(keptBy).sort((a, b) => a - b);
    assertEquals(await table.values(), expected);
  },
);
