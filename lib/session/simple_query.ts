/**
 * The simple query protocol: one text, any number of statements, rows as text.
 *
 * @module
 */

import type { BackendMessage } from "../wire/backend_message.ts";
import { ResultRequest } from "./result_request.ts";
import type { ResultSink } from "./result_sink.ts";
import type { Session } from "./session.ts";

/** Sends a query, whose results go to the sink. */
export function simpleQuery(session: Session, query: string, sink: ResultSink): ResultRequest {
  const request = new SimpleRequest({ session, query, sink });
  session.send([{ kind: "Query", query }], request);
  return request;
}

/** Takes the results of each statement of a text. */
export class SimpleRequest extends ResultRequest {
  protected readonly state = "a simple query";
  protected readonly extended = false;

  receive(message: BackendMessage): void | Promise<void> {
    if (message.kind === "RowDescription") {
      this.rowsMayCome = true;
      return this.sink.description(message.fields);
    }
    if (message.kind === "CursorResponse") return;
    return this.receiveResult(message);
  }
}
