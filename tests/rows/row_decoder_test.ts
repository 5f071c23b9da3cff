import { Buffer } from "node:buffer";
import fc from "fast-check";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { canGenerate } from "../../lib/rows/generated_row_decoder.ts";
import { createRowDecoder, type RowDecoderOptions } from "../../lib/rows/row_decoder.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import type { DataRow, FieldDescription } from "../../lib/wire/backend_message.ts";
import type { Format } from "../../lib/wire/message.ts";
import { test } from "../harness.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "../std_assert.ts";
import { field, memoryRun, utf8 } from "./memory_run.ts";

const registry = new TypeRegistry();
const bothWays = [false, true];

function decodeAll(
  fields: readonly FieldDescription[],
  run: DataRow,
  options: Partial<RowDecoderOptions> = {},
): unknown[] {
  const decoder = createRowDecoder<unknown>({ fields, registry, shape: "object", ...options });
  const rows: unknown[] = [];
  decoder.decode(run, 0, run.count, rows);
  return rows;
}

const mixed = [field("n", 23, 1), field("s", 25), field("big", 20, 1), field("when", 1082)];
const mixedRun = memoryRun([
  [new Uint8Array([0, 0, 0, 5]), utf8("naïve"), new Uint8Array([0, 0, 0, 0, 0, 0, 0, 9]), null],
  [null, utf8(""), null, utf8("2026-01-31")],
]);

test("RowDecoder.decode() makes objects by column name, in column order", () => {
  for (const generate of bothWays) {
    const rows = decodeAll(mixed, mixedRun, { generate });
    assertEquals(rows, [
      { n: 5, s: "naïve", big: 9n, when: null },
      { n: null, s: "", big: null, when: new Date("2026-01-31T00:00:00Z") },
    ]);
    assertEquals(Object.keys(rows[0] as object), ["n", "s", "big", "when"]);
    assertStrictEquals(Object.getPrototypeOf(rows[0]), Object.prototype);
  }
});

test("RowDecoder.decode() makes arrays of values", () => {
  for (const generate of bothWays) {
    assertEquals(decodeAll(mixed, mixedRun, { shape: "values", generate }), [
      [5, "naïve", 9n, null],
      [null, "", null, new Date("2026-01-31T00:00:00Z")],
    ]);
  }
});

test("RowDecoder.decode() makes raw rows of copies", () => {
  for (const generate of bothWays) {
    const rows = decodeAll(mixed, mixedRun, { shape: "raw", generate }) as Uint8Array[][];
    assertEquals(rows[1], [null, new Uint8Array(), null, utf8("2026-01-31")]);
    assertEquals(rows[0][0].buffer.byteLength, 4);
  }
});

test("RowDecoder.decode() appends the rows asked for", () => {
  const run = memoryRun(["a", "b", "c", "d"].map((text) => [utf8(text)]));
  const decoder = createRowDecoder<unknown>({
    fields: [field("x", 25)],
    registry,
    shape: "object",
  });
  const into: unknown[] = [{ x: "before" }];
  decoder.decode(run, 1, 3, into);
  decoder.decode(run, 3, 3, into);
  assertEquals(into, [{ x: "before" }, { x: "b" }, { x: "c" }]);
});

test("RowDecoder.decodeOne() gives the same rows as RowDecoder.decode(), run after run", () => {
  const other = memoryRun([[null, utf8("other"), null, null]]);
  for (const generate of bothWays) {
    const decoder = createRowDecoder({ fields: mixed, registry, shape: "object", generate });
    const [first, second] = decodeAll(mixed, mixedRun);
    assertEquals(decoder.decodeOne(mixedRun, 0), first as Record<string, unknown>);
    assertEquals(decoder.decodeOne(other, 0).s, "other");
    assertEquals(decoder.decodeOne(mixedRun, 1), second as Record<string, unknown>);
    assertEquals(decoder.decodeOne(mixedRun, 0), first as Record<string, unknown>);
  }
});

test("RowDecoder.decode() takes the format of the run before that of the column (2.0)", () => {
  const fields = [field("n", 23), field("mood", 99_999)];
  const binary = memoryRun([[new Uint8Array([0, 0, 0, 7]), utf8("ok")]], { format: 1 });
  const text = memoryRun([[utf8("8"), utf8("ok")]], { format: 0 });
  for (const generate of bothWays) {
    // A type without a binary codec stays bytes rather than being guessed at.
    assertEquals(decodeAll(fields, binary, { generate }), [{ n: 7, mood: utf8("ok") }]);
    assertEquals(decodeAll(fields, text, { generate }), [{ n: 8, mood: "ok" }]);
    const described = [field("n", 23, 1), field("mood", 99_999, 1)];
    assertEquals(decodeAll(described, text, { generate }), [{ n: 8, mood: "ok" }]);
  }
});

