/** Runs of rows from memory, laid out as protocol 3 does: the plainest DataRow there is. */

import type { DataRow, FieldDescription } from "../../lib/wire/backend_message.ts";
import type { Format } from "../../lib/wire/message.ts";

/** Builds a run; null is NULL. A run of protocol 2.0 tells its format. */
export function memoryRun(
  rows: readonly (readonly (Uint8Array | null)[])[],
  options: { readonly format?: Format; readonly onLocate?: () => void } = {},
): DataRow {
  const starts = new Int32Array(rows.length);
  const size = rows.flat().reduce((sum, field) => sum + 4 + (field?.length ?? 0), 0);
  // The run does not begin where its buffer does: offsets count from the array.
  const bytes = new Uint8Array(new ArrayBuffer(size + 7), 7);
  const view = new DataView(bytes.buffer, 7);
  let at = 0;
  rows.forEach((row, i) => {
    starts[i] = at;
    for (const field of row) {
      view.setInt32(at, field?.length ?? -1);
      bytes.set(field ?? [], at + 4);
      at += 4 + (field?.length ?? 0);
    }
  });
  return {
    kind: "DataRow",
    count: rows.length,
    bytes,
    view,
    starts,
    byteLength: size,
    ...(options.format !== undefined && { format: options.format }),
    locate(row: number, fieldCount: number, out: Int32Array): void {
      options.onLocate?.();
      let start = starts[row];
      for (let i = 0; i < fieldCount; i++) {
        const length = view.getInt32(start);
        start += 4;
        out[2 * i] = length < 0 ? -1 : start;
        out[2 * i + 1] = start += Math.max(length, 0);
      }
    },
  };
}

/** The description of a column. */
export function field(name: string, typeOid: number, format: Format = 0): FieldDescription {
  return {
    name,
    typeOid,
    format,
    tableOid: 0,
    columnNumber: 0,
    typeSize: -1,
    typeModifier: -1,
  };
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
