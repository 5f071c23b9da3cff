/**
 * What ends an operation before its time: signals, and limits of time.
 *
 * @module
 */

/** What to watch for. */
export interface AbortSources {
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Milliseconds; absent or 0: no limit. */
  readonly timeoutMs?: number;
  /** What takes too long, as "The query". */
  readonly what: string;
}

type Abort = (reason: unknown) => void;

/** Throws the reason of the first signal that was aborted. */
export function throwIfAborted(signals: readonly (AbortSignal | undefined)[]): void {
  for (const signal of signals) signal?.throwIfAborted();
}

/**
 * Watches signals for many operations with one listener each: Node warns of a leak where an
 * AbortSignal has more than ten.
 */
export class AbortWatch {
  readonly #watched = new WeakMap<AbortSignal, Set<Abort>>();

  /** Has `abort` called, with the reason, by whatever comes first; gives what ends the watch. */
  watch({ signals, timeoutMs = 0, what }: AbortSources, abort: Abort): () => void {
    const ends = signals.map((signal) => signal && this.#listen(signal, abort));
    const timer = timeoutMs > 0
      ? setTimeout(() => abort(timeoutError(what, timeoutMs)), timeoutMs)
      : undefined;
    return () => {
      clearTimeout(timer);
      for (const end of ends) end?.();
    };
  }

  #listen(signal: AbortSignal, abort: Abort): () => void {
    const aborts = this.#watched.get(signal) ?? this.#begin(signal);
    aborts.add(abort);
    return () => {
      aborts.delete(abort);
      if (aborts.size === 0) this.#end(signal);
    };
  }

  #begin(signal: AbortSignal): Set<Abort> {
    const aborts = new Set<Abort>();
    this.#watched.set(signal, aborts);
    signal.addEventListener("abort", this.#onAbort);
    return aborts;
  }

  #end(signal: AbortSignal): void {
    this.#watched.delete(signal);
    signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    for (const abort of [...this.#watched.get(signal) ?? []]) abort(signal.reason);
  };
}

/** What `AbortSignal.timeout` aborts with, and a text that says of what. */
export function timeoutError(what: string, timeoutMs: number): DOMException {
  return new DOMException(`${what} took longer than ${timeoutMs} ms`, "TimeoutError");
}
