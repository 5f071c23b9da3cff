/**
 * Makes sure that a cancel is not lost.
 *
 * @module
 */

/** How long a request may go on after a cancel before the next; each time twice as long. */
const FIRST_PAUSE_MS = 100;

/**
 * Has the server told to stop one request, again and again until it ends: a cancel that
 * comes before the server has begun to read the request does nothing.
 */
export class Cancellation {
  readonly #send: () => Promise<void>;
  #over = false;
  #endPause: (() => void) | undefined;

  /** `send` resolves when the server was told. */
  constructor(send: () => Promise<void>) {
    this.#send = send;
  }

  /** Resolves when the request is over and no cancel is on its way that could hit another. */
  async run(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.#over; pauseMs *= 2) {
      await this.#send();
      if (!this.#over) await this.#pause(pauseMs);
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
