import { RowCollector } from "../../lib/rows/row_list.ts";
import type { RowList } from "../../lib/rows/row_list.ts";
import type { FieldDescription } from "../../lib/wire/backend_message.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { numberDecoder, numberRun, numbers } from "./number_runs.ts";

const columns: readonly FieldDescription[] = [{
  name: "n",
  tableOid: 0,
  columnNumber: 0,
  typeOid: 23,
  typeSize: 4,
  typeModifier: -1,
  format: 0,
}];

function collect(feed: (collector: RowCollector<number>) => void): Promise<RowList<number>> {
  return new Promise((resolve, reject) => {
    feed(
      new RowCollector<number>({
        decoderFor: () => numberDecoder({ poison: 13 }),
        resolve,
        reject,
      }),
    );
  });
}

test("RowCollector gives an array with the facts of its statement", async () => {
  const list = await collect((collector) => {
    collector.description(columns);
    collector.rows(numberRun(0, 3));
    collector.rows(numberRun(3, 2));
    collector.complete("SELECT 5");
    collector.end();
  });
  assert(Array.isArray(list));
  assertEquals([...list], numbers(0, 5));
  assertEquals(list.count, 5);
  assertEquals(list.command, "SELECT");
  assertEquals(list.columns, columns);
  assertEquals(list.notices, []);
  assertEquals(Object.keys(list), ["0", "1", "2", "3", "4"]);
  assertEquals(JSON.stringify(list), "[0,1,2,3,4]");
});

test("RowCollector gives the changed rows of a statement that yields none", async () => {
  const list = await collect((collector) => {
    collector.complete("INSERT 0 7");
    collector.end();
  });
  assertEquals([list.length, list.count, list.command, list.columns.length], [0, 7, "INSERT", 0]);
});

test("RowCollector gives the last statement of several, and all of them", async () => {
  const list = await collect((collector) => {
    collector.description(columns);
    collector.rows(numberRun(1, 1));
    collector.complete("SELECT 1");
    collector.complete("CREATE TABLE");
    collector.description(columns);
    collector.rows(numberRun(2, 2));
    collector.complete("SELECT 2");
    collector.end();
  });
  assertEquals([...list], [2, 3]);
  assertStrictEquals(list.statements[2], list);
  assertEquals(list.statements.map((one) => [one.command, one.count, [...one]]), [
    ["SELECT", 1, [1]],
    ["CREATE TABLE", 0, []],
    ["SELECT", 2, [2, 3]],
  ]);
});

test("RowCollector gives an empty list for an empty query", async () => {
  const list = await collect((collector) => {
    collector.complete("");
    collector.end();
  });
  assertEquals([list.length, list.count, list.command, list.statements.length], [0, 0, "", 1]);
});

test("RowCollector keeps the notices", async () => {
  const notice = { severity: "NOTICE", message: "mind" };
  const list = await collect((collector) => {
    collector.notice(notice);
    collector.complete("DO");
    collector.end();
  });
  assertEquals(list.notices, [notice]);
});

test("RowCollector rejects with what the query failed with", async () => {
  const failure = new Error("division by zero");
  const promise = collect((collector) => {
    collector.description(columns);
    collector.rows(numberRun(0, 3));
    collector.fail(failure);
  });
  assertStrictEquals(await assertRejects(() => promise), failure);
});

test("RowCollector rejects with a value's fault, at the end of the query", async () => {
  await assertRejects(
    () =>
      collect((collector) => {
        collector.description(columns);
        collector.rows(numberRun(12, 3));
        collector.rows(numberRun(15, 3));
        collector.complete("SELECT 6");
        collector.end();
      }),
    RangeError,
    "Cannot decode 13",
  );
});
