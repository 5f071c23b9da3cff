/**
 * Between the session and a stream: rows go to the queue, what the server says beside them to
 * who keeps it.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import type { ResultFacts } from "../../rows/result_facts.ts";
import type { ResultQueue } from "../../rows/result_queue.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { DataRow, FieldDescription } from "../../wire/backend_message.ts";

/** Who hears of a stream beside its reader. */
export interface StreamEvents {
  readonly describe: () => void;
  readonly fail: (error: unknown) => void;
}

/** Takes the result of a query that is streamed. */
export class StreamSink implements ResultSink {
  readonly #queue: ResultQueue<unknown>;
  readonly #facts: ResultFacts;
  readonly #events: StreamEvents;

  constructor(queue: ResultQueue<unknown>, facts: ResultFacts, events: StreamEvents) {
    this.#queue = queue;
    this.#facts = facts;
    this.#events = events;
  }

  description(fields: readonly FieldDescription[]): void {
    this.#events.describe();
    this.#facts.description(fields);
    this.#queue.description(fields);
  }

  rows(run: DataRow): void | Promise<void> {
    this.#facts.rows(run);
    return this.#queue.push(run);
  }

  complete(commandTag: string): void {
    this.#events.describe(); // There may have been nothing to describe.
    this.#facts.complete(commandTag);
  }

  notice(fields: ErrorFields): void {
    this.#facts.notice(fields);
  }

  end(): void {
    if (this.#queue.left) this.#facts.left();
    else this.#facts.end();
    this.#queue.end();
  }

  fail(error: Error): void {
    this.#events.fail(error);
    if (this.#queue.left) this.#facts.left();
    else this.#facts.fail(error);
    this.#queue.end({ error });
  }
}
