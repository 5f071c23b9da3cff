/**
 * SASLprep (RFC 4013), step for step as PostgreSQL does it (saslprep.c): both sides must
 * derive the same key, so PostgreSQL's departures from the RFC are kept and named.
 *
 * @module
 */

import { SASLPREP_CLASSES } from "./saslprep_table.ts";

/**
 * The prepared password, or undefined where preparation forbids it; PostgreSQL then takes
 * the password as it is.
 */
export function saslprep(password: string): string | undefined {
  // Pure ASCII stays as it is. The RFC would forbid control characters here,
  // with the same outcome: they are taken as they are.
  if (isAscii(password)) return password;
  const classOf = classifier();
  const mapped = [...password]
    .map((char) => classOf(char) === "S" ? " " : char)
    .filter((char) => classOf(char) !== "N");
  if (mapped.length === 0) return undefined;
  // The RFC checks what normalization gives; PostgreSQL checks what went in.
  const classes = mapped.map(classOf);
  if (classes.includes("X") || !isBidiSound(classes)) return undefined;
  return mapped.join("").normalize("NFKC");
}

/** RFC 3454, section 6: right-to-left text begins and ends as such and holds no left-to-right. */
function isBidiSound(classes: readonly string[]): boolean {
  if (!classes.includes("R")) return true;
  return !classes.includes("L") && classes.at(0) === "R" && classes.at(-1) === "R";
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

/** Unpacks the table; it is dropped after the password, which is prepared once a login at most. */
function classifier(): (char: string) => string {
  const letters: string[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const [, letter, rest] of SASLPREP_CLASSES.matchAll(/([A-Z])([0-9a-z]*)/g)) {
    end += 1 + (rest === "" ? 0 : parseInt(rest, 36));
    letters.push(letter);
    ends.push(end);
  }
  return (char) => letters[firstAbove(ends, char.codePointAt(0)!)];
}

/** Index of the first entry greater than `value`; the entries ascend. */
function firstAbove(entries: readonly number[], value: number): number {
  let low = 0;
  let high = entries.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