test("RowDecoder.decode() takes formats that were asked for before those described", () => {
  const run = memoryRun([[new Uint8Array([0, 0, 0, 7]), utf8("8")]]);
  const fields = [field("a", 23), field("b", 23)];
  assertEquals(decodeAll(fields, run, { formats: [1, 0] }), [{ a: 7, b: 8 }]);
});

test("RowDecoder.decode() lets the last column of a name win", () => {
  const fields = [field("id", 25), field("x", 25), field("id", 25)];
  const run = memoryRun([[utf8("1"), utf8("2"), utf8("3")]]);
  for (const generate of bothWays) {
    const [row] = decodeAll(fields, run, { generate }) as object[];
    assertEquals(row, { id: "3", x: "2" });
    assertEquals(Object.keys(row), ["id", "x"]);
  }
});

const hostileNames = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "?column?",
  "",
  "0",
  "42",
  "-1",
  'a"b',
  "a'b",
  "a\\",
  '\\"',
  "a\nb",
  "\u2028",
  "\u2029",
  "${globalThis.hacked = 1}",
  '"]: (globalThis.hacked = 1), ["',
  '": globalThis.hacked = 1, "',
  "*/ globalThis.hacked = 1 /*",
  "]}) => globalThis.hacked = 1; ({[",
  "\ud800",
  "naïve",
  "🐘",
];

test("RowDecoder.decode() is not moved by hostile column names", () => {
  const run = memoryRun([hostileNames.map((_, i) => utf8(String(i)))]);
  const fields = hostileNames.map((name) => field(name, 25));
  for (const generate of bothWays) {
    const [row] = decodeAll(fields, run, { generate }) as Record<string, unknown>[];
    hostileNames.forEach((name, i) => {
      assertEquals(Object.getOwnPropertyDescriptor(row, name)?.value, String(i), name);
    });
    assertEquals(Object.keys(row).length, hostileNames.length);
    assertStrictEquals(Object.getPrototypeOf(row), Object.prototype);
  }
  assertEquals("hacked" in globalThis, false);
});

test("RowDecoder.decode() keeps an object under __proto__ away from the prototype", () => {
  const run = memoryRun([[utf8('{"admin": true}')]]);
  for (const generate of bothWays) {
    const [row] = decodeAll([field("__proto__", 114)], run, { generate }) as object[];
    assertEquals("admin" in row, false);
    assertEquals(Object.getOwnPropertyDescriptor(row, "__proto__")?.value, { admin: true });
  }
});

test("RowDecoder.decode() makes rows of no columns", () => {
  const run = memoryRun([[], []]);
  for (const generate of bothWays) {
    assertEquals(decodeAll([], run, { generate }), [{}, {}]);
    assertEquals(decodeAll([], run, { generate, shape: "values" }), [[], []]);
  }
});

test("RowDecoder.decode() makes rows of 1664 columns, the server's most", () => {
  const fields = Array.from({ length: 1664 }, (_, i) => field(`c${i}`, 23));
  const run = memoryRun([fields.map((_, i) => utf8(String(i)))]);
  for (const generate of bothWays) {
    const [row] = decodeAll(fields, run, { generate }) as Record<string, number>[];
    assertEquals(Object.entries(row).every(([name, value]) => name === `c${value}`), true);
    assertEquals(Object.keys(row).length, 1664);
  }
});

test("RowDecoder.decode() throws what a codec throws, and can go on", () => {
  const run = memoryRun([[utf8("1")], [utf8("x")], [utf8("3")]]);
  for (const generate of bothWays) {
    const fields = [field("n", 23)];
    const decoder = createRowDecoder<unknown>({ fields, registry, shape: "values", generate });
    const into: unknown[] = [];
    assertThrows(() => decoder.decode(run, 0, 3, into), ProtocolError, "Cannot decode int4");
    assertEquals(into, [[1]]);
    assertEquals(decoder.decodeOne(run, 2), [3]);
  }
});

test("RowDecoder.decode() locates each row once", () => {
  let located = 0;
  const run = memoryRun(Array(10).fill([utf8("a")]), { onLocate: () => located++ });
  decodeAll([field("x", 25)], run);
  assertEquals(located, 10);
});

test("canGenerate() tells where code may not be generated, and rows are the same there", () => {
  assertEquals(canGenerate(), true);
  const allowed = globalThis.Function;
  const rows: unknown[] = [];
  const run = memoryRun(Array.from({ length: 5000 }, (_, i) => [utf8(String(i))]));
  const decoder = createRowDecoder<unknown>({
    fields: [field("n", 23)],
    registry,
    shape: "object",
  });
  try {
    globalThis.Function = function () {
      throw new EvalError("Code generation from strings disallowed for this context");
    } as unknown as FunctionConstructor;
    assertEquals(canGenerate(), false);
    for (let row = 0; row < run.count; row += 500) decoder.decode(run, row, row + 500, rows);
  } finally {
    globalThis.Function = allowed;
  }
  assertEquals(rows, Array.from({ length: 5000 }, (_, n) => ({ n })));
});

