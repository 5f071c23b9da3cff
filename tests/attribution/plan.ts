/** Random queries, each known by an id that comes back in every one of its rows. */

/** How a query is asked, and how it is to end. */
export interface Plan {
  readonly id: number;
  /** Who reads: `await`, a loop over rows, or a loop over batches. */
  readonly reader: "await" | "rows" | "batches";
  /** How the values get into the text. */
  readonly values: "parameters" | "literals" | "simple protocol";
  readonly rows: number;
  /** Characters of filler in each row. */
  readonly width: number;
  readonly end: End;
}

/** How a query is to end. */
export type End =
  | { readonly kind: "well" }
  | { readonly kind: "syntax error" }
  /** The server fails at this row, counted from 1. */
  | { readonly kind: "division by zero"; readonly row: number }
  /** The loop is left, by `break` or by an error, in this row. */
  | { readonly kind: "break" | "throw"; readonly row: number }
  | { readonly kind: "abort"; readonly when: "before" | "with the row"; readonly row: number }
  | {
    readonly kind: "abort";
    readonly when: "later";
    readonly afterMs: number;
    readonly sleepMs: number;
  };

/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4_294_967_296 * end);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

/** A random plan. */
export function planOf(id: number, random: Random): Plan {
  const reader = random.of(["await", "await", "rows", "batches"] as const);
  const rows = random.of([0, 1, 1, 2, 7, 60, 500, 4_000]);
  return {
    id,
    reader,
    values: random.of(["parameters", "parameters", "literals", "simple protocol"] as const),
    rows,
    width: random.of([0, 1, 20, 150]),
    end: endOf(reader, rows, random),
  };
}

function endOf(reader: Plan["reader"], rows: number, random: Random): End {
  const row = 1 + random.below(Math.max(rows, 1));
  const kind = random.of(
    [
      "well",
      "well",
      "well",
      "syntax error",
      "division by zero",
      "break",
      "throw",
      "abort",
      "abort",
    ] as const,
  );
  if (kind === "well" || kind === "syntax error") return { kind };
  if (kind === "division by zero") return rows === 0 ? { kind: "well" } : { kind, row };
  if (kind !== "abort") return reader === "await" ? { kind: "well" } : { kind, row };
  const when = random.of(["before", "with the row", "later", "later"] as const);
  if (when === "before" || (when === "with the row" && reader !== "await")) {
    return { kind, when, row };
  }
  // Others share the connection of what is awaited, so there its cancel may have to wait.
  const sleepMs = reader === "await" ? random.of([0, 0, 0, 15]) : random.of([0, 0, 0, 60_000]);
  return { kind, when: "later", afterMs: random.below(40), sleepMs };
}
