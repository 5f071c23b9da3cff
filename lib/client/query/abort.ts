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

/** Throws the reason of the first signal that was aborted. */
export function throwIfAborted(signals: readonly (AbortSignal | undefined)[]): void {
  for (const signal of signals) signal?.throwIfAborted();
}

/** Has `abort` called, with the reason, by whatever comes first; gives what ends the watch. */
export function watchForAbort(
  { signals, timeoutMs = 0, what }: AbortSources,
  abort: (reason: unknown) => void,
): () => void {
  const onAbort = (event: Event) => abort((event.target as AbortSignal).reason);
  for (const signal of signals) signal?.addEventListener("abort", onAbort);
  const timer = timeoutMs > 0
    ? setTimeout(() => abort(timeoutError(what, timeoutMs)), timeoutMs)
    : undefined;
  return () => {
    clearTimeout(timer);
    for (const signal of signals) signal?.removeEventListener("abort", onAbort);
  };
}

/** What `AbortSignal.timeout` aborts with, and a text that says of what. */
export function timeoutError(what: string, timeoutMs: number): DOMException {
  return new DOMException(`${what} took longer than ${timeoutMs} ms`, "TimeoutError");
}
