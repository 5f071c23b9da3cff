/**
 * Makes sure that a cancel is not lost, nor waited for without an end.
 *
 * @module
 */

import { ConnectionError } from "../errors.ts";

/** How long a request may go on after a cancel before the next; each time twice as long. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 1_000;

/** What a cancellation needs of its session. */
export interface CancellationOptions {
  /** Resolves when the server was told. */
  readonly send: () => Promise<void>;
  /** Goes up with whatever the server sends. */
  readonly received: () => number;
  /** How long the server may say nothing at all to being cancelled. */
  readonly patienceMs: number;
}

/**
 * Has the server told to stop one request, again and again until it ends: a cancel that
 * comes before the server has begun to read the request does nothing.
 */
export class Cancellation {
  readonly #options: CancellationOptions;
  #over = false;
  #endPause: (() => void) | undefined;

  constructor(options: CancellationOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the request is over and no cancel is on its way that could hit another.
   *
   * @throws {ConnectionError} when that cannot be known, or the server is silent
   */
  async run(): Promise<void> {
    const { send, received, patienceMs } = this.#options;
    let silentMs = 0;
    let before = received();
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#over) {
      await send();
      if (!this.#over) await this.#pause(pauseMs);
      silentMs = received() === before ? silentMs + pauseMs : 0;
      if (silentMs >= patienceMs && !this.#over) {
        throw new ConnectionError(
          `Cannot cancel a query: the server is silent for ${patienceMs} ms`,
        );
      }
      before = received();
      pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
    }
  }

  /** The last reply of the request came, or the connection is gone. */
  end(): void {
    this.#over = true;
    this.#endPause?.();
  }

  #pause(pauseMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
