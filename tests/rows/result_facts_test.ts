import { ResultFacts } from "../../lib/rows/result_facts.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { field } from "./memory_run.ts";
import { numberRun } from "./number_runs.ts";

const notice = { severity: "NOTICE", message: "mind" };

/** One `a`, as a statement of the simple protocol yields it. */
function select(facts: ResultFacts, count: number, tag: string): void {
  facts.description([field("a", 23)]);
  facts.rows(numberRun(0, count));
  facts.complete(tag);
}

test("ResultFacts.summary says how many rows a tag without a number stands for", async () => {
  const facts = new ResultFacts();
  select(facts, 2, "EXPLAIN");
  facts.end();
  const { command, count } = await facts.summary;
  assertEquals([command, count], ["EXPLAIN", 2]);
});

test("ResultFacts.summary is of the last statement, the columns of the first with some", async () => {
  const facts = new ResultFacts();
  facts.complete("BEGIN");
  select(facts, 2, "SELECT 2");
  facts.complete("UPDATE 7");
  facts.end();
  assertEquals(await facts.summary, {
    command: "UPDATE",
    count: 7,
    columns: [],
    notices: [],
    complete: true,
  });
  assertEquals((await facts.columns).map(({ name }) => name), ["a"]);
});

test("ResultFacts.summary of an empty query", async () => {
  const facts = new ResultFacts();
  facts.complete("");
  facts.end();
  const { command, count, complete } = await facts.summary;
  assertEquals([command, count, complete], ["", 0, true]);
});

test("ResultFacts.summary counts the rows that arrived before the reader left", async () => {
  const facts = new ResultFacts();
  select(facts, 2, "SELECT 2");
  facts.description([field("b", 25)]);
  facts.rows(numberRun(0, 3));
  facts.rows(numberRun(3, 1));
  facts.left();
  const { command, count, columns, complete } = await facts.summary;
  assertEquals([command, count, columns[0].name, complete], ["", 4, "b", false]);
});

test("ResultFacts.summary has the first thousand notices", async () => {
  const facts = new ResultFacts();
  for (let i = 0; i < 1001; i++) facts.notice(notice);
  facts.end();
  const { notices } = await facts.summary;
  assertEquals([notices.length, notices[0]], [1000, notice]);
});

test("ResultFacts.summary takes the first of end(), fail() and left()", async () => {
  const failure = new Error("enough");
  const failed = new ResultFacts();
  failed.fail(failure);
  failed.left();
  assertStrictEquals(await assertRejects(() => failed.summary), failure);
  const ended = new ResultFacts();
  ended.end();
  ended.fail(failure);
  assertEquals((await ended.summary).complete, true);
});

test("ResultFacts.summary settles for who asked before, with the same promise each time", async () => {
  const facts = new ResultFacts();
  const asked = facts.summary;
  facts.end();
  assertEquals((await asked).complete, true);
  assertStrictEquals(facts.summary, asked);
});

test("ResultFacts.fail() leaves the columns that are known", () =>
  withoutUnhandledRejections(async () => {
    const facts = new ResultFacts();
    facts.description([field("a", 23)]);
    facts.fail(new Error("division by zero"));
    assertEquals((await facts.columns).length, 1);
  }));
