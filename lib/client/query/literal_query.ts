/**
 * A query where there are no bind parameters (2.0): its values stand in the text as literals
 * of the types that the server infers.
 *
 * @module
 */

import type { Session } from "../../session/session.ts";
import type { RenderedSql } from "../../sql/fragment.ts";
import { interpolate } from "../../value/literal/interpolate.ts";
import type { LiteralOptions } from "../../value/literal/literal.ts";
import { isPreparable } from "../../value/literal/preparable.ts";
import { formatParameter } from "../../value/parameter.ts";
import type { ParameterTypes } from "../types/parameter_types.ts";
import { checkCount, saidTypeOid } from "../types/statement_types.ts";
import type { StatementTypes } from "../types/statement_types.ts";

/** A query without parameters, made of one with some. */
export interface LiteralQuery {
  readonly text: string;
  /** The types that the values were written as. */
  readonly oids: readonly number[];
}

/** Where the types of parameters are known from, and what ends the asking. */
export interface Inference {
  readonly known: ParameterTypes;
  readonly signal: AbortSignal;
}

/**
 * The text with its values in their places.
 *
 * @throws {TypeError} when a value does not fit
 * @throws {DatabaseError} when the server does not take the query
 */
export async function writeLiterals(
  types: StatementTypes,
  { text, values }: RenderedSql,
  inference: Inference,
): Promise<LiteralQuery> {
  if (values.length === 0) return { text, oids: [] };
  const { registry } = types.server;
  const options = literalOptions(types.session);
  let oids: readonly number[] = values.map(saidTypeOid);
  if (isPreparable(text, options)) {
    oids = await inferTypes(types, { text, values }, inference);
    checkCount(oids, values);
    await types.lookUp(oids);
  }
  const placed = types.parameters(values, oids).map((parameter) => ({
    text: formatParameter(registry, parameter),
    typeName: registry.sqlName(parameter.typeOid),
  }));
  return { text: interpolate(text, placed, options), oids };
}

/** How the server of a session reads literals. */
export function literalOptions({ parameters }: Session): LiteralOptions {
  return { standardConformingStrings: parameters.get("standard_conforming_strings") === "on" };
}

/**
 * The types of the parameters: those that are said, and those that the server infers.
 *
 * @throws {DatabaseError} when the server does not take the query
 */
export function inferTypes(
  { session, server }: StatementTypes,
  { text, values }: RenderedSql,
  { known, signal }: Inference,
): Promise<readonly number[]> {
  const said = values.map(saidTypeOid);
  const typeNames = said.some((oid) => oid !== 0)
    ? said.map((oid) => server.registry.sqlName(oid) ?? "unknown")
    : [];
  return known.get(session, text, { typeNames, plans: server.plain, signal });
}
