/**
 * Puts a piece of SQL together.
 */

import type { FragmentParts } from "./fragment.ts";

/** Parts that grow: texts and values in turns. */
export class PartsBuilder implements FragmentParts {
  readonly strings: string[] = [""];
  readonly values: unknown[] = [];

  /** Adds SQL. */
  text(text: string): this {
    this.strings[this.values.length] += text;
    return this;
  }

  /** Adds a parameter, or a piece of SQL. */
  value(value: unknown): this {
    this.values.push(value);
    this.strings.push("");
    return this;
  }

  /** Adds items with a text between them. */
  join<T>(items: readonly T[], separator: string, add: (item: T, index: number) => void): this {
    for (let i = 0; i < items.length; i++) { // Not forEach, which passes over holes.
      if (i > 0) this.text(separator);
      add(items[i], i);
    }
    return this;
  }

  /** Adds `$1,$2`. */
  cells(values: readonly unknown[]): this {
    return this.join(values, ",", (value) => this.value(value));
  }

  /** Adds `($1,$2),($3,$4)`. */
  rows(rows: readonly (readonly unknown[])[]): this {
    return this.join(rows, ",", (row) => this.text("(").cells(row).text(")"));
  }
}
