// Hot path (bench/rows_bench.ts).
// Unusual: one Int32Array of offsets serves all rows of a decoder, and after some rows the
// reader of a row is replaced by generated code (generated_row_decoder.ts).
// Gain: what the parts say; one array of offsets saves an allocation a row.
// Plain twin: plainRowReader() in row_reader.ts, which runs wherever `new Function` may not.

/**
 * Makes rows out of the bytes of DataRow runs.
 *
 * @module
 */

import { copyBytes } from "../value/text/bytea.ts";
import type { Decode, FieldSource } from "../value/codec.ts";
import type { TypeRegistry } from "../value/registry/type_registry.ts";
import type { DataRow, FieldDescription } from "../wire/backend_message.ts";
import type { Format } from "../wire/message.ts";
import { createFieldSource, type TextReaders } from "./field_source.ts";
import { canGenerate, generateRowReader } from "./generated_row_decoder.ts";
import { type Columns, type ObjectRow, plainRowReader, type RowReader } from "./row_reader.ts";

/**
 * What a row becomes: an object by column name, an array of values, or an array of the
 * fields' bytes (copies) as the server sent them.
 */
export type RowShape = "object" | "values" | "raw";

/** Decodes rows of one description. */
export interface RowDecoder<Row = unknown> {
  /** Appends the rows from `from` up to, not including, `to`. */
  decode(run: DataRow, from: number, to: number, into: Row[]): void;
  decodeOne(run: DataRow, row: number): Row;
}

/** What a row decoder is made from. */
export interface RowDecoderOptions extends TextReaders {
  readonly fields: readonly FieldDescription[];
  readonly registry: TypeRegistry;
  readonly shape: RowShape;
  /** One a column; absent: as the description says. A run's own format (2.0) goes before both. */
  readonly formats?: readonly Format[];
  /** Whether code may be generated: true at once, false never; absent: once it pays, where allowed. */
  readonly generate?: boolean;
}

// Below this the code costs more than it gains (bench/rows_bench.ts, "a decoder each").
const GENERATE_AFTER_ROWS = 2000;

/**
 * Makes the decoder of a result.
 *
 * In objects the last of several columns of one name wins, and `__proto__` is a property
 * like any other. A binary field of a type that has no binary codec is its bytes, copied.
 */
export function createRowDecoder<Row = ObjectRow>(
  options: RowDecoderOptions & { readonly shape: "object" },
): RowDecoder<Row>;
export function createRowDecoder<Row = unknown[]>(
  options: RowDecoderOptions & { readonly shape: "values" },
): RowDecoder<Row>;
export function createRowDecoder<Row = (Uint8Array | null)[]>(
  options: RowDecoderOptions & { readonly shape: "raw" },
): RowDecoder<Row>;
export function createRowDecoder<Row = unknown>(options: RowDecoderOptions): RowDecoder<Row>;
export function createRowDecoder<Row>(options: RowDecoderOptions): RowDecoder<Row> {
  return new RunDecoder<Row>(options);
}

class RunDecoder<Row> implements RowDecoder<Row> {
  readonly #options: RowDecoderOptions;
  readonly #fieldCount: number;
  /** Written by each row anew: a codec must not ask this decoder for another row. */
  readonly #offsets: Int32Array;
  readonly #described: RowReading<Row>;
  /** For runs that tell their format, by it. */
  readonly #uniform: [RowReading<Row> | undefined, RowReading<Row> | undefined] = [
    undefined,
    undefined,
  ];
  #run: DataRow | undefined;
  #source: FieldSource | undefined;

  constructor(options: RowDecoderOptions) {
    const { fields, formats } = options;
    this.#options = options;
    this.#fieldCount = fields.length;
    this.#offsets = new Int32Array(fields.length * 2);
    this.#described = new RowReading(options, (i) => formats?.[i] ?? fields[i].format);
  }

  decode(run: DataRow, from: number, to: number, into: Row[]): void {
    const source = this.#sourceOf(run);
    const reading = this.#readingOf(run.format);
    const read = reading.reader(to - from);
    const offsets = this.#offsets;
    for (let row = from; row < to; row++) {
      run.locate(row, this.#fieldCount, offsets);
      into.push(read(source, offsets));
    }
    if (to >= run.count) this.#forget();
  }

  decodeOne(run: DataRow, row: number): Row {
    const source = this.#sourceOf(run);
    const read = this.#readingOf(run.format).reader(1);
    run.locate(row, this.#fieldCount, this.#offsets);
    const decoded = read(source, this.#offsets);
    if (row === run.count - 1) this.#forget();
    return decoded;
  }

  /** One source a run, also when its rows are asked for one by one. */
  #sourceOf(run: DataRow): FieldSource {
    if (run === this.#run) return this.#source!;
    this.#run = run;
    return this.#source = createFieldSource(run, this.#options);
  }

  /** A decoder may live as long as its statement; a chunk must not. */
  #forget(): void {
    this.#run = undefined;
    this.#source = undefined;
  }

  #readingOf(format: Format | undefined): RowReading<Row> {
    if (format === undefined) return this.#described;
    return this.#uniform[format] ??= new RowReading<Row>(this.#options, () => format);
  }
}

/** The reader of rows in certain formats: plain at first, generated when there are many. */
class RowReading<Row> {
  readonly #columns: Columns;
  #reader: RowReader<Row>;
  /** Rows to go before code is generated. */
  #countdown: number;

  constructor(options: RowDecoderOptions, formatOf: (column: number) => Format) {
    const { fields, registry, shape, generate } = options;
    this.#columns = {
      names: fields.map((field) => field.name),
      decoders: fields.map(({ typeOid }, i) =>
        shape === "raw" ? copyBytes : chooseDecode(registry, typeOid, formatOf(i))
      ),
      asObject: shape === "object",
    };
    this.#reader = plainRowReader(this.#columns) as RowReader<Row>;
    this.#countdown = generate === undefined ? GENERATE_AFTER_ROWS : Infinity;
    if (generate) this.#generate();
  }

  /** The reader for so many rows more. */
  reader(rows: number): RowReader<Row> {
    this.#countdown -= rows;
    if (this.#countdown < 0) {
      this.#countdown = Infinity;
      if (canGenerate()) this.#generate();
    }
    return this.#reader;
  }

  #generate(): void {
    this.#reader = generateRowReader(this.#columns) as RowReader<Row>;
  }
}

function chooseDecode(registry: TypeRegistry, typeOid: number, format: Format): Decode {
  const codec = registry.codec(typeOid);
  return format === 0 ? codec.decodeText : codec.decodeBinary ?? copyBytes;
}
