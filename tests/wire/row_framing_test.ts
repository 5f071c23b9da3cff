/** Row framing against its plain twins, on the same random inputs. */

import fc from "fast-check";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { Span } from "../../lib/bytes/span.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { RowStarts } from "../../lib/wire/row_starts.ts";
import { rowValues } from "../../lib/wire/row_values.ts";
import { DataRowV2, frameRowsV2 } from "../../lib/wire/v2/row_framing.ts";
import { encodeAsciiRow, encodeBinaryRow } from "../../lib/wire/v2/rows.ts";
import { encodeDataRowV3 } from "../../lib/wire/v3/backend_encoder.ts";
import { DataRowV3, frameRowsV3 } from "../../lib/wire/v3/row_framing.ts";
import { test } from "../harness.ts";
import { hex } from "./feeding.ts";
import { twinRowV2, twinRowV3 } from "./row_twins.ts";

const most = 0x3fffffff;
const value = fc.option(fc.uint8Array({ maxLength: 20 }), { nil: null });

/** Rows of one width, and how many bytes of the last are missing. */
const rows = fc.integer({ min: 0, max: 19 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    values: fc.array(fc.array(value, { minLength: columns, maxLength: columns }), {
      minLength: 1,
      maxLength: 300,
    }),
    missing: fc.nat(30),
    before: fc.nat(5),
  })
);

function encodeRows(
  input: { values: (Uint8Array | null)[][]; missing: number; before: number },
  encodeRow: (values: (Uint8Array | null)[], writer: ByteWriter) => void,
): Span {
  const writer = new ByteWriter();
  for (let i = 0; i < input.before; i++) writer.writeByte(0x5a);
  for (const row of input.values) encodeRow(row, writer);
  const bytes = writer.take();
  const length = Math.max(bytes.length - input.missing, input.before);
  return new Span(bytes.subarray(0, length), input.before);
}

test("frameRowsV3() and DataRowV3.locate() find what their plain twin finds", () => {
  fc.assert(fc.property(rows, (input) => {
    const span = encodeRows(input, encodeDataRowV3);
    const starts = new RowStarts();
    const end = frameRowsV3(span, starts, most);
    let at = span.start;
    const count = starts.count;
    const run = count > 0 ? new DataRowV3(span, starts.take(), end) : undefined;
    for (let row = 0; row < count; row++) {
      const twin = twinRowV3(span.bytes, at)!;
      assertEquals(rowValues(run!, row).map((found) => found && hex(found)), twin.values);
      at = twin.end;
    }
    assertEquals(end, at);
    assertEquals(run?.byteLength ?? 0, end - span.start);
    assertEquals(twinRowV3(span.bytes, at), undefined);
  }));
});

test("frameRowsV2() and DataRowV2.locate() find what their plain twin finds", () => {
  fc.assert(fc.property(rows, fc.boolean(), (input, binary) => {
    const span = encodeRows(input, binary ? encodeBinaryRow : encodeAsciiRow);
    if (span.start === span.end) return;
    const starts = new RowStarts();
    const shape = { columns: input.columns, maxMessageBytes: most };
    const end = frameRowsV2(span, starts, shape);
    let at = span.start;
    const count = starts.count;
    const place = { end, fieldCount: input.columns };
    const run = count > 0 ? new DataRowV2(span, starts.take(), place) : undefined;
    for (let row = 0; row < count; row++) {
      const twin = twinRowV2(span.bytes, at, input.columns)!;
      assertEquals(rowValues(run!, row).map((found) => found && hex(found)), twin.values);
      at = twin.end;
    }
    assertEquals(end, at);
    assertEquals(run?.format ?? (binary ? 1 : 0), binary ? 1 : 0);
    assertEquals(run?.byteLength ?? 0, end - span.start);
    if (at < span.end) assertEquals(twinRowV2(span.bytes, at, input.columns), undefined);
  }));
});

/** One DataRow of 3.x from its fields: D, length, count and what stands behind it. */
function rowV3(count: number, body: readonly number[]): DataRowV3 {
  const bytes = new Uint8Array([0x44, 0, 0, 0, 6 + body.length, 0, count, ...body]);
  return new DataRowV3(new Span(bytes), Int32Array.of(5), bytes.length);
}

const badRows: readonly [string, DataRowV3, string][] = [
  ["a count other than asked for", rowV3(2, []), "it has 2 fields, expected 1"],
  [
    "a length that leads out of the row",
    rowV3(1, [0, 0, 0, 9, 1]),
    "value 1 needs 9 bytes, 1 are left",
  ],
  [
    "a negative length that is not NULL",
    rowV3(1, [255, 255, 255, 254]),
    "value 1 needs -2 bytes, 0 are left",
  ],
  ["no room for a length", rowV3(1, [0, 0, 0]), "value 1 needs 4 bytes, 3 are left"],
  ["bytes behind its last value", rowV3(1, [0, 0, 0, 0, 7]), "1 bytes are left over"],
];

for (const [what, row, reason] of badRows) {
  test(`DataRowV3.locate() refuses a row with ${what}`, () => {
    const error = assertThrows(() => row.locate(0, 1, new Int32Array(2)), ProtocolError);
    assertEquals(error.message, `Cannot decode DataRow: ${reason}`);
  });
}

test("DataRowV2.locate() refuses a count other than that of the RowDescription", () => {
  const span = new Span(new Uint8Array([0x44, 0]));
  const row = new DataRowV2(span, Int32Array.of(1), { end: 2, fieldCount: 1 });
  assertThrows(() => row.locate(0, 2, new Int32Array(4)), ProtocolError, "it has 1 fields");
});
