/**
 * Between a signal and a request that is to be cancelled by it.
 *
 * @module
 */

/** Gives the answer; meanwhile the signal, if there is one, has `cancel` called. */
export async function cancelOnAbort<T>(
  answer: Promise<T>,
  { cancel, signal }: { readonly cancel: () => void; readonly signal?: AbortSignal },
): Promise<T> {
  signal?.addEventListener("abort", cancel);
  try {
    return await answer;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
