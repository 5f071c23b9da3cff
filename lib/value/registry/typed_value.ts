/**
 * Values whose type is said and not left to the server.
 *
 * @module
 */

import { catalogTypes } from "./catalog_types.ts";

/** A parameter with its type: what `sql.typed`, `sql.json` and `sql.array` give. */
export class TypedValue {
  /** As it was given. */
  readonly value: unknown;
  /** 0: the server infers it. */
  readonly typeOid: number;

  /** @internal Made by `sql`. */
  constructor(value: unknown, typeOid: number) {
    this.value = value;
    this.typeOid = typeOid;
  }
}

/** A type of pg_catalog by its name there or in SQL (`int4`, `integer`), or any by its OID. */
export type TypeName = string | number;

/** SQL's names of types that pg_type calls otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  bigint: "int8",
  "bit varying": "varbit",
  boolean: "bool",
  character: "bpchar",
  "character varying": "varchar",
  dec: "numeric",
  decimal: "numeric",
  "double precision": "float8",
  float: "float8",
  int: "int4",
  integer: "int4",
  real: "float4",
  smallint: "int2",
  "time with time zone": "timetz",
  "time without time zone": "time",
  "timestamp with time zone": "timestamptz",
  "timestamp without time zone": "timestamp",
};

/**
 * The OID of a type: `int4`, `double precision`, `text[]`.
 *
 * @throws {TypeError} when it is no type of pg_catalog
 */
export function typeOidOf(type: TypeName): number {
  if (typeof type === "number") return type;
  const isArray = type.endsWith("[]");
  const written = (isArray ? type.slice(0, -2) : type).trim().toLowerCase();
  const name = Object.hasOwn(ALIASES, written) ? ALIASES[written] : written;
  const found = catalogTypes.find((entry) => entry.name === name);
  const oid = isArray ? found?.arrayOid : found?.oid;
  if (oid !== undefined) return oid;
  throw new TypeError(`Cannot use type "${type}": it is none of pg_catalog, expected its OID`);
}

/** The OID of the arrays of a type; of an array type that itself. */
export function arrayOidOf(type: TypeName): number {
  const oid = typeOidOf(type);
  if (catalogTypes.some(({ arrayOid }) => arrayOid === oid)) return oid;
  const found = catalogTypes.find((entry) => entry.oid === oid);
  // An OID that is not of pg_catalog: who gives it knows the arrays of his own types.
  if (found === undefined) return oid;
  if (found.arrayOid !== undefined) return found.arrayOid;
  throw new TypeError(`Cannot make an array of type "${found.name}": there is no such type`);
}
