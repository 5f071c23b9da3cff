/**
 * The streams that are open on a session: who comes in between must not wait for their readers.
 *
 * @module
 */

import type { StreamControl, StreamMode } from "./session_lender.ts";

interface OpenStream {
  readonly mode: StreamMode;
  readonly control: StreamControl;
  readonly ended: Promise<void>;
  /** Counts up. */
  readonly number: number;
}

/** Which streams are to end, and how. */
export interface RevokeOptions {
  /** Those that were opened behind so many; default 0. */
  readonly after?: number;
  /** True: nothing is cancelled in the server. */
  readonly gently?: boolean;
}

/** The streams of one session. */
export class OpenStreams {
  readonly #open = new Set<OpenStream>();
  #count = 0;

  /** True while there are some. */
  get some(): boolean {
    return this.#open.size > 0;
  }

  /** True while one in flow mode has the session, whose reader goes on. */
  get flowing(): boolean {
    return this.#flowing().some(({ control }) => !control.isLeaving());
  }

  /** How many there have been: what is opened from now on has a higher number. */
  get count(): number {
    return this.#count;
  }

  /**
   * Refuses what would wait for a reader.
   *
   * @throws {TypeError} that says for what
   */
  checkFree({ forFlow }: { readonly forFlow: boolean }): void {
    if (this.flowing) throw busyWithStream();
    if (forFlow && [...this.#open].some(({ control }) => !control.isLeaving())) {
      throw otherStreams();
    }
  }

  /** Takes a stream in; what is given is to be called at its end. */
  add(mode: StreamMode, control: StreamControl): () => void {
    this.checkFree({ forFlow: mode === "flow" });
    let end!: () => void;
    const ended = new Promise<void>((resolve) => end = resolve);
    const stream = { mode, control, ended, number: ++this.#count };
    this.#open.add(stream);
    return () => {
      this.#open.delete(stream);
      end();
    };
  }

  /** Lets others have the session: what keeps it waiting goes on, what is about to end ends. */
  async makeWay(): Promise<void> {
    for (const { control } of this.#open) control.hurry?.();
    for (const { control, ended } of this.#flowing()) if (control.isLeaving()) await ended;
  }

  /**
   * Takes the session away from streams: their readers get `reason`. Resolves when it is free
   * of them.
   */
  async revoke(reason: Error, { after = 0, gently = false }: RevokeOptions = {}): Promise<void> {
    const streams = [...this.#open].filter(({ number }) => number > after);
    for (const { control } of streams) control.revoke(reason, { gently });
    await Promise.all(streams.map(({ ended }) => ended));
  }

  #flowing(): OpenStream[] {
    return [...this.#open].filter(({ mode }) => mode === "flow");
  }
}

function busyWithStream(): TypeError {
  return new TypeError(
    "Cannot run a query: this connection is busy with a stream in flow mode, expected its end " +
      'or .stream({ mode: "portal" })',
  );
}

function otherStreams(): TypeError {
  return new TypeError(
    "Cannot stream in flow mode: other streams of this connection are open, expected their end " +
      'or mode "portal"',
  );
}
