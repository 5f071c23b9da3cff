/**
 * A whole result in memory.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type { DataRow, FieldDescription } from "../wire/backend_message.ts";
import { parseCommandTag } from "./command_tag.ts";
import type { RowDecoder } from "./row_decoder.ts";

/** A server may send any number; `onNotice` gets them all. */
const MAX_NOTICES = 1000;

/** What the server says of a statement beside its rows. */
export interface RowListFacts<Row> {
  /** Rows that were selected or changed. */
  readonly count: number;
  /** The command tag without its numbers: `SELECT`, `INSERT`, `CREATE TABLE`, …. */
  readonly command: string;
  /** What the server says of each column. */
  readonly columns: readonly FieldDescription[];
  /** Notices that came with the query, the first thousand. */
  readonly notices: readonly ErrorFields[];
  /** Of all statements, where the query held several; the list itself is the last one's. */
  readonly statements: readonly RowList<Row>[];
}

/** The rows of one statement: an array, and what else the server said of it. */
export class RowList<Row> extends Array<Row> implements RowListFacts<Row> {
  // Getters of the class over one field: properties on each array cost a short query more
  // than all its rows (bench/latency_bench.ts).
  #facts: RowListFacts<Row> | undefined;

  /** What is made of a list, by `map` and the like, is a plain array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** @internal Made by a query. */
  static complete<Row>(list: RowList<Row>, facts: RowListFacts<Row>): void {
    list.#facts = facts;
  }

  /** Rows that were selected or changed. */
  get count(): number {
    return this.#facts!.count;
  }

  /** The command tag without its numbers: `SELECT`, `INSERT`, `CREATE TABLE`, …. */
  get command(): string {
    return this.#facts!.command;
  }

  /** What the server says of each column. */
  get columns(): readonly FieldDescription[] {
    return this.#facts!.columns;
  }

  /** Notices that came with the query. */
  get notices(): readonly ErrorFields[] {
    return this.#facts!.notices;
  }

  /** Of all statements, where the query held several; the list itself is the last one's. */
  get statements(): readonly RowList<Row>[] {
    return this.#facts!.statements;
  }
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
  #rows = new RowList<Row>();
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
    RowList.complete(this.#rows, {
      count: count ?? this.#rows.length,
      command,
      columns: this.#columns,
      notices: this.#notices,
      statements: this.#statements,
    });
    this.#statements.push(this.#rows);
    this.#rows = new RowList<Row>();
    this.#columns = [];
    this.#decoder = undefined;
  }

  /** Forgets what came: it will come again. */
  restart(): void {
    this.#notices.length = 0;
    this.#statements.length = 0;
    this.#rows = new RowList<Row>();
    this.#columns = [];
    this.#decoder = undefined;
    this.#failure = undefined;
  }

  notice(fields: ErrorFields): void {
    if (this.#notices.length < MAX_NOTICES) this.#notices.push(fields);
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
