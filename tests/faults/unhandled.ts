/** Listens for rejections that nobody took care of: no fault may ever cause one. */

import process from "node:process";

/**
 * Runs `body` and fails if a promise was rejected meanwhile, or right after, that nobody
 * handled.
 */
export async function withoutUnhandledRejections(body: () => Promise<void>): Promise<void> {
  const reasons: unknown[] = [];
  const note = (reason: unknown) => void reasons.push(reason);
  process.on("unhandledRejection", note);
  try {
    await body();
    // Reported once the microtasks of a turn have run.
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.off("unhandledRejection", note);
  }
  if (reasons.length > 0) throw new AggregateError(reasons, "Promises were rejected unhandled");
}
