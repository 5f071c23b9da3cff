/** Says that a bench is alive. */

import process from "node:process";

/** Elsewhere than on a terminal a line stays, so it is written rarely. */
const INTERVAL_MS = 2000;

/** One line that is written over; in a log, a line every now and then. */
export class StatusLine {
  #shownAt = performance.now();

  show(text: string): void {
    if (process.stdout.isTTY) {
      process.stdout.write(`\r  ${text}\x1b[K`);
      return;
    }
    const now = performance.now();
    if (now - this.#shownAt < INTERVAL_MS) return;
    this.#shownAt = now;
    process.stdout.write(`  ${text}\n`);
  }

  /** Removes the line from a terminal. */
  end(): void {
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
  }
}
