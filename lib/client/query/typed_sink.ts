/**
 * Has the types of a result looked up before its rows are read, where they are not known
 * before the query is sent: on the simple protocol and on 2.0.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { DataRow, FieldDescription } from "../../wire/backend_message.ts";

/** What the sink is made with. */
export interface TypedSinkOptions {
  readonly sink: ResultSink;
  /** Makes types known; undefined when they are. */
  readonly lookUp: (oids: readonly number[]) => Promise<void> | undefined;
  /** Called when nobody can read what follows. */
  readonly onFailure: () => void;
}

/** Stands before another sink. A look-up that fails fails this query, not its connection. */
export class TypedSink implements ResultSink {
  readonly #options: TypedSinkOptions;
  #failure: { readonly error: Error } | undefined;

  constructor(options: TypedSinkOptions) {
    this.#options = options;
  }

  description(fields: readonly FieldDescription[]): void | Promise<void> {
    const { sink, lookUp } = this.#options;
    const lookingUp = this.#failure ? undefined : lookUp(fields.map(({ typeOid }) => typeOid));
    if (lookingUp === undefined) return sink.description(fields);
    return lookingUp.then(() => sink.description(fields), (error) => this.#fail(error));
  }

  rows(run: DataRow): void | Promise<void> {
    if (!this.#failure) return this.#options.sink.rows(run);
  }

  complete(commandTag: string): void {
    if (!this.#failure) this.#options.sink.complete(commandTag);
  }

  notice(fields: ErrorFields): void {
    this.#options.sink.notice(fields);
  }

  end(): void {
    if (this.#failure) this.#options.sink.fail(this.#failure.error);
    else this.#options.sink.end();
  }

  fail(error: Error): void {
    this.#options.sink.fail(this.#failure?.error ?? error);
  }

  #fail(error: Error): void {
    this.#failure = { error };
    this.#options.onFailure();
  }
}
