/**
 * Values by themselves: what a codec is, for types of your own, and the codecs that rill has.
 *
 * A codec given to `connect()` by the name of its type reads and writes all values of it, in
 * arrays, ranges and composites too.
 *
 * @example A type of an extension, read as a number of seconds
 * ```ts ignore
 * import { connect } from "@rill/postgres";
 * import type { Codec } from "@rill/postgres/value";
 *
 * const duration: Codec<number> = {
 *   name: "duration",
 *   decodeText: (source, start, end) => Number.parseFloat(source.text(start, end)),
 *   encodeText: (value) => `${value}s`,
 * };
 * await using sql = connect("postgres://app@localhost/shop", { types: { duration } });
 * ```
 *
 * @module
 */

export { ByteWriter } from "../bytes/byte_writer.ts";
export type { Codec, Decode, FieldSource, MemberType } from "./codec.ts";
export { arrayCodec } from "./container/array.ts";
export type { ArrayElement } from "./container/array.ts";
export { textCodec } from "./text/text.ts";
export { ByteSource } from "./field_source.ts";
export { catalogTypes } from "./registry/catalog_types.ts";
export { TypeRegistry } from "./registry/type_registry.ts";
export type { TypeRegistryOptions } from "./registry/type_registry.ts";
export type { AttributeDescription, TypeDescription } from "./registry/type_description.ts";
export { TypeHooks } from "./registry/type_hooks.ts";
export type { Parser, Serializer, TypeHookMaps } from "./registry/type_hooks.ts";
export type { TypeShapes } from "./registry/type_shapes.ts";
