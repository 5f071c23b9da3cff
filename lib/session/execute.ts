/**
 * Bind and Execute, with or without Parse and Describe before them: the units of the
 * extended query protocol. Each ends in a Sync of its own, or shares one in a pipeline.
 *
 * @module
 */

import type { FieldDescription } from "../wire/backend_message.ts";
import type { Bind, FrontendMessage } from "../wire/frontend_message.ts";
import type { Format } from "../wire/message.ts";
import { ExtendedRequest } from "./extended_request.ts";
import type { ResultRequest } from "./result_request.ts";
import type { ResultSink } from "./result_sink.ts";
import type { Session } from "./session.ts";
import type { BoundValue, Statement, TypedQuery } from "./statement.ts";

/** Messages that belong together, without what ends them, and who takes the replies. */
export interface Unit<Replies extends ResultRequest = ResultRequest> {
  readonly messages: readonly FrontendMessage[];
  readonly request: Replies;
}

/** The whole result at once. */
export const ALL_ROWS: FetchOptions = { portal: "", maxRows: 0 };

/** What a prepared statement is executed with. */
export interface ExecuteOptions {
  readonly values: readonly BoundValue[];
  /** {@linkcode Statement.fields}, each with the format it is wanted in. */
  readonly fields: readonly FieldDescription[];
  readonly sink: ResultSink;
}

/** Which portal, and how many rows at the most; 0: all. */
export interface FetchOptions {
  /** Empty: the unnamed one, which ends with its unit. */
  readonly portal: string;
  readonly maxRows: number;
}

/** What a portal is opened with. */
export interface PortalOptions extends ExecuteOptions, FetchOptions {}

/** What a statement is parsed and executed with, all at once. */
export interface ParseAndExecuteOptions extends FetchOptions {
  /** Empty: the unnamed statement. */
  readonly name: string;
  readonly values: readonly BoundValue[];
  /** What each column is asked for in; empty: all as text. */
  readonly resultFormats: readonly Format[];
  readonly sink: ResultSink;
  /** Called when the server has described the statement. */
  readonly onDescribed?: (statement: Statement) => void;
}

/** Executes a prepared statement; its rows go to the sink. */
export function executeUnit(session: Session, statement: Statement, options: ExecuteOptions): Unit {
  return portalUnit(session, statement, { ...options, ...ALL_ROWS });
}

/** Opens a portal over a prepared statement and fetches its first rows. */
export function portalUnit(
  session: Session,
  statement: Statement,
  { portal, maxRows, values, fields, sink }: PortalOptions,
): Unit<ExtendedRequest> {
  const { name, query } = statement;
  const resultFormats = fields.map((field) => field.format);
  const steps = ["bind", "execute"] as const;
  return {
    messages: [
      bind({ portal, statement: name, values, resultFormats }),
      { kind: "Execute", portal, maxRows },
    ],
    request: new ExtendedRequest({ session, query, sink, statement, fields, steps }),
  };
}

/** Fetches more rows of a portal. */
export function fetchUnit(
  session: Session,
  statement: Statement,
  { portal, maxRows, sink }: FetchOptions & Pick<ExecuteOptions, "sink">,
): Unit<ExtendedRequest> {
  const { query } = statement;
  return {
    messages: [{ kind: "Execute", portal, maxRows }],
    request: new ExtendedRequest({ session, query, sink, statement, steps: ["execute"] }),
  };
}

/** Prepares, binds and executes without waiting for what the server says of the types. */
export function parseAndExecuteUnit(
  session: Session,
  { query, typeOids }: TypedQuery,
  { name, portal, maxRows, values, resultFormats, sink, onDescribed }: ParseAndExecuteOptions,
): Unit<ExtendedRequest> {
  return {
    messages: [
      { kind: "Parse", statement: name, query, typeOids },
      { kind: "Describe", target: "S", name },
      bind({ portal, statement: name, values, resultFormats }),
      { kind: "Execute", portal, maxRows },
    ],
    request: new ExtendedRequest({
      session,
      query,
      sink,
      name,
      resultFormats,
      onDescribed,
      steps: ["parse", "describe", "bind", "execute"],
    }),
  };
}

/** Sends a unit with a Sync of its own. */
export function sendUnit<Replies extends ResultRequest>(
  session: Session,
  { messages, request }: Unit<Replies>,
): Replies {
  session.send([...messages, { kind: "Sync" }], request);
  return request;
}

function bind(
  { portal, statement, values, resultFormats }:
    & Pick<Bind, "portal" | "statement" | "resultFormats">
    & { readonly values: readonly BoundValue[] },
): Bind {
  return {
    kind: "Bind",
    portal,
    statement,
    parameterFormats: values.map((value) => value.format),
    parameters: values.map((value) => value.bytes),
    resultFormats,
  };
}
