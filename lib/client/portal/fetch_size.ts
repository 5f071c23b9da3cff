/**
 * How many rows to fetch at a time: as many as make a quarter of a mebibyte, whatever they
 * weigh. Few at first, so that the first comes soon and nothing huge is asked for unseen.
 *
 * @module
 */

const FIRST_ROWS = 16;
const TARGET_BYTES = 256 * 1024;
/** Rows that were light may be followed by heavy ones. */
const MAX_GROWTH = 4;
const MAX_ROWS = 50_000;

/** Adapts to what the fetches before gave. */
export class FetchSize {
  #rows = FIRST_ROWS;

  /** For the next fetch. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes what a fetch gave. */
  adapt({ rows, bytes }: { readonly rows: number; readonly bytes: number }): void {
    if (rows === 0) return;
    const fitting = Math.floor(TARGET_BYTES / Math.max(1, bytes / rows));
    const most = Math.min(this.#rows * MAX_GROWTH, MAX_ROWS);
    this.#rows = Math.max(1, Math.min(fitting, most));
  }
}
