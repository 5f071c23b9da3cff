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

/**
 * The text with its values in their places.
 *
 * @throws {TypeError} when a value does not fit
 * @throws {DatabaseError} when the server does not take the query
 */
export async function writeLiterals(
  types: StatementTypes,
  { text, values }: RenderedSql,
  known: ParameterTypes,
): Promise<string> {
  if (values.length === 0) return text;
  const { registry } = types.server;
  const options = literalOptions(types.session);
  const oids = isPreparable(text, options)
    ? await inferTypes(types, { text, values }, known)
    : values.map(saidTypeOid);
  const placed = types.parameters(values, oids).map((parameter) => ({
    text: formatParameter(registry, parameter),
    typeName: registry.sqlName(parameter.typeOid),
  }));
  return interpolate(text, placed, options);
}

/** How the server of a session reads literals. */
export function literalOptions({ parameters }: Session): LiteralOptions {
  return { standardConformingStrings: parameters.get("standard_conforming_strings") === "on" };
}

async function inferTypes(
  types: StatementTypes,
  { text, values }: RenderedSql,
  known: ParameterTypes,
): Promise<readonly number[]> {
  const { registry, plain } = types.server;
  const said = values.map(saidTypeOid);
  const typeNames = said.some((oid) => oid !== 0)
    ? said.map((oid) => registry.sqlName(oid) ?? "unknown")
    : [];
  const oids = await known.get(types.session, text, { typeNames, plans: plain });
  checkCount(oids, values);
  await types.lookUp(oids);
  return oids;
}