test("RowDecoder.decode() gives the same rows before and after it has generated code", () => {
  const run = memoryRun(Array.from({ length: 5000 }, (_, i) => [utf8(String(i))]));
  const decoder = createRowDecoder<unknown>({
    fields: [field("n", 23)],
    registry,
    shape: "object",
  });
  const rows: unknown[] = [];
  for (let row = 0; row < 5000; row += 100) decoder.decode(run, row, row + 100, rows);
  assertEquals(rows, Array.from({ length: 5000 }, (_, n) => ({ n })));
});

/** Columns of a type and format with values that have been encoded by its own codec. */
const column = fc.record({
  name: fc.oneof(fc.string(), fc.constantFrom(...hostileNames)),
  type: fc.constantFrom<readonly [number, fc.Arbitrary<unknown>]>(
    [16, fc.boolean()],
    [17, fc.uint8Array({ maxLength: 40 })],
    [20, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    [23, fc.integer()],
    [25, fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"))],
    [701, fc.double()],
    [1184, fc.date({ noInvalidDate: true, min: new Date(-2e14) })],
    [1007, fc.array(fc.option(fc.integer()))],
  ),
  format: fc.constantFrom<Format>(0, 1),
});

const results = fc.array(column, { maxLength: 8 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(
      fc.tuple(...columns.map(({ type }) => fc.option(type[1]))) as fc.Arbitrary<unknown[]>,
      { minLength: 1, maxLength: 5 },
    ),
  })
);

function encode(oid: number, format: Format, value: unknown): Uint8Array | null {
  if (value === null) return null;
  const codec = registry.codec(oid);
  if (format === 0) return utf8(codec.encodeText(value));
  const writer = new ByteWriter();
  codec.encodeBinary!(value, writer);
  return writer.take();
}

const readUtf8 = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
const readLatin1 = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");

test("RowDecoder gives what was encoded: plain, generated, and with every reader of text", () => {
  fc.assert(fc.property(results, ({ columns, rows }) => {
    const fields = columns.map(({ name, type, format }) => field(name, type[0], format));
    const run = memoryRun(
      rows.map((row) =>
        row.map((value, i) => encode(columns[i].type[0], columns[i].format, value))
      ),
    );
    const readers = [{}, { readUtf8 }, { readLatin1 }, { readUtf8, readLatin1 }];
    const asObjects = rows.map((row) =>
      Object.fromEntries(row.map((value, i) => [columns[i].name, value]))
    );
    for (const generate of bothWays) {
      for (const reader of readers) {
        const options = { generate, ...reader };
        assertEquals(decodeAll(fields, run, { ...options, shape: "values" }), rows);
        assertEquals(decodeAll(fields, run, options), asObjects);
      }
    }
  }));
});

test("RowDecoder reads texts of every length, ASCII or not, the same way with every reader", () => {
  const texts: string[] = [];
  for (const length of [0, 1, 3, 4, 5, 23, 24, 25, 100, 1023, 1024, 1025, 16_383, 16_384, 20_000]) {
    texts.push("a".repeat(length), `${"b".repeat(length)}é`, `\ufeff${"c".repeat(length)}`);
  }
  // Windows are for rows of less than 1 kB on average.
  const narrow = [...texts, ...Array.from({ length: 500 }, (_, i) => String(i))];
  for (const wanted of [texts, narrow]) {
    const run = memoryRun(wanted.map((text) => [utf8(text)]));
    for (const reader of [{}, { readUtf8 }, { readLatin1 }, { readUtf8, readLatin1 }]) {
      const rows = decodeAll([field("s", 25)], run, { shape: "values", ...reader });
      assertEquals(rows, wanted.map((text) => [text]));
    }
  }
});

test("RowDecoder reads windows of the run's own bytes, none where rows are wide", () => {
  const windows: [number, number][] = [];
  const decode = (texts: readonly string[]) => {
    // The last row stands for what comes behind the run in its chunk.
    const chunk = memoryRun(texts.map((text) => [utf8(text)]));
    const count = texts.length - 1;
    const run = { ...chunk, count, byteLength: chunk.starts[count] };
    return decodeAll([field("s", 25)], run, {
      readLatin1: (bytes, start, end) => {
        windows.push([start, end]);
        return readLatin1(bytes, start, end);
      },
    });
  };
  assertEquals(decode(["a".repeat(20), "bcde", "another"]), [{ s: "a".repeat(20) }, { s: "bcde" }]);
  assertEquals(windows, [[4, 32]]);
  decode(["short", "w".repeat(3000), "another"]);
  assertEquals(windows.length, 1);
});

test("RowDecoder makes ill-formed UTF-8 U+FFFD", () => {
  const run = memoryRun([[new Uint8Array([0x61, 0xff, 0x62])]]);
  for (const reader of [{}, { readUtf8 }, { readLatin1 }]) {
    assertEquals(decodeAll([field("s", 25)], run, reader), [{ s: "a\ufffdb" }]);
  }
});
