/**
 * Results that stay in the server and come by fetches: as a portal of the extended protocol,
 * on 2.0 as a cursor of SQL.
 *
 * @module
 */

import { ExtendedRequest } from "../../session/extended_request.ts";
import { fetchUnit, portalUnit, sendUnit } from "../../session/execute.ts";
import { closePortal } from "../../session/portal.ts";
import { runCommand } from "../../session/command.ts";
import type { ResultRequest } from "../../session/result_request.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { BoundValue, Statement } from "../../session/statement.ts";
import { simpleQuery } from "../../session/simple_query.ts";
import type { RenderedSql } from "../../sql/fragment.ts";
import type { ExecutionContext } from "../query/execution_context.ts";
import { isDeclarable } from "./declarable.ts";
import { bindStatement, describe, describedUnit } from "../query/extended_plan.ts";
import { writeLiterals } from "../query/literal_query.ts";
import { saidTypeOid } from "../types/statement_types.ts";
import type { StatementTypes } from "../types/statement_types.ts";

/** A result that comes by fetches. */
export interface ServerCursor {
  /** True for a cursor of SQL. */
  readonly isDeclared: boolean;
  /** True when the server has it, or is about to. */
  readonly isOpen: boolean;
  /** Has up to so many rows more sent to the sink; the first call opens the cursor. */
  fetch(maxRows: number, sink: ResultSink): ResultRequest;
  /** True when there may be more rows than a fetch gave. */
  mayHaveMore(request: ResultRequest, rows: number, maxRows: number): boolean;
  close(): Promise<unknown>;
}

/** What a cursor is opened with. */
export interface CursorOptions {
  readonly context: ExecutionContext;
  readonly statement: RenderedSql;
  readonly name: string;
  readonly prepare: boolean;
  readonly asText: boolean;
  readonly signal: AbortSignal;
}

/**
 * Prepares a cursor; nothing is run before the first fetch.
 *
 * @throws {TypeError} when a value does not fit
 * @throws {DatabaseError} when the server does not take the query
 */
export async function openCursor(
  types: StatementTypes,
  options: CursorOptions,
): Promise<ServerCursor> {
  const { context, statement: rendered, name, prepare, asText, signal } = options;
  if (!types.session.protocol.capabilities.bindParameters) {
    if (!isDeclarable(rendered.text)) throw notDeclarable();
    const { text } = await writeLiterals(types, rendered, {
      known: context.parameterTypes,
      signal,
    });
    return new DeclaredCursor(types, name, text);
  }
  const { text, values } = rendered;
  const query = { query: text, typeOids: values.map(saidTypeOid) };
  const statement = prepare
    ? await types.session.statements.get(query, signal)
    : await describe(types, query, signal);
  const bound = await bindStatement(types, statement, { values, asText });
  return new Portal(types, { name, statement, ...bound });
}

interface PortalParts {
  readonly name: string;
  /** Without a name: it is parsed with the first fetch. */
  readonly statement: Statement;
  readonly values: BoundValue[];
  readonly fields: Statement["fields"];
}

class Portal implements ServerCursor {
  readonly isDeclared = false;
  readonly #types: StatementTypes;
  readonly #parts: PortalParts;
  #open = false;

  constructor(types: StatementTypes, parts: PortalParts) {
    this.#types = types;
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  fetch(maxRows: number, sink: ResultSink): ResultRequest {
    const { session } = this.#types;
    const { name: portal, statement, values, fields } = this.#parts;
    if (this.#open) {
      return sendUnit(session, fetchUnit(session, statement, { portal, maxRows, sink }));
    }
    this.#open = true;
    const options = { portal, maxRows, values, fields, sink };
    const unit = statement.name === ""
      ? describedUnit(this.#types, statement, options)
      : portalUnit(session, statement, options);
    return sendUnit(session, unit);
  }

  mayHaveMore(request: ResultRequest): boolean {
    return request instanceof ExtendedRequest && request.suspended;
  }

  close(): Promise<unknown> {
    return closePortal(this.#types.session, this.#parts.name);
  }
}

class DeclaredCursor implements ServerCursor {
  readonly isDeclared = true;
  readonly #types: StatementTypes;
  readonly #name: string;
  /** Until the cursor is declared. */
  #text: string | undefined;

  constructor(types: StatementTypes, name: string, text: string) {
    this.#types = types;
    this.#name = name;
    this.#text = text;
  }

  get isOpen(): boolean {
    return this.#text === undefined;
  }

  fetch(maxRows: number, sink: ResultSink): ResultRequest {
    const fetch = `fetch forward ${maxRows} from ${this.#name}`;
    // The line end closes a comment that the query may end in.
    const declaration = this.#text === undefined
      ? ""
      : `declare ${this.#name} no scroll cursor for ${this.#text}\n;\n`;
    this.#text = undefined;
    return simpleQuery(this.#types.session, declaration + fetch, sink);
  }

  mayHaveMore(_: ResultRequest, rows: number, maxRows: number): boolean {
    return rows === maxRows;
  }

  close(): Promise<unknown> {
    return runCommand(this.#types.session, `close ${this.#name}`);
  }
}

function notDeclarable(): TypeError {
  return new TypeError(
    "Cannot stream in portal mode: on 2.0 only what reads has a cursor, expected flow mode",
  );
}
