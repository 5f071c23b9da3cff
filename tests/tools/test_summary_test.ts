import { readSummary } from "../../tools/test_summary.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";

const deno = "\u001b[0m\u001b[32mok\u001b[0m | 13 passed (2 steps) | 0 failed (704ms)\n";
const bun = "(pass) a [1.00ms]\n\n 13 pass\n 0 fail\nRan 13 tests across 2 files. [6.01s]\n";
const node = "ℹ tests 13\nℹ suites 0\nℹ pass 13\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\n";

test("readSummary() counts what each runtime prints", () => {
  for (const [name, output] of [["deno", deno], ["bun", bun], ["node", node]] as const) {
    assertEquals(readSummary(name, output, 0), { passed: 13, failed: 0 }, name);
  }
});

test("readSummary() counts failures, errors and cancelled tests", () => {
  const failed = { passed: 10, failed: 3 };
  assertEquals(readSummary("deno", "FAILED | 10 passed | 3 failed (311ms)\n", 1), failed);
  assertEquals(readSummary("bun", " 10 pass\n 1 fail\n 2 errors\n", 1), failed);
  assertEquals(readSummary("node", "ℹ pass 10\nℹ fail 1\nℹ cancelled 2\n", 1), failed);
});

test("readSummary() takes the last of several summaries", () => {
  assertEquals(readSummary("bun", " 1 pass\n 1 fail\n" + bun, 0), { passed: 13, failed: 0 });
});

test("readSummary() sees a failure where the exit code does", () => {
  assertEquals(readSummary("deno", deno, 1), { passed: 13, failed: 1 });
  assertEquals(readSummary("node", node, 137), { passed: 13, failed: 1 });
});

test("readSummary() sees a failure in a run without a summary or without a test", () => {
  assertEquals(readSummary("deno", "error: Module not found\n", 0), { passed: 0, failed: 1 });
  assertEquals(readSummary("bun", " 0 pass\n 0 fail\n", 0), { passed: 0, failed: 1 });
  assertEquals(readSummary("node", "ℹ pass 13\n", 0), { passed: 13, failed: 1 });
});
