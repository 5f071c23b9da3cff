/**
 * Stands between the session and a sink, and hands on what it does not look at.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { DataRow, FieldDescription } from "../../wire/backend_message.ts";

/** Hands everything on. */
export abstract class ForwardingSink implements ResultSink {
  protected readonly sink: ResultSink;

  constructor(sink: ResultSink) {
    this.sink = sink;
  }

  description(fields: readonly FieldDescription[]): void | Promise<void> {
    return this.sink.description(fields);
  }

  rows(run: DataRow): void | Promise<void> {
    return this.sink.rows(run);
  }

  complete(commandTag: string): void {
    this.sink.complete(commandTag);
  }

  notice(fields: ErrorFields): void {
    this.sink.notice(fields);
  }

  end(): void {
    this.sink.end();
  }

  fail(error: Error): void {
    this.sink.fail(error);
  }
}
