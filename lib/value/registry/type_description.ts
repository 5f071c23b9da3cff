/**
 * What the catalogue says of types: all that a codec can be made from.
 *
 * @module
 */

/** An attribute of a composite type. */
export interface AttributeDescription {
  /** As it stands in pg_attribute. */
  readonly name: string;
  /** Its type, a domain's own where it is one. */
  readonly typeOid: number;
}

/** One type, as pg_type and its neighbours describe it. */
export interface TypeDescription {
  /** As pg_type has it. */
  readonly oid: number;
  /** Without its schema. */
  readonly name: string;
  /** Absent: pg_catalog. */
  readonly schema?: string;
  /** Absent: there is no array type over it. */
  readonly arrayOid?: number;
  /** Between the elements of its arrays; absent: a comma. */
  readonly delimiter?: string;
  /** Of a domain: the type below it. */
  readonly domainOf?: number;
  /** Of an enum. */
  readonly isEnum?: true;
  /** Of a range: the type of its bounds. */
  readonly rangeOf?: number;
  /** Of a multirange: its range. */
  readonly multirangeOf?: number;
  /** Of a composite type, in its order, without those that were dropped. */
  readonly attributes?: readonly AttributeDescription[];
}
