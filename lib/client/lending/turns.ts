/**
 * Lets one after the other through, in the order in which they came.
 *
 * @module
 */

/** A place in the order. */
export interface Turn {
  /** Resolves when those before have passed; undefined when there is nobody. */
  readonly come: Promise<void> | undefined;
  /** Lets the next one come. */
  readonly pass: () => void;
}

/** A queue of those who do one thing after the other. */
export class Turns {
  /** Of who came last; undefined when he has passed. */
  #last: Promise<void> | undefined;

  /** The place behind all others. */
  take(): Turn {
    let pass!: () => void;
    const come = this.#last;
    const passed = new Promise<void>((resolve) => pass = resolve);
    this.#last = passed;
    return {
      come,
      pass: () => {
        if (this.#last === passed) this.#last = undefined;
        // Who leaves before his turn has come lets nobody overtake those before him.
        if (come) come.then(pass);
        else pass();
      },
    };
  }
}
