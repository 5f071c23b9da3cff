/**
 * Domains, which have the values of the type below them.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec } from "../codec.ts";

/** What a domain's codec is made from. */
export interface DomainOptions {
  readonly name: string;
  /** Of the type below. */
  readonly codec: Codec;
  /** True where the values are arrays: PostgreSQL does not count those as dimensions. */
  readonly overArray: boolean;
}

/** The codec of a domain: that of the type below it, by the domain's name. */
export function domainCodec({ name, codec, overArray }: DomainOptions): Codec {
  const { decodeBinary, encodeBinary, fitsBinary } = codec;
  return {
    name,
    decodeText: codec.decodeText,
    ...(decodeBinary && { decodeBinary }),
    prefersText: codec.prefersText,
    takesStrings: codec.takesStrings,
    takesArrays: overArray || codec.takesArrays,
    encodeText: (value: unknown): string => codec.encodeText(value),
    ...(encodeBinary && {
      encodeBinary: (value: unknown, writer: ByteWriter): void =>
        encodeBinary.call(codec, value, writer),
    }),
    ...(fitsBinary && {
      fitsBinary: (value: unknown): boolean => fitsBinary.call(codec, value),
    }),
  };
}
