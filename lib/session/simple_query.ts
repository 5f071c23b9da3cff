/**
 * The simple query protocol: one text, any number of statements, rows as text.
 *
 * @module
 */

import { ResultRequest } from "./result_request.ts";
import type { ResultSink } from "./result_sink.ts";
import type { Session } from "./session.ts";

/** Sends a query, whose results go to the sink. */
export function simpleQuery(session: Session, query: string, sink: ResultSink): ResultRequest {
  const request = new ResultRequest({ session, query, sink });
  session.send([{ kind: "Query", query }], request);
  return request;
}
