/**
 * Joins the results of all fetches of a cursor into one.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import { parseCommandTag } from "../../rows/command_tag.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { DataRow, FieldDescription } from "../../wire/backend_message.ts";
import type { StatementTypes } from "../types/statement_types.ts";
import type { ServerCursor } from "./server_cursor.ts";

/** Takes what each fetch yields. */
export class FetchedRows implements ResultSink {
  /** Of the session that the cursor is on. */
  types!: StatementTypes;
  /** What the last fetch gave. */
  fetched: { rows: number; bytes: number } = { rows: 0, bytes: 0 };
  failure: Error | undefined;
  readonly #sink: ResultSink;
  #described = false;
  #unknown: readonly number[] = [];
  /** On 2.0 types may turn out not to be known when rows come: these wait for the look-up. */
  #kept: (() => void)[] | undefined;
  #total = 0;
  #commandTag = "";

  constructor(sink: ResultSink) {
    this.#sink = sink;
  }

  /** A fetch begins. */
  begin(): void {
    this.fetched = { rows: 0, bytes: 0 };
  }

  /** A fetch has ended: now the session is free to look types up. Never rejects. */
  async finishFetch(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (!kept || this.failure) return;
    try {
      await this.types.lookUp(this.#unknown);
      for (const give of kept) give();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  description(fields: readonly FieldDescription[]): void | Promise<void> {
    if (this.#described) return;
    this.#described = true;
    this.#unknown = this.types.server.unknown(fields.map(({ typeOid }) => typeOid));
    if (this.#unknown.length === 0) return this.#sink.description(fields);
    this.#kept = [() => this.#sink.description(fields)];
  }

  rows(run: DataRow): void | Promise<void> {
    if (this.failure) return;
    this.fetched.rows += run.count;
    this.fetched.bytes += run.byteLength;
    this.#total += run.count;
    if (!this.#kept) return this.#sink.rows(run);
    this.#kept.push(() => void this.#sink.rows(run));
  }

  complete(commandTag: string): void {
    this.#commandTag = commandTag;
  }

  notice(fields: ErrorFields): void {
    this.#sink.notice(fields);
  }

  end(): void {}

  fail(error: Error): void {
    this.failure ??= error;
  }

  /** The tag of a fetch counts the rows of that fetch. */
  finish({ isDeclared }: ServerCursor): void {
    const { command, count } = parseCommandTag(this.#commandTag);
    if (!this.#described || count === undefined) return this.#sink.complete(this.#commandTag);
    const name = isDeclared ? "SELECT" : command; // There every tag is FETCH.
    this.#sink.complete(`${name} ${this.#total}`);
  }
}
