import { test, withDeadline } from "./harness.ts";
import { assertEquals, assertRejects } from "./std_assert.ts";

test("withDeadline() rejects when a body hangs", async () => {
  const hanging = () => new Promise<void>(() => {});
  await assertRejects(() => withDeadline("a test", hanging, 5), Error, "was not done after 5 ms");
});

test("withDeadline() rejects with what a body rejects with, and waits for its end", async () => {
  const failing = () => Promise.reject(new RangeError("wrong"));
  await assertRejects(() => withDeadline("a test", failing, 5_000), RangeError, "wrong");

  const order: string[] = [];
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push("body");
  };
  await withDeadline("a test", slow, 5_000);
  assertEquals([...order, "behind"], ["body", "behind"]);
});
