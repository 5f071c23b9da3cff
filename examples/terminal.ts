/** A live progress line and a table, for the demo and the benches. */

import process from "node:process";

const BAR = 24;

/** One line that is written over as the work goes on; remembers the peak of resident memory. */
export class Progress {
  readonly #total: number;
  readonly #begun = performance.now();
  #shownAt = 0;
  #peakBytes = 0;

  constructor(total: number) {
    this.#total = total;
  }

  /** The most resident memory seen at any {@linkcode Progress.show}. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Shows where the work is; a few times a second at most. */
  show(done: number, bytes: number): void {
    const resident = process.memoryUsage.rss();
    this.#peakBytes = Math.max(this.#peakBytes, resident);
    const now = performance.now();
    const interval = process.stdout.isTTY ? 100 : 1000;
    if (now - this.#shownAt < interval && done < this.#total) return;
    this.#shownAt = now;
    const seconds = (now - this.#begun) / 1000;
    const filled = Math.round(BAR * done / this.#total);
    const line = [
      `  ${"█".repeat(filled)}${"░".repeat(BAR - filled)}`,
      `${done.toLocaleString("en")} rows`,
      `${Math.round(done / seconds).toLocaleString("en")} rows/s`,
      `${(bytes / seconds / 1e6).toFixed(1)} MB/s`,
      `${(resident / 2 ** 20).toFixed(0)} MiB resident`,
    ].join("  ");
    process.stdout.write(process.stdout.isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write("\n");
  }
}

/** A table with aligned columns: the first to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i].length))
  );
  const line = (cells: readonly string[]) =>
    "  " +
    cells.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join("  ");
  return [line(head), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}
