/**
 * A whole result in memory.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type { DataRow, FieldDescription } from "../wire/backend_message.ts";
import { parseCommandTag } from "./command_tag.ts";
import type { RowDecoder } from "./row_decoder.ts";

/** The rows of one statement: an array, and what else the server said of it. */
export interface RowList<Row> extends Array<Row> {
  /** Rows that were selected or changed. */
  count: number;
  /** The command tag without its numbers: `SELECT`, `INSERT`, `CREATE TABLE`, …. */
  command: string;
  /** What the server says of each column. */
  columns: readonly FieldDescription[];
  /** Notices that came with the query. */
  notices: readonly ErrorFields[];
  /** Of all statements, where the query held several; the list itself is the last one's. */
  statements: readonly RowList<Row>[];
}

/** What a collector is made with. */
export interface RowCollectorOptions<Row> {
  readonly decoderFor: (fields: readonly FieldDescription[]) => RowDecoder<Row>;
  readonly resolve: (rows: RowList<Row>) => void;
  readonly reject: (error: unknown) => void;
}

/** Collects what a query yields; takes part in a session as its result sink. */
export class RowCollector<Row> {
  readonly #options: RowCollectorOptions<Row>;
  readonly #notices: ErrorFields[] = [];
  readonly #statements: RowList<Row>[] = [];
  #rows: Row[] = [];
  #columns: readonly FieldDescription[] = [];
  #decoder: RowDecoder<Row> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: RowCollectorOptions<Row>) {
    this.#options = options;
  }

  description(fields: readonly FieldDescription[]): void {
    this.#columns = fields;
    this.#decoder = this.#options.decoderFor(fields);
  }

  rows(run: DataRow): void {
    if (this.#failure) return;
    try {
      this.#decoder!.decode(run, 0, run.count, this.#rows);
    } catch (error) {
      // A value that cannot be decoded fails this query, not its connection.
      this.#failure = { error };
    }
  }

  complete(tag: string): void {
    const { command, count } = parseCommandTag(tag);
    const list = Object.assign(this.#rows, {
      count: count ?? this.#rows.length,
      command,
      columns: this.#columns,
      notices: this.#notices,
      statements: this.#statements,
    });
    for (const name of ["count", "command", "columns", "notices", "statements"]) {
      Object.defineProperty(list, name, { enumerable: false });
    }
    this.#statements.push(list);
    this.#rows = [];
    this.#columns = [];
    this.#decoder = undefined;
  }

  notice(fields: ErrorFields): void {
    this.#notices.push(fields);
  }

  end(): void {
    if (this.#failure) return this.#options.reject(this.#failure.error);
    if (this.#statements.length === 0) this.complete("");
    this.#options.resolve(this.#statements.at(-1)!);
  }

  fail(error: unknown): void {
    this.#options.reject(this.#failure ? this.#failure.error : error);
  }
}
