/**
 * Reads whole rows out of a run.
 *
 * @module
 */

import type { DataRow } from "./backend_message.ts";

/**
 * The values of one row of a run, as views; NULL is null.
 *
 * @throws {ProtocolError} when a length leads out of the row
 */
export function rowValues(run: DataRow, row: number): (Uint8Array | null)[] {
  const count = run.fieldCount ?? Math.max(run.view.getInt16(run.starts[row]), 0);
  const places = new Int32Array(2 * count);
  run.locate(row, count, places);
  const values: (Uint8Array | null)[] = [];
  for (let i = 0; i < count; i++) {
    const start = places[2 * i];
    values.push(start < 0 ? null : run.bytes.subarray(start, places[2 * i + 1]));
  }
  return values;
}
