/** Calls and rows that wait for the test, which says when each is done. */

import { turn } from "./turns.ts";

/** Calls of a function that end when the test says so. */
export class HeldCalls {
  readonly begun: number[] = [];
  readonly #settle = new Map<
    number,
    { resolve: (value: string) => void; reject: (e: Error) => void }
  >();

  readonly fn = (row: number): Promise<string> => {
    this.begun.push(row);
    return new Promise((resolve, reject) => this.#settle.set(row, { resolve, reject }));
  };

  async resolve(row: number): Promise<void> {
    this.#settle.get(row)!.resolve(`row ${row}`);
    await turn();
  }

  async reject(row: number, error: Error): Promise<void> {
    this.#settle.get(row)!.reject(error);
    await turn();
  }
}

/** Rows that come when the test says so. */
export class HeldRows implements AsyncIterator<number, undefined> {
  asked = 0;
  left = 0;
  #give: (result: IteratorResult<number, undefined>) => void = () => {};

  next(): Promise<IteratorResult<number, undefined>> {
    this.asked++;
    return new Promise((resolve) => this.#give = resolve);
  }

  async return(): Promise<IteratorResult<number, undefined>> {
    this.left++;
    await this.end();
    return { done: true, value: undefined };
  }

  async give(value: number): Promise<void> {
    await turn();
    this.#give({ done: false, value });
    await turn();
  }

  async end(): Promise<void> {
    await turn();
    this.#give({ done: true, value: undefined });
  }
}
