/** The plain twins of the row framing: what it means, without a thought for speed. */

/** A row as its values, and where it ends. */
export interface TwinRow {
  readonly values: (string | null)[];
  readonly end: number;
}

/** The whole and well-formed DataRow of 3.x at `at`, or undefined. */
export function twinRowV3(bytes: Uint8Array, at: number): TwinRow | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length - at < 7 || bytes[at] !== "D".charCodeAt(0)) return undefined;
  const end = at + 1 + view.getInt32(at + 1);
  if (end > bytes.length) return undefined;
  const values: (string | null)[] = [];
  let place = at + 7;
  for (let left = view.getInt16(at + 5); left > 0; left--) {
    const length = view.getInt32(place);
    place += 4;
    values.push(length === -1 ? null : textOf(bytes, place, place + length));
    place += Math.max(length, 0);
  }
  return { values, end };
}

/** The whole and well-formed row of 2.0 at `at` with so many columns, or undefined. */
export function twinRowV2(bytes: Uint8Array, at: number, columns: number): TwinRow | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = bytes[at] === "D".charCodeAt(0);
  let place = at + 1 + Math.ceil(columns / 8);
  if (place > bytes.length) return undefined;
  const bits = Array.from(
    bytes.subarray(at + 1, place),
    (byte) => byte.toString(2).padStart(8, "0"),
  ).join("");
  const values: (string | null)[] = [];
  for (let column = 0; column < columns; column++) {
    if (bits[column] === "0") {
      values.push(null);
      continue;
    }
    if (place + 4 > bytes.length) return undefined;
    const length = view.getInt32(place) - (ascii ? 4 : 0);
    place += 4;
    if (length < 0 || place + length > bytes.length) return undefined;
    values.push(textOf(bytes, place, place + length));
    place += length;
  }
  return { values, end: place };
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Array.from(bytes.subarray(start, end), (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
