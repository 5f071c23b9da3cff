/**
 * The types of the extension pgvector, to be named in the option `types`.
 *
 * @example Store and read a vector
 * ```ts ignore
 * import { connect } from "@rill/postgres";
 * import { halfvec, sparsevec, vector } from "@rill/postgres/pgvector";
 *
 * await using sql = connect(url, { types: { vector, halfvec, sparsevec } });
 * const near = [0.1, 0.2, 0.3];
 * await sql`select id from items order by embedding <-> ${near}::vector limit 5`;
 * ```
 *
 * @module
 */

export type { ByteWriter } from "../../bytes/byte_writer.ts";
export type { Codec, Decode, FieldSource } from "../../value/codec.ts";
export { halfvec, vector } from "./dense_vector.ts";
export { sparsevec, type SparseVector } from "./sparse_vector.ts";
