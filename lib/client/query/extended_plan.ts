/**
 * How a query goes out on the extended protocol: with a statement that is prepared, with one
 * that it prepares on its way, or with none that lasts.
 *
 * @module
 */

import { DatabaseError } from "../../errors.ts";
import { cancelOnAbort } from "../../session/cancel_on_abort.ts";
import { ALL_ROWS, executeUnit, parseAndExecuteUnit } from "../../session/execute.ts";
import type { PortalOptions, Unit } from "../../session/execute.ts";
import { ExtendedRequest } from "../../session/extended_request.ts";
import { prepare } from "../../session/prepare.ts";
import type { ResultRequest } from "../../session/result_request.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { BoundValue, Statement, TypedQuery } from "../../session/statement.ts";
import type { RenderedSql } from "../../sql/fragment.ts";
import { isGuessable, isSaid } from "./guess.ts";
import { formatParameter } from "../../value/parameter.ts";
import { checkCount, saidTypeOid } from "../types/statement_types.ts";
import type { StatementTypes } from "../types/statement_types.ts";

/** A query that is ready to be sent. */
export interface Plan {
  /** True when the types of the columns are known, and their codecs. */
  readonly isTyped: boolean;
  /** Makes what is sent; what it gives must be sent. */
  readonly makeUnit: (sink: ResultSink) => Unit;
  /** To be called in place of `makeUnit` when the query is not sent after all. */
  readonly abandon?: () => void;
  /** True when a failure may be one of the plan, not of the query, and nothing was done. */
  readonly mayHeal: (error: Error, request: ResultRequest) => boolean;
  /** Forgets what the plan was made of, so that the next is another. */
  readonly renew: () => void;
}

/** How a query may go out. */
export interface PlanOptions {
  /** False: no statement that lasts, all in one unit. */
  readonly prepare: boolean;
  /** True: values may be sent before their types are known, where they mean the same. */
  readonly guess: boolean;
  /** True: columns are wanted in their text form, whatever their types. */
  readonly asText: boolean;
  /** False: a statement that another query prepares on its way must not be waited for. */
  readonly mayWait: boolean;
  readonly signal: AbortSignal;
}

/**
 * Makes the plan of a query.
 *
 * @throws {TypeError} when a value does not fit
 * @throws {DatabaseError} when the server does not take the query
 */
export async function planExtended(
  types: StatementTypes,
  { text, values }: RenderedSql,
  options: PlanOptions,
): Promise<Plan> {
  const query = { query: text, typeOids: values.map(saidTypeOid) };
  const { statements } = types.session;
  const isOnItsWay = statements.has(query) && !statements.isReady(query);
  const prepare = options.prepare && (options.mayWait || !isOnItsWay);
  const known = prepare ? statements.has(query) : types.server.descriptions.has(query);
  if (!known && options.guess && mayGuess(types, { text, values })) {
    return guessingPlan(types, query, { values, prepare });
  }
  if (!prepare) return await unpreparedPlan(types, query, { values, ...options });
  const statement = await statements.get(query, options.signal);
  const bound = await bindStatement(types, statement, { values, asText: options.asText });
  options.signal.throwIfAborted();
  return {
    isTyped: true,
    makeUnit: (sink) => executeUnit(types.session, statement, { ...bound, sink }),
    mayHeal: (error, request) => isRefusedBind(error, request),
    renew: () => statements.drop(statement),
  };
}

/** A prepared statement's values, encoded, and its columns, each in the format to ask for. */
export async function bindStatement(
  types: StatementTypes,
  statement: Statement,
  { values, asText }: Pick<PlanOptions, "asText"> & { readonly values: readonly unknown[] },
): Promise<{ values: BoundValue[]; fields: Statement["fields"] }> {
  const { parameterOids, fields } = statement;
  checkCount(parameterOids, values);
  const lookingUp = types.lookUp([...parameterOids, ...fields.map(({ typeOid }) => typeOid)]);
  if (lookingUp) await lookingUp; // Not a turn later when all is known, as nearly always.
  return {
    values: types.encode(values, parameterOids),
    // The server described them as text, for want of a Bind.
    fields: asText ? fields : types.server.plans.fields(statement),
  };
}

/** In a transaction a guess that the server refuses would end it: there only what is said is sent. */
function mayGuess(types: StatementTypes, { text, values }: RenderedSql): boolean {
  if (!types.mayBeInTransaction) return isGuessable(values, types);
  const hasMore = text.includes(`$${values.length + 1}`); // Of a text with numbers of its own.
  return !hasMore && isSaid(values);
}

