/** Reads how many tests passed and failed from what a test runner printed. */

export type RuntimeName = "deno" | "bun" | "node";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const patterns: Readonly<Record<RuntimeName, { passed: RegExp; failed: RegExp }>> = {
  // "ok | 12 passed (3 steps) | 0 failed (704ms)"
  deno: {
    passed: /^(?:ok|FAILED) \| (\d+) passed/gm,
    failed: /^(?:ok|FAILED) \| .*?\| (\d+) failed/gm,
  },
  // " 12 pass", " 0 fail"
  bun: { passed: /^ *(\d+) pass$/gm, failed: /^ *(\d+) fail$/gm },
  // "ℹ pass 12", "ℹ fail 0"
  node: { passed: /^ℹ pass (\d+)$/gm, failed: /^ℹ fail (\d+)$/gm },
};

/**
 * The counts of a run, by the last summary in `output`.
 *
 * A run that ended with an error has at least one failure, whatever it printed; so has one
 * without a summary, and one in which no test ran.
 */
export function readSummary(runtime: RuntimeName, output: string, exitCode: number): Counts {
  const text = withoutColors(output);
  const passed = lastNumber(text, patterns[runtime].passed);
  const failed = lastNumber(text, patterns[runtime].failed);
  if (passed === undefined || failed === undefined) return { passed: passed ?? 0, failed: 1 };
  if (failed === 0 && (exitCode !== 0 || passed === 0)) return { passed, failed: 1 };
  return { passed, failed };
}

function lastNumber(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1);
  return last && Number(last[1]);
}

function withoutColors(text: string): string {
  return text.replace(new RegExp("\u001b\\[[0-9;]*m", "g"), "");
}
