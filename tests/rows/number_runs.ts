/** Runs of rows that are nothing but their numbers, for tests of what lies between wire and user. */

import type { RowDecoder } from "../../lib/rows/row_decoder.ts";
import type { DataRow } from "../../lib/wire/backend_message.ts";

/** A run of the rows `first`, `first + 1`, …; `rowBytes` is what each weighs on the wire. */
export function numberRun(first: number, count: number, rowBytes = 16): DataRow {
  const bytes = new Uint8Array(0);
  return {
    kind: "DataRow",
    count,
    bytes,
    view: new DataView(bytes.buffer),
    starts: Int32Array.from({ length: count }, (_, i) => first + i),
    byteLength: count * rowBytes,
    locate() {
      throw new Error("A number has no fields");
    },
  };
}

/** Gives the numbers of a run, plus `offset`; throws at the number `poison`. */
export function numberDecoder(
  { offset = 0, poison }: { offset?: number; poison?: number } = {},
): RowDecoder<number> {
  const decodeOne = (run: DataRow, row: number): number => {
    const number = run.starts[row] + offset;
    if (number === poison) throw new RangeError(`Cannot decode ${number}`);
    return number;
  };
  return {
    decodeOne,
    decode(run, from, to, into) {
      for (let row = from; row < to; row++) into.push(decodeOne(run, row));
    },
  };
}

/** The numbers from `first` up to, not including, `end`. */
export function numbers(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}
