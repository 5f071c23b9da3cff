/**
 * What a prepared statement is.
 *
 * @module
 */

import type { FieldDescription } from "../wire/backend_message.ts";
import type { Format } from "../wire/message.ts";

/** A prepared statement, as the server described it. */
export interface Statement {
  /** The server's name of it; empty: the unnamed one. */
  readonly name: string;
  readonly query: string;
  /** The type of each parameter, as it was asked for or inferred. */
  readonly parameterOids: readonly number[];
  /** The columns of its rows; empty when it yields none, or rows without columns. */
  readonly fields: readonly FieldDescription[];
  /** False for what is no query: NoData was the answer. */
  readonly yieldsRows: boolean;
}

/** A query, and the types that its parameters are to have: 0 where the server infers them. */
export interface TypedQuery {
  readonly query: string;
  readonly typeOids: readonly number[];
}

/** A value to bind. */
export interface BoundValue {
  readonly format: Format;
  /** Null: NULL. */
  readonly bytes: Uint8Array | null;
}

/** What tells queries apart: the text alone where the server infers all types, as nearly always. */
export function statementKey({ query, typeOids }: TypedQuery): string {
  return typeOids.some((oid) => oid !== 0) ? `${typeOids.join()}\0${query}` : query;
}
