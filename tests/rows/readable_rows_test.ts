import { BatchIterator } from "../../lib/rows/batch_iterator.ts";
import { readableRows } from "../../lib/rows/readable_rows.ts";
import { ResultQueue } from "../../lib/rows/result_queue.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import { assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { ListedBatches } from "./listed_batches.ts";
import { numberDecoder, numberRun } from "./number_runs.ts";
import { turn } from "./turns.ts";

test("readableRows() gives every row, then closes", async () => {
  const reader = readableRows(new ListedBatches([[0, 1, 2], [3], [4, 5]])).getReader();
  const rows: number[] = [];
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    rows.push(read.value);
  }
  await reader.closed;
  assertEquals(rows, [0, 1, 2, 3, 4, 5]);
});

test("readableRows() reads nothing before it is asked, and one array at a time", async () => {
  const batches = new ListedBatches([[0, 1], [2]]);
  const reader = readableRows(batches).getReader();
  await turn();
  assertEquals(batches.asked, 0);
  await reader.read();
  await reader.read();
  await turn();
  assertEquals(batches.asked, 1);
  await reader.read();
  assertEquals(batches.asked, 2);
  await reader.cancel();
});

test("readableRows() pipes", async () => {
  const rows: string[] = [];
  const texts = new TransformStream<number, string>({
    transform: (row, controller) => controller.enqueue(`${row}`),
  });
  await readableRows(new ListedBatches([[0, 1], [2]])).pipeThrough(texts).pipeTo(
    new WritableStream({ write: (text) => void rows.push(text) }),
  );
  assertEquals(rows, ["0", "1", "2"]);
});

test("readableRows() fails as the query does, behind the rows before", () =>
  withoutUnhandledRejections(async () => {
    const failure = new Error("failed");
    const reader = readableRows(new ListedBatches([[0]], failure)).getReader();
    assertEquals(await reader.read(), { done: false, value: 0 });
    assertStrictEquals(await assertRejects(() => reader.read()), failure);
    assertStrictEquals(await assertRejects(() => reader.closed), failure);
  }));

test("readableRows().cancel() leaves the result", async () => {
  const batches = new ListedBatches([[0, 1], [2]]);
  const stream = readableRows(batches);
  const reader = stream.getReader();
  await reader.read();
  await reader.cancel();
  assertEquals([batches.asked, batches.left], [1, 1]);
});

for (const late of ["the end", "rows"] as const) {
  test(`readableRows().cancel() may overlap a read, whose answer is ${late}`, () =>
    withoutUnhandledRejections(async () => {
      const queue: ResultQueue<number> = new ResultQueue<number>({
        decoderFor: () => numberDecoder(),
        cancel: () => queue.end(),
      });
      queue.description([]);
      const reader = readableRows(new BatchIterator(queue)).getReader();
      const read = reader.read();
      await Promise.resolve(); // The pull begins a turn later.
      if (late === "rows") queue.push(numberRun(0, 3));
      await reader.cancel();
      assertEquals(await read, { done: true, value: undefined });
    }));
}
