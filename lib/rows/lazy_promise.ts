/**
 * A promise that is made when somebody asks for it.
 *
 * @module
 */

/** How a promise ends. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Takes an outcome, and gives a promise of it to who asks, before or after. */
export class LazyPromise<T> {
  #outcome: Outcome<T> | undefined;
  #promise: Promise<T> | undefined;
  #tell: ((outcome: Outcome<T>) => void) | undefined;

  /** The same one each time. Its rejection is never unhandled: who does not wait need not know. */
  get promise(): Promise<T> {
    return this.#promise ??= this.#make();
  }

  /** The first outcome counts. */
  settle(outcome: Outcome<T>): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#tell?.(outcome);
  }

  #make(): Promise<T> {
    const promise = new Promise<T>((resolve, reject) => {
      this.#tell = (outcome) => {
        if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.value);
      };
      if (this.#outcome) this.#tell(this.#outcome);
    });
    promise.catch(() => {});
    return promise;
  }
}
