import { checkedBatches } from "../../lib/rows/checked_batches.ts";
import { checkRow } from "../../lib/rows/standard_schema.ts";
import type { StandardSchema, StandardSchemaIssue } from "../../lib/rows/standard_schema.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "../std_assert.ts";
import { drain, ListedBatches } from "./listed_batches.ts";
import { evenNumber, evenNumberLater } from "./number_schemas.ts";

/** A schema that takes nothing. */
function refusal(...issues: StandardSchemaIssue[]): StandardSchema {
  return { "~standard": { version: 1, vendor: "tests", validate: () => ({ issues }) } };
}

test("checkRow() gives at once what a schema makes at once", () => {
  const output: string | Promise<string> = checkRow(evenNumber, 4, 0);
  assertEquals(output, "4");
});

test("checkRow() gives a promise of what a schema makes later", async () => {
  const output = checkRow(evenNumberLater, 4, 0);
  assertInstanceOf(output, Promise);
  assertEquals(await output, "4");
});

test("checkRow() says which row is wrong and why, and keeps the issues", () => {
  const issues = [{ message: "Expected a number" }, { message: "Expected more" }];
  const error = assertThrows(() => checkRow(refusal(...issues), "secret", 3), TypeError);
  assertEquals(error.message, "Cannot take row 3: Expected a number");
  assertEquals(error.cause, { issues });
});

test("checkRow() rejects where a schema refuses later", async () => {
  await assertRejects(
    async () => await checkRow(evenNumberLater, 5, 7),
    TypeError,
    "Cannot take row 7: Expected an even number",
  );
});

test("checkRow() says where in the row it is wrong", () => {
  const path = ["address", { key: "lines" }, 2, Symbol("text")];
  const error = assertThrows(
    () => checkRow(refusal({ message: "Expected a text", path }), {}, 0),
    TypeError,
  );
  assertEquals(error.message, "Cannot take row 0: Expected a text at address.lines.2.Symbol(text)");
});

test("checkRow() takes a refusal without a reason or a place for what it is", () => {
  assertThrows(
    () => checkRow(refusal(), {}, 0),
    TypeError,
    "Cannot take row 0: the schema does not",
  );
  const error = assertThrows(
    () => checkRow(refusal({ message: "No", path: [] }), {}, 0),
    TypeError,
  );
  assertEquals(error.message, "Cannot take row 0: No");
});

for (
  const [when, schema] of [["at once", evenNumber], ["later", evenNumberLater]] as const
) {
  test(`checkedBatches() gives what a schema makes ${when}, in the arrays that come`, async () => {
    const batches = new ListedBatches<unknown>([[0, 2], [4]]);
    assertEquals(await drain(checkedBatches(batches, schema)), { values: [["0", "2"], ["4"]] });
  });

  test(`checkedBatches() gives the rows before one that is refused ${when}, and leaves`, () =>
    withoutUnhandledRejections(async () => {
      const batches = new ListedBatches<unknown>([[0, 2], [4, 5, 6], [8]]);
      const told = await drain(checkedBatches(batches, schema));
      assertEquals(told.values, [["0", "2"], ["4"]]);
      assertInstanceOf(told.failure, TypeError);
      assertEquals(told.failure.message, "Cannot take row 3: Expected an even number");
      assertEquals([batches.asked, batches.left], [2, 1]);
    }));
}

test("checkedBatches() rejects at once where no row stands before the one refused", async () => {
  const checked = checkedBatches(new ListedBatches<unknown>([[1]]), evenNumber);
  await assertRejects(() => checked.next(), TypeError, "Cannot take row 0");
  assertEquals(await checked.next(), { done: true, value: undefined });
});

test("checkedBatches() tells what a schema throws", async () => {
  const failure = new Error("a fault of the schema");
  const schema: StandardSchema = {
    "~standard": {
      version: 1,
      vendor: "tests",
      validate() {
        throw failure;
      },
    },
  };
  const told = await drain(checkedBatches(new ListedBatches<unknown>([[0]]), schema));
  assertStrictEquals(told.failure, failure);
});

test("checkedBatches() fails as the query does", async () => {
  const failure = new Error("failed");
  const told = await drain(checkedBatches(new ListedBatches<unknown>([[0]], failure), evenNumber));
  assertEquals(told.values, [["0"]]);
  assertStrictEquals(told.failure, failure);
});

test("checkedBatches() leaves the result with its reader", async () => {
  const batches = new ListedBatches<unknown>([[0], [2]]);
  for await (const outputs of checkedBatches(batches, evenNumber)) {
    assert(outputs.length === 1);
    break;
  }
  assertEquals([batches.asked, batches.left], [1, 1]);
});
