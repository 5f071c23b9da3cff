/**
 * Lets go of an operation that cannot be stopped itself.
 *
 * @module
 */

/** How to wait for an operation of a runtime. */
export interface AbortableOptions<T> {
  readonly signal?: AbortSignal;
  /** Frees what the operation gives when nobody waits for it any more. */
  readonly discard?: (value: T) => void;
  /** Makes an error of rill of the runtime's. */
  readonly failure: (cause: unknown) => Error;
}

/** Settles as the operation does, or rejects with the signal's reason as soon as it aborts. */
export function abortable<T>(operation: Promise<T>, options: AbortableOptions<T>): Promise<T> {
  const { signal, discard, failure } = options;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal!.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    operation.then((value) => {
      if (signal?.aborted) discard?.(value);
      else resolve(value);
    }, (cause) => reject(failure(cause)))
      .finally(() => signal?.removeEventListener("abort", abort));
  });
}
