/**
 * Asks a server what types are, in one query.
 *
 * @module
 */

import type { Session } from "../../session/session.ts";
import type { TypeDescription } from "../../value/registry/type_description.ts";
import { fetchRows } from "./fetch_rows.ts";
import type { ResultPlans } from "./result_plans.ts";

interface TypeRow {
  readonly oid: number;
  readonly name: string;
  readonly schema: string;
  readonly kind: string;
  readonly arrayOid: number;
  readonly delimiter: string;
  readonly base: number;
  readonly rangeOf: number | null;
  readonly multirangeOf: number | null;
  readonly attributeNames: readonly string[];
  readonly attributeTypes: readonly number[];
}

/**
 * The types of these OIDs and all that they are made of: elements, bounds, attributes, what
 * is below a domain. The array types among them come as the types of their elements.
 *
 * @throws {DatabaseError} when the catalogue cannot be read
 */
export async function lookUpTypes(
  session: Session,
  oids: readonly number[],
  plans: ResultPlans,
): Promise<TypeDescription[]> {
  const rows = await fetchRows<TypeRow>(session, lookUpQuery(oids), { plans });
  return rows.map(describe);
}

function describe(row: TypeRow): TypeDescription {
  const { oid, name, schema, kind, arrayOid, delimiter, base, rangeOf, multirangeOf } = row;
  return {
    oid,
    name,
    ...(schema !== "pg_catalog" && { schema }),
    ...(arrayOid !== 0 && { arrayOid }),
    ...(delimiter !== "," && { delimiter }),
    ...(kind === "d" && { domainOf: base }),
    ...(kind === "e" && { isEnum: true }),
    ...(rangeOf !== null && { rangeOf }),
    ...(multirangeOf !== null && { multirangeOf }),
    ...(kind === "c" && { attributes: attributesOf(row) }),
  };
}

function attributesOf({ attributeNames, attributeTypes }: TypeRow): TypeDescription["attributes"] {
  return attributeNames.map((name, i) => ({ name, typeOid: attributeTypes[i] }));
}

/**
 * One text for all servers from 9.3 on: pg_range has its column for multiranges since 14, so
 * that one is read by way of JSON.
 */
function lookUpQuery(oids: readonly number[]): string {
  const attributes = "from pg_catalog.pg_attribute a where a.attrelid = t.typrelid " +
    "and a.attnum > 0 and not a.attisdropped and t.typrelid <> 0";
  const multirangeOf = "select r.rngtypid from pg_catalog.pg_range r where t.typtype = 'm' " +
    "and (pg_catalog.row_to_json(r)->>'rngmultitypid')::pg_catalog.oid = t.oid";
  const rangeOf = "select r.rngsubtype from pg_catalog.pg_range r where r.rngtypid = t.oid";
  return `
    with recursive needed(oid) as (
      select unnest('{${oids.join()}}'::pg_catalog.oid[])
      union
      select member.oid
      from needed
      join pg_catalog.pg_type t on t.oid = needed.oid
      cross join lateral (
        select t.typelem union all select t.typbasetype
        union all ${rangeOf} union all ${multirangeOf}
        union all select a.atttypid ${attributes}
      ) as member(oid)
      where member.oid <> 0
    )
    select t.oid, t.typname as name, n.nspname as schema, t.typtype as kind,
      t.typarray as "arrayOid", t.typdelim as delimiter, t.typbasetype as base,
      (${rangeOf}) as "rangeOf", (${multirangeOf}) as "multirangeOf",
      array(select a.attname::text ${attributes} order by a.attnum) as "attributeNames",
      array(select a.atttypid ${attributes} order by a.attnum) as "attributeTypes"
    from needed
    join pg_catalog.pg_type t on t.oid = needed.oid
    join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where not exists (select from pg_catalog.pg_type e where e.typarray = t.oid)`;
}
