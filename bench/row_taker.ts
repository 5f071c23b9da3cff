/** What a program does with rows, at the least. */

import type { Moved } from "./measure.ts";
import type { BenchRow } from "./servers.ts";

/** Takes rows one by one and counts them. */
export class RowTaker {
  #rows = 0;
  #sum = 0;
  #total = 0n;
  #hash = 0;

  /** Touches every field, so that none can be left undecoded. */
  take(row: BenchRow): void {
    this.#rows++;
    if (row.even) this.#sum += row.id;
    this.#sum += row.reference.length + row.ratio + row.at.getTime();
    this.#total = row.amount;
  }

  /** Takes all that a row says, for a comparison. */
  digest({ id, amount, reference, ratio, at, even }: BenchRow): void {
    this.#rows++;
    this.#total += amount;
    const text = `${id} ${reference} ${ratio} ${at.getTime()} ${even}`;
    for (let i = 0; i < text.length; i++) {
      this.#hash = Math.imul(this.#hash, 31) + text.charCodeAt(i) | 0;
    }
  }

  get result(): string {
    return `${this.#rows} rows, total ${this.#total}, hash ${this.#hash}`;
  }

  /** @throws {Error} when not just `expected` rows came */
  moved(bytes: number, expected: number): Moved {
    if (this.#rows !== expected) throw new Error(`${this.#rows} rows came, expected ${expected}`);
    // Never true: it keeps the sums from being optimized away.
    if (this.#sum < 0 && this.#total < 0n) throw new Error("The rows cannot be right");
    return { rows: expected, bytes };
  }
}
