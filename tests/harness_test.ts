import { test } from "./harness.ts";
import { assert, assertEquals } from "./std_assert.ts";

test("test() runs a body to its end", async () => {
  let done = false;
  await new Promise<void>((resolve) => setTimeout(resolve, 1));
  done = true;
  assert(done);
  assertEquals(1 + 1, 2);
});
