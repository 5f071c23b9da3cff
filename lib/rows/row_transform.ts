/**
 * Rows as the user wants them: columns have other names, values and rows become others.
 *
 * @module
 */

import type { DataRow, FieldDescription } from "../wire/backend_message.ts";
import { createRowDecoder } from "./row_decoder.ts";
import type { RowDecoder, RowDecoderOptions } from "./row_decoder.ts";

/** What becomes of rows between their decoding and the user. */
export interface RowTransform {
  /** The name that a column's values have in rows; asked once for a decoder. */
  readonly columnFrom?: (name: string) => string;
  /** Gets each value that was decoded, null too, and the server's description of its column. */
  readonly valueFrom?: (value: unknown, column: FieldDescription) => unknown;
  /** Gets each row when it is complete, whatever its shape. */
  // deno-lint-ignore no-explicit-any -- as many types as there are queries
  readonly rowFrom?: (row: any) => unknown;
}

/**
 * Makes the decoder of a result whose rows are transformed. Where a function of `transform`
 * throws, decoding does, behind the rows that came before.
 */
export function createTransformingDecoder<Row = unknown>(
  options: RowDecoderOptions,
  transform: RowTransform,
): RowDecoder<Row> {
  return new TransformingDecoder<Row>(options, transform);
}

type Change = (row: unknown) => unknown;

interface Steps {
  readonly inner: RowDecoder;
  /** Absent: the rows of `inner` are as they are to be. */
  readonly change?: Change;
}

class TransformingDecoder<Row> implements RowDecoder<Row> {
  readonly #options: RowDecoderOptions;
  readonly #transform: RowTransform;
  /** Made with the first row: decoding may fail a query, the description of its rows may not. */
  #steps: Steps | undefined;

  constructor(options: RowDecoderOptions, transform: RowTransform) {
    this.#options = options;
    this.#transform = transform;
  }

  decode(run: DataRow, from: number, to: number, into: Row[]): void {
    const { inner, change } = this.#steps ??= createSteps(this.#options, this.#transform);
    if (change === undefined) return inner.decode(run, from, to, into);
    // One by one: where it throws, `into` has the rows before, and none that is half made.
    for (let row = from; row < to; row++) into.push(change(inner.decodeOne(run, row)) as Row);
  }

  decodeOne(run: DataRow, row: number): Row {
    const { inner, change } = this.#steps ??= createSteps(this.#options, this.#transform);
    const decoded = inner.decodeOne(run, row);
    return (change ? change(decoded) : decoded) as Row;
  }
}

function createSteps(options: RowDecoderOptions, transform: RowTransform): Steps {
  const { columnFrom, valueFrom, rowFrom } = transform;
  const { fields, shape } = options;
  const names = fields.map(({ name }) => columnFrom ? rename(name, columnFrom) : name);
  const inner = createRowDecoder({
    ...options,
    fields: fields.map((field, i) => ({ ...field, name: names[i] })),
  });
  if (valueFrom === undefined || shape === "raw") return { inner, change: rowFrom };
  // Of several columns of one name the last is in the row.
  const columns = new Map(fields.map((field, i) => [shape === "object" ? names[i] : i, field]));
  const changeValues = valuesChange([...columns], valueFrom);
  return { inner, change: rowFrom ? (row) => rowFrom(changeValues(row)) : changeValues };
}

function rename(name: string, columnFrom: (name: string) => string): string {
  const given: unknown = columnFrom(name);
  if (typeof given === "string") return given;
  throw new TypeError(
    `Cannot name a column: transform.column gave ${typeof given}, expected a string`,
  );
}

function valuesChange(
  columns: readonly (readonly [string | number, FieldDescription])[],
  valueFrom: NonNullable<RowTransform["valueFrom"]>,
): Change {
  return (row) => {
    const values = row as Record<string | number, unknown>;
    for (const [key, column] of columns) values[key] = valueFrom(values[key], column);
    return values;
  };
}
