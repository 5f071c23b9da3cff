/** Waiting until all that is due now has run, for tests of what waits for what. */

/** Resolves when all that is due now has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** True when a promise has settled by then. */
export async function settlesNow(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => void (settled = true);
  promise.then(note, note);
  await turn();
  return settled;
}
