import { ResultQueue } from "../../lib/rows/result_queue.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { numberDecoder, numberRun, numbers } from "./number_runs.ts";

/** A queue whose columns are described, and how often it asked for a cancel. */
function described(options: { poison?: number } = {}) {
  let tell: () => void;
  const cancelled = new Promise<void>((resolve) => tell = resolve);
  let cancels = 0;
  const queue = new ResultQueue<number>({
    decoderFor: () => numberDecoder(options),
    cancel: () => {
      cancels++;
      tell();
    },
  });
  queue.description([]);
  return { queue, cancelled, cancels: () => cancels };
}

/** True when a promise has settled by the time all that is due now has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<"later">((resolve) => setTimeout(() => resolve("later"), 0));
  return await Promise.race([promise.then(() => "now", () => "now"), turn]) === "now";
}

const KiB = 1024;

test("ResultQueue.pull() gives the rows in order, then undefined", async () => {
  const { queue } = described();
  queue.push(numberRun(0, 3));
  queue.push(numberRun(3, 2));
  queue.end();
  assertEquals(await queue.pull(), [0, 1, 2, 3, 4]);
  assertEquals(await queue.pull(), undefined);
  assertEquals(await queue.pull(), undefined);
});

test("ResultQueue.pull() gives the rows before one that cannot be decoded, then its fault", async () => {
  const { queue } = described({ poison: 5 });
  queue.push(numberRun(0, 4));
  queue.push(numberRun(4, 4));
  queue.end();
  assertEquals(await queue.pull(), [0, 1, 2, 3, 4]);
  await assertRejects(() => queue.pull(), RangeError, "Cannot decode 5");
  assertEquals(await queue.pull(), undefined);
});

test("ResultQueue.pull() waits for rows", async () => {
  const { queue } = described();
  const pulled = queue.pull();
  assert(!await settled(pulled));
  queue.push(numberRun(7, 1));
  assertEquals(await pulled, [7]);
});

test("ResultQueue.pull() waits for the end", async () => {
  const { queue } = described();
  const pulled = queue.pull();
  queue.end();
  assertEquals(await pulled, undefined);
});

test("ResultQueue.pull() gives a large run in pieces", async () => {
  const { queue } = described();
  queue.push(numberRun(0, 1000, 1 * KiB));
  queue.end();
  const pieces: number[][] = [];
  for (let rows = await queue.pull(); rows; rows = await queue.pull()) pieces.push(rows);
  assertEquals(pieces.flat(), numbers(0, 1000));
  assertEquals(pieces.slice(0, -1).map((rows) => rows.length), Array(62).fill(16));
});

test("ResultQueue.pull() gives a row larger than a piece alone", async () => {
  const { queue } = described();
  queue.push(numberRun(0, 3, 1024 * KiB));
  assertEquals([await queue.pull(), await queue.pull()], [[0], [1]]);
});

test("ResultQueue.pull() decodes each run by the description before it", async () => {
  let offset = 0;
  const queue = new ResultQueue<number>({
    decoderFor: () => numberDecoder({ offset: offset += 100 }),
    cancel: () => {},
  });
  queue.description([]);
  queue.push(numberRun(0, 1));
  queue.description([]);
  queue.push(numberRun(1, 1));
  assertEquals([await queue.pull(), await queue.pull()], [[100], [201]]);
});

test("ResultQueue.push() asks to wait when much is unread, until little is", async () => {
  const { queue } = described();
  assertEquals(queue.push(numberRun(0, 100, 1 * KiB)), undefined);
  assertEquals(queue.push(numberRun(100, 100, 1 * KiB)), undefined);
  const wait = queue.push(numberRun(200, 100, 1 * KiB));
  assert(wait instanceof Promise);
  const rows: number[] = [];
  while (rows.length < 200) rows.push(...await queue.pull() ?? []);
  assert(!await settled(wait));
  while (rows.length < 300) rows.push(...await queue.pull() ?? []);
  await wait;
  assertEquals(rows, numbers(0, 300));
});

test("ResultQueue.end() tells a failure behind the rows, once", async () => {
  const { queue, cancels } = described();
  const error = new Error("division by zero");
  queue.push(numberRun(0, 2));
  queue.end({ error });
  assertEquals(await queue.pull(), [0, 1]);
  assertStrictEquals(await assertRejects(() => queue.pull()), error);
  assertEquals(await queue.pull(), undefined);
  assertEquals(cancels(), 0);
});

test("ResultQueue.end() rejects who waits", async () => {
  const { queue } = described();
  const error = new Error("lost");
  const pulled = queue.pull();
  queue.end({ error });
  assertStrictEquals(await assertRejects(() => pulled), error);
});

test("ResultQueue.leave() resolves at once when the end is there", async () => {
  const { queue, cancels } = described();
  queue.push(numberRun(0, 2));
  queue.end();
  await queue.leave();
  assertEquals(await queue.pull(), undefined);
  assertEquals(cancels(), 0);
});

test("ResultQueue.leave() reads little to its end", async () => {
  const { queue, cancels } = described();
  const left = queue.leave();
  assertEquals(queue.push(numberRun(0, 60, 1 * KiB)), undefined);
  queue.end();
  await left;
  assertEquals(cancels(), 0);
});

test("ResultQueue.leave() cancels once when much comes", async () => {
  const { queue, cancels } = described();
  const left = queue.leave();
  for (let i = 0; i < 5; i++) queue.push(numberRun(0, 65, 1 * KiB));
  assertEquals(cancels(), 1);
  queue.end();
  await left;
  assertEquals(cancels(), 1);
});

test("ResultQueue.leave() cancels when the end does not come", async () => {
  const { queue, cancelled, cancels } = described();
  const left = queue.leave();
  const leftAgain = queue.leave();
  await cancelled;
  queue.end();
  await Promise.all([left, leftAgain]);
  assertEquals(cancels(), 1);
});

test("ResultQueue.leave() lets a waiting session go on", async () => {
  const { queue } = described();
  const wait = queue.push(numberRun(0, 300, 1 * KiB));
  const left = queue.leave();
  await wait;
  queue.end();
  await left;
});

test("ResultQueue.leave() ends a pull that waits", async () => {
  const { queue } = described();
  const pulled = queue.pull();
  const left = queue.leave();
  assertEquals(await pulled, undefined);
  queue.end();
  await left;
});

test("ResultQueue.leave() hides a failure that comes later", async () => {
  const { queue } = described();
  const left = queue.leave();
  queue.end({ error: new Error("canceling statement due to user request") });
  await left;
});

test("ResultQueue.abort() rejects a waiting pull at once and cancels", async () => {
  const { queue, cancels } = described();
  const reason = new Error("enough");
  const pulled = queue.pull();
  queue.abort(reason);
  assertStrictEquals(await assertRejects(() => pulled), reason);
  assertEquals(cancels(), 1);
  queue.end({ error: new Error("canceling statement due to user request") });
  assertEquals(await queue.pull(), undefined);
});

test("ResultQueue.abort() drops rows that wait, also when the end is there", async () => {
  const { queue, cancels } = described();
  const reason = new Error("enough");
  queue.push(numberRun(0, 2));
  queue.end();
  queue.abort(reason);
  assertStrictEquals(await assertRejects(() => queue.pull()), reason);
  assertEquals(cancels(), 0);
});

test("ResultQueue.abort() changes nothing once the reader knows the end", async () => {
  const { queue, cancels } = described();
  queue.push(numberRun(0, 2));
  queue.end();
  await queue.pull();
  assertEquals(await queue.pull(), undefined);
  queue.abort(new Error("enough"));
  assertEquals(await queue.pull(), undefined);
  assertEquals(cancels(), 0);
});

test("ResultQueue.abort() reaches a reader who has the last rows at hand", async () => {
  const { queue, cancels } = described();
  queue.push(numberRun(0, 2));
  queue.end();
  await queue.pull();
  const reason = new Error("enough");
  queue.abort(reason);
  assertEquals(await assertRejects(() => queue.pull()), reason);
  assertEquals(cancels(), 0);
});

test("ResultQueue.abort() cancels once, also when the reader then leaves", async () => {
  const { queue, cancels } = described();
  queue.abort(new Error("enough"));
  queue.abort(new Error("more than enough"));
  const left = queue.leave();
  await new Promise((resolve) => setTimeout(resolve, 30)); // Longer than a drain may take.
  queue.end();
  await left;
  assertEquals(cancels(), 1);
});

test("ResultQueue.pull() rejects with a value's fault and cancels the rest", async () => {
  const { queue, cancels } = described({ poison: 3 });
  queue.push(numberRun(0, 3));
  queue.push(numberRun(3, 3));
  assertEquals(await queue.pull(), [0, 1, 2]);
  await assertRejects(() => queue.pull(), RangeError, "Cannot decode 3");
  assertEquals(cancels(), 1);
  queue.push(numberRun(6, 3));
  queue.end();
  assertEquals(await queue.pull(), undefined);
});
