/**
 * Guesses which name was meant by a misspelt one.
 *
 * @module
 */

/** The closest of `names`, if it is close enough that it may have been meant. */
export function closestName(misspelt: string, names: readonly string[]): string | undefined {
  const wanted = plain(misspelt);
  let closest: string | undefined;
  // A third of the letters may be wrong.
  let limit = Math.floor(wanted.length / 3);
  for (const name of names) {
    const distance = editDistance(wanted, plain(name));
    if (distance > limit || (closest !== undefined && distance === limit)) continue;
    closest = name;
    limit = distance;
  }
  return closest;
}

/** `idle_timeout_ms`, `idleTimeoutMs` and `idle-timeout-ms` are one name to who types it. */
function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase().slice(0, 64);
}

/** Letters added, left out, replaced or swapped with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      current[column] = Math.min(
        last[column] + 1,
        current[column - 1] + 1,
        last[column - 1] + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      if (swapped) current[column] = Math.min(current[column], beforeLast[column - 2] + 1);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length];
}
