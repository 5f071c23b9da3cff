/** What a client and its server say to each other while streams are read, by option `trace`. */

/** Lines of a trace, and what they tell of streams. */
export class StreamLog {
  readonly lines: string[] = [];
  /** For option `trace`. */
  readonly trace: (line: string) => void = (line) => void this.lines.push(line);

  clear(): void {
    this.lines.length = 0;
  }

  /** `portal` when rows came by fetches, `flow` when all came at once. */
  get mode(): "portal" | "flow" {
    return this.fetches.length > 0 ? "portal" : "flow";
  }

  /** Rows of each fetch: on 3.2 as asked for, on 2.0 as they came. */
  get fetches(): number[] {
    return this.#numbers(/^F\tExecute\t"rill_c\d+" (\d+)$/, /^B\tCommandComplete\t"FETCH (\d+)"$/);
  }

  /** What was asked of the server, preparations aside. */
  get asked(): number {
    return this.lines.filter((line) => /^F\t(?:Execute|Query)\t/.test(line)).length;
  }

  /** Requests whose end was asked for and not told, at the most. */
  get mostUnderWay(): number {
    let underWay = 0;
    let most = 0;
    for (const line of this.lines) {
      if (/^F\t(?:Sync|Query)/.test(line)) most = Math.max(most, ++underWay);
      if (line.startsWith("B\tReadyForQuery")) underWay--;
    }
    return most;
  }

  /** Fetches of one stream that were on their way at a time, at the most. Of 3.2. */
  get mostFetchesUnderWay(): number {
    let underWay = 0;
    let most = 0;
    for (const line of this.lines) {
      if (/^F\tExecute\t"rill_c/.test(line)) most = Math.max(most, ++underWay);
      if (line === "B\tPortalSuspended") underWay--;
    }
    return most;
  }

  /** Rows that have come, of whatever query. */
  get rows(): number {
    return this.#numbers(/^B\tDataRow\t(\d+) rows/).reduce((sum, rows) => sum + rows, 0);
  }

  #numbers(...patterns: readonly RegExp[]): number[] {
    return this.lines.flatMap((line) => patterns.map((pattern) => pattern.exec(line)?.[1]))
      .filter((found) => found !== undefined).map(Number);
  }
}
