/**
 * Where the rows of a run begin, collected without knowing how many there will be.
 *
 * @module
 */

/** A growing list of offsets, used again for each run. */
export class RowStarts {
  #offsets = new Int32Array(128);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(offset: number): void {
    if (this.#count === this.#offsets.length) this.#grow();
    this.#offsets[this.#count++] = offset;
  }

  /** Gives the offsets and starts afresh; a copy, because a run outlives the list. */
  take(): Int32Array {
    const taken = this.#offsets.slice(0, this.#count);
    this.#count = 0;
    return taken;
  }

  #grow(): void {
    const grown = new Int32Array(this.#offsets.length * 2);
    grown.set(this.#offsets);
    this.#offsets = grown;
  }
}
