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
export { arrayCodec } from "./array.ts";
export type { ArrayElement } from "./array.ts";
export { textCodec } from "./text.ts";
export { ByteSource } from "./field_source.ts";
export { catalogTypes } from "./catalog_types.ts";
export { TypeRegistry } from "./type_registry.ts";
export type { TypeRegistryOptions } from "./type_registry.ts";
export type { AttributeDescription, TypeDescription } from "./type_description.ts";
export { TypeHooks } from "./type_hooks.ts";
export type { Parser, Serializer, TypeHookMaps } from "./type_hooks.ts";
export type { TypeShapes } from "./type_shapes.ts";
