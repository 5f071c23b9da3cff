/**
 * Keeps the rows of a result that is wanted whole as bytes until their types are known, where
 * they are not known before the query is sent: on a first run, by the simple protocol, on 2.0.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { DataRow, FieldDescription } from "../../wire/backend_message.ts";
import type { StatementTypes } from "../types/statement_types.ts";

/** Stands before a sink that takes all rows at once, and looks types up when the session is free. */
export class DeferredSink implements ResultSink {
  readonly #sink: ResultSink;
  readonly #types: StatementTypes;
  readonly #unknown: number[] = [];
  /** What came since the first type that is not known; undefined while all are. */
  #kept: (() => void)[] | undefined;
  #finished: Promise<void> | undefined;

  constructor(sink: ResultSink, types: StatementTypes) {
    this.#sink = sink;
    this.#types = types;
  }

  /** True when the session is still needed behind the last reply. */
  get keeps(): boolean {
    return this.#kept !== undefined;
  }

  /** Resolves when the sink has everything; undefined when it had with the last reply. */
  get finished(): Promise<void> | undefined {
    return this.#finished;
  }

  description(fields: readonly FieldDescription[]): void {
    const unknown = this.#types.server.unknown(fields.map(({ typeOid }) => typeOid));
    if (unknown.length > 0) this.#kept ??= [];
    this.#unknown.push(...unknown);
    this.#take(() => this.#sink.description(fields));
  }

  rows(run: DataRow): void {
    this.#take(() => this.#sink.rows(run));
  }

  complete(commandTag: string): void {
    this.#take(() => this.#sink.complete(commandTag));
  }

  notice(fields: ErrorFields): void {
    this.#sink.notice(fields);
  }

  end(): void {
    if (this.#kept) this.#finished = this.#finish(this.#kept);
    else this.#sink.end();
  }

  fail(error: Error): void {
    this.#sink.fail(error);
  }

  #take(give: () => void): void {
    if (this.#kept) this.#kept.push(give);
    else give();
  }

  async #finish(kept: readonly (() => void)[]): Promise<void> {
    try {
      await this.#types.lookUp(this.#unknown);
    } catch (error) {
      return this.#sink.fail(error as Error);
    }
    for (const give of kept) give();
    this.#sink.end();
  }
}
