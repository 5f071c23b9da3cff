/**
 * Where the rows of a run begin, collected without knowing how many there will be.
 *
 * @module
 */

// Hot path (bench/wire_bench.ts).
// Unusual: the lists of many runs lie in one slab, of which each is given a part that is never
// written again. A typed array of its own costs 0.6 µs on V8, as much as framing 60 rows.
// Gain: framing of 8 kB chunks 33 -> 20 ns a row on Deno 2.9, 90 rows of 92 bytes a chunk.
// Undo it when it is under 1.2x.

/** Offsets of a slab: 16 kB, kept alive by any run that lies in it. */
const slabLength = 4096;

/** A growing list of offsets; `take` gives it away and begins the next. */
export class RowStarts {
  #slab = new Int32Array(0);
  #begin = 0;
  #end = 0;

  get count(): number {
    return this.#end - this.#begin;
  }

  add(offset: number): void {
    if (this.#end === this.#slab.length) this.#grow();
    this.#slab[this.#end++] = offset;
  }

  /** Gives the offsets, which are never written again. */
  take(): Int32Array {
    const taken = this.#slab.subarray(this.#begin, this.#end);
    this.#begin = this.#end;
    return taken;
  }

  /** Goes on in a new slab, to which the list at hand moves. */
  #grow(): void {
    const count = this.count;
    const slab = new Int32Array(Math.max(slabLength, 2 * count));
    slab.set(this.#slab.subarray(this.#begin, this.#end));
    this.#slab = slab;
    this.#begin = 0;
    this.#end = count;
  }
}
