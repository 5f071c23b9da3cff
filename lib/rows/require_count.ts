/**
 * The check of a number that counts something.
 *
 * @module
 */

/** What is counted, and for what: "Cannot map rows: concurrency is 0, …". */
export interface CountedThing {
  readonly action: string;
  readonly name: string;
}

/** @throws {RangeError} unless `count` is a whole number of at least 1 */
export function requireCount(count: number, { action, name }: CountedThing): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new RangeError(
    `Cannot ${action}: ${name} is ${String(count)}, expected a whole number of at least 1`,
  );
}
