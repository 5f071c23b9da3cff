/** Reads how many tests passed and failed from what a test runner printed. */

import { stripVTControlCharacters } from "node:util";

export type RuntimeName = "deno" | "bun" | "node";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Each pattern finds one number; those of a list are added up. */
const patterns: Readonly<Record<RuntimeName, { passed: RegExp; failed: readonly RegExp[] }>> = {
  // "ok | 12 passed (3 steps) | 0 failed (704ms)"
  deno: {
    passed: /^(?:ok|FAILED) \| (\d+) passed/gm,
    failed: [/^(?:ok|FAILED) \| .*?\| (\d+) failed/gm],
  },
  // " 12 pass", " 0 fail", " 1 error" (outside of any test)
  bun: { passed: /^ *(\d+) pass$/gm, failed: [/^ *(\d+) fail$/gm, /^ *(\d+) errors?$/gm] },
  // "ℹ pass 12", "ℹ fail 0", "ℹ cancelled 0" (by a time limit)
  node: { passed: /^ℹ pass (\d+)$/gm, failed: [/^ℹ fail (\d+)$/gm, /^ℹ cancelled (\d+)$/gm] },
};

/**
 * The counts of a run, by the last summary in `output`.
 *
 * A run that ended with an error has at least one failure, whatever it printed; so has one
 * without a summary, and one in which no test ran.
 */
export function readSummary(runtime: RuntimeName, output: string, exitCode: number): Counts {
  const text = stripVTControlCharacters(output);
  const passed = lastNumber(text, patterns[runtime].passed) ?? 0;
  const failures = patterns[runtime].failed.map((pattern) => lastNumber(text, pattern));
  const failed = failures.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const isGood = exitCode === 0 && passed > 0 && failures[0] !== undefined;
  return { passed, failed: isGood ? failed : Math.max(failed, 1) };
}

function lastNumber(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1);
  return last && Number(last[1]);
}
