/**
 * What makes a row out of its fields, and the way that needs no generated code.
 */

import type { Decode, FieldSource } from "../value/codec.ts";

/** Makes a row of the fields at `offsets`: start and end of each, start -1 for NULL. */
export type RowReader<Row> = (source: FieldSource, offsets: Int32Array) => Row;

/** What a row reader is made from. */
export interface Columns {
  readonly names: readonly string[];
  readonly decoders: readonly Decode[];
  readonly asObject: boolean;
}

/** A row as an object. */
export type ObjectRow = Record<string, unknown>;

/** Row readers without generated code. */
export function plainRowReader({ names, decoders, asObject }: Columns): RowReader<unknown> {
  return asObject ? objectReader(names, decoders) : valuesReader(decoders);
}

function valuesReader(decoders: readonly Decode[]): RowReader<unknown[]> {
  const count = decoders.length;
  return (source, offsets) => {
    const row: unknown[] = [];
    for (let i = 0; i < count; i++) {
      const start = offsets[2 * i];
      row.push(start < 0 ? null : decoders[i](source, start, offsets[2 * i + 1]));
    }
    return row;
  };
}

/** A clone of a template has all its names, `__proto__` too, before any value is stored. */
function objectReader(names: readonly string[], decoders: readonly Decode[]): RowReader<ObjectRow> {
  const template: ObjectRow = Object.fromEntries(names.map((name) => [name, null]));
  const count = names.length;
  return (source, offsets) => {
    const row = { ...template };
    for (let i = 0; i < count; i++) {
      const start = offsets[2 * i];
      row[names[i]] = start < 0 ? null : decoders[i](source, start, offsets[2 * i + 1]);
    }
    return row;
  };
}
