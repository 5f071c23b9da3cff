/**
 * What the server says of a result beside its rows, for results whose rows are not collected.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type { DataRow, FieldDescription } from "../wire/backend_message.ts";
import { parseCommandTag } from "./command_tag.ts";
import { LazyPromise } from "./lazy_promise.ts";

/** A server may send any number; `onNotice` gets them all. */
const MAX_NOTICES = 1000;

/** What the server said of one statement. */
interface StatementFacts {
  readonly command: string;
  readonly count: number;
  readonly columns: readonly FieldDescription[];
}

/** What is known of a result when nothing more comes. Of several statements: the last. */
export interface StreamSummary {
  /**
   * The command tag without its numbers: `SELECT`, `INSERT`, `CREATE TABLE`, …; empty for an
   * empty query, and when the statement did not come to its end.
   */
  readonly command: string;
  /** Rows that were selected or changed; of a statement without an end, those that arrived. */
  readonly count: number;
  /** What the server says of each column; empty for a statement without rows. */
  readonly columns: readonly FieldDescription[];
  /** Notices that came with the query, the first thousand. */
  readonly notices: readonly ErrorFields[];
  /** False when the stream was left before the server was done. */
  readonly complete: boolean;
}

/**
 * Keeps the facts of one query. Takes part in a session beside a queue of its rows; of `end`,
 * `fail` and `left` the first counts.
 */
export class ResultFacts {
  readonly #notices: ErrorFields[] = [];
  readonly #columns = new LazyPromise<readonly FieldDescription[]>();
  readonly #summary = new LazyPromise<StreamSummary>();
  #statement: StatementFacts = { command: "", count: 0, columns: [] };
  #described = false;
  /** Rows of the statement that is described and not complete; undefined between statements. */
  #arrived: number | undefined;

  /** True once it is known whether there are columns, and which. */
  get described(): boolean {
    return this.#described;
  }

  /** The columns of the first statement that has some; empty when none has. */
  get columns(): Promise<readonly FieldDescription[]> {
    return this.#columns.promise;
  }

  /** All facts, when nothing more comes; rejects as the query does. */
  get summary(): Promise<StreamSummary> {
    return this.#summary.promise;
  }

  description(columns: readonly FieldDescription[]): void {
    this.#described = true;
    this.#statement = { command: "", count: 0, columns };
    this.#arrived = 0;
    this.#columns.settle({ value: columns });
  }

  rows(run: DataRow): void {
    this.#arrived! += run.count;
  }

  complete(tag: string): void {
    // Not every tag has a count: SHOW and EXPLAIN yield rows and do not say how many.
    const { command, count = this.#arrived ?? 0 } = parseCommandTag(tag);
    const columns = this.#arrived === undefined ? [] : this.#statement.columns;
    this.#statement = { command, count, columns };
    this.#arrived = undefined;
  }

  notice(fields: ErrorFields): void {
    if (this.#notices.length < MAX_NOTICES) this.#notices.push(fields);
  }

  /** The server is done. */
  end(): void {
    this.#settle(true);
  }

  /** The query failed, or was aborted. */
  fail(error: unknown): void {
    this.#columns.settle({ error });
    this.#summary.settle({ error });
  }

  /** Nothing more comes, for the reader wanted no more: no failure. */
  left(): void {
    this.#settle(false);
  }

  #settle(complete: boolean): void {
    const { command, columns, count } = this.#statement;
    this.#columns.settle({ value: [] });
    this.#summary.settle({
      value: { command, count: this.#arrived ?? count, columns, notices: this.#notices, complete },
    });
  }
}
