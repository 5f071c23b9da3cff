/**
 * What a command tag says.
 *
 * @module
 */

/** A command tag, taken apart. */
export interface CommandTag {
  /** `SELECT`, `INSERT`, `CREATE TABLE`, …; empty for an empty query. */
  readonly command: string;
  /** Rows that were selected or changed; absent where the tag gives none. */
  readonly count?: number;
}

/** `INSERT 0 5` is the command INSERT and the count 5; the 0 is an OID of the past. */
export function parseCommandTag(tag: string): CommandTag {
  const [, command, numbers] = /^(.*?)((?: \d+)*)$/.exec(tag)!;
  if (numbers === "") return { command };
  return { command, count: Number(numbers.slice(numbers.lastIndexOf(" ") + 1)) };
}
