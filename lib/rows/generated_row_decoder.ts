// Hot path (bench/rows_bench.ts).
// Unusual: source code is generated and compiled by `new Function`, so that a row is one
// object literal and each column calls a decoder of its own.
// Gain (10 000 objects of six columns, decoder kept, minima): 1.6x to 2.2x rows/s on Deno 2.9.6,
// 1.3x to 1.5x on Bun 1.4.5 (2026-11-22). A decoder made anew costs 10 to 30 us more and starts
// cold, so it is a loss below some thousand rows. Undo it if under 1.2x.
// Plain twin: plainRowReader() in row_reader.ts; the tests give both the same rows.

/**
 * Row readers as generated code, where the runtime allows it.
 */

import type { Decode } from "../value/codec.ts";
import type { Columns, RowReader } from "./row_reader.ts";

/** False on workerd, Deno Deploy and under a content security policy. */
export function canGenerate(): boolean {
  try {
    new Function("");
    return true;
  } catch {
    return false;
  }
}

/**
 * Generates the reader of a row. Nothing from outside becomes code but the column names,
 * as string literals.
 */
export function generateRowReader({ names, decoders, asObject }: Columns): RowReader<unknown> {
  const constants = decoders.map((_, i) => `d${i} = decoders[${i}]`);
  const values = decoders.map((_, i) =>
    `o[${2 * i}] < 0 ? null : d${i}(source, o[${2 * i}], o[${2 * i + 1}])`
  );
  const row = asObject
    ? `{ ${values.map((value, i) => `${propertyName(names[i])}: ${value}`).join(", ")} }`
    : `[${values.join(", ")}]`;
  const declaration = constants.length === 0 ? "" : `const ${constants.join(", ")};`;
  const make = new Function(
    "decoders",
    `"use strict"; ${declaration} return (source, o) => (${row});`,
  ) as (decoders: readonly Decode[]) => RowReader<unknown>;
  return make(decoders);
}

/** Computed where the literal would set the prototype. */
function propertyName(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : stringLiteral(name);
}

/** JSON is JavaScript but for these two, which older engines take for line ends. */
function stringLiteral(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
