/**
 * One `test` for three runtimes: `Deno.test` with its leak sanitizers on Deno,
 * `node:test` on Bun and Node.
 */

import process from "node:process";

/** How a test is run. */
export interface TestOptions {
  /** After this the test has failed: a hang must never hold the suite. */
  readonly timeoutMs?: number;
}

type Body = () => void | Promise<void>;

interface DenoTest {
  readonly test: (
    definition: { name: string; fn: Body; sanitizeOps: boolean; sanitizeResources: boolean },
  ) => void;
}

const deno = (globalThis as { Deno?: DenoTest }).Deno;
const nodeTest = deno ? undefined : await import("node:test");

/** A process that lives so long behind its last test has left something open. */
const LINGER_MS = 10_000;

// Deno's sanitizers find what a test leaves open; on Node the end of the process shows it.
if (nodeTest && !process.versions.bun) {
  nodeTest.after(() => setTimeout(failForLeak, LINGER_MS).unref());
}

function failForLeak(): void {
  console.error(`Left open by the tests: ${process.getActiveResourcesInfo().join(", ")}`);
  process.exit(1);
}

/** Registers a test: its name is the symbol and the behaviour, as "DecoderV3.push() keeps …". */
export function test(name: string, body: Body, options: TestOptions = {}): void {
  const timeoutMs = options.timeoutMs ?? 60_000;
  const fn = () => withDeadline(name, body, timeoutMs);
  if (deno) deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true });
  else nodeTest!.test(name, { timeout: timeoutMs + 5_000 }, fn);
}

/** Runs a body, and rejects when it is not done in time. */
export async function withDeadline(name: string, body: Body, timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`"${name}" was not done after ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([body(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
