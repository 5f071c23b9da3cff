/**
 * How long the reader of a stream may have to wait: his own pace is not limited.
 *
 * @module
 */

import { timeoutError } from "./abort.ts";

/** What a reader waits for. */
export type Awaited = "columns" | "rows";

/** What is limited, and how. */
export interface WaitLimitOptions {
  /** Milliseconds, 0 for no limit. */
  readonly timeoutMs: number;
  /** What takes too long, as "The query". */
  readonly what: string;
}

/** Calls `abort` when one wait takes too long. */
export class WaitLimit {
  readonly #timeoutMs: number;
  readonly #what: string;
  readonly #abort: (reason: unknown) => void;
  readonly #timers = new Map<Awaited, ReturnType<typeof setTimeout>>();

  constructor({ timeoutMs, what }: WaitLimitOptions, abort: (reason: unknown) => void) {
    this.#timeoutMs = timeoutMs;
    this.#what = what;
    this.#abort = abort;
  }

  /** A wait begins, or has ended. */
  set(what: Awaited, waiting: boolean): void {
    if (this.#timeoutMs === 0) return;
    clearTimeout(this.#timers.get(what));
    if (waiting) this.#timers.set(what, setTimeout(() => this.#expire(), this.#timeoutMs));
  }

  /** Nobody waits any more. */
  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #expire(): void {
    this.#abort(timeoutError(this.#what, this.#timeoutMs));
  }
}