function guessingPlan(
  types: StatementTypes,
  query: TypedQuery,
  { values, prepare }: { readonly values: readonly unknown[]; readonly prepare: boolean },
): Plan {
  const { session, server } = types;
  const bound = types.encode(values, query.typeOids);
  const adoption = prepare ? session.statements.adopt(query) : undefined;
  let described: Statement | undefined;
  const abandon = () => adoption?.reject(new Error("The query that was to prepare it failed"));
  return {
    isTyped: false,
    abandon,
    makeUnit(sink) {
      const unit = parseAndExecuteUnit(session, query, {
        ...ALL_ROWS,
        name: adoption?.name ?? "",
        values: bound,
        resultFormats: [],
        sink,
        onDescribed(statement) {
          described = statement;
          adoption?.resolve(statement);
          if (!prepare) server.descriptions.set(query, statement);
        },
      });
      unit.request.settled.then(abandon); // Which is too late where it was described.
      return unit;
    },
    mayHeal(error, request) {
      if (failedAt(request) === "bind" && described) return !isAsTyped(types, values, described);
      return adoption !== undefined && session.statements.yieldsName(adoption.name, error);
    },
    renew() {}, // What is known of the statement by now is not a guess.
  };
}

/** True when the values would be sent as the same texts now that their types are known. */
function isAsTyped(
  types: StatementTypes,
  values: readonly unknown[],
  { parameterOids }: Statement,
): boolean {
  if (parameterOids.length !== values.length) return false;
  try {
    const parameters = types.parameters(values, parameterOids);
    return parameters.every((one) => {
      const text = formatParameter(types.server.registry, one);
      return typeof one.value !== "string" || text === one.value;
    });
  } catch {
    return false; // It is none of its type, which says more than the server did.
  }
}

/** Types and columns are known from an earlier run, or asked for in a unit before this one. */
async function unpreparedPlan(
  types: StatementTypes,
  query: TypedQuery,
  { signal, ...options }: Pick<PlanOptions, "signal" | "asText"> & {
    readonly values: readonly unknown[];
  },
): Promise<Plan> {
  const statement = await describe(types, query, signal);
  const bound = await bindStatement(types, statement, options);
  signal.throwIfAborted();
  return {
    isTyped: false, // The columns may have become others since.
    makeUnit: (sink) => describedUnit(types, statement, { ...bound, ...ALL_ROWS, sink }),
    mayHeal: (error, request) => {
      const { code = "" } = error as Partial<DatabaseError>;
      // XX000: of a type that was dropped, whose OID was said.
      const misfits = failedAt(request) === "parse" && /^(?:42|XX000)/.test(code);
      return misfits || isRefusedBind(error, request);
    },
    renew: () => types.server.descriptions.delete(query),
  };
}

/**
 * Parses a statement that was described before, and opens a portal over it, in one unit. With
 * its types said it is the statement that was described, whatever server this is now.
 */
export function describedUnit(
  { session }: StatementTypes,
  { query, parameterOids }: Statement,
  { fields, ...options }: PortalOptions,
): Unit<ExtendedRequest> {
  const resultFormats = fields.map(({ format }) => format);
  const typed = { query, typeOids: parameterOids };
  return parseAndExecuteUnit(session, typed, { ...options, name: "", resultFormats });
}

/** What is known of a statement, or what the server says of it in a unit of its own. */
export async function describe(
  { session, server }: StatementTypes,
  query: TypedQuery,
  signal: AbortSignal,
): Promise<Statement> {
  const known = server.descriptions.get(query);
  if (known) return known;
  const preparation = prepare(session, "", query);
  const cancel = () => session.cancel(preparation);
  const statement = await cancelOnAbort(preparation.statement, { cancel, signal });
  server.descriptions.set(query, statement);
  return statement;
}

/**
 * Of a Bind that is refused for what it brings: the statement is stale, or the values are none of
 * the types of its parameters, which may have become others. Bind can fail for the query's own
 * sake as well, since it plans the query.
 */
const REFUSALS: readonly string[] = [
  "08P01", // Another number of parameters or formats.
  "0A000", // cached plan must not change result type
  "22003",
  "22007",
  "22008",
  "22P02",
  "22P03",
  "26000", // No such statement.
];

function isRefusedBind(error: Error, request: ResultRequest): boolean {
  return error instanceof DatabaseError && failedAt(request) === "bind" &&
    REFUSALS.includes(error.code ?? "");
}

function failedAt(request: ResultRequest): string | undefined {
  return request instanceof ExtendedRequest ? request.step : undefined;
}
