/**
 * The user's own parsers and serializers, by type OID: maps that may change at any time.
 *
 * @module
 */

import type { Codec, FieldSource } from "../codec.ts";

/** Makes a value of PostgreSQL's text form. */
export type Parser = (text: string) => unknown;

/** Makes PostgreSQL's text form of a value; what is no string is left to the type's codec. */
export type Serializer = (value: unknown) => unknown;

/** Live: what is set or deleted counts from the next statement on. Keyed by type OID. */
export interface TypeHookMaps {
  /** A type with a parser comes as text. */
  readonly parsers: Record<number, Parser>;
  /** Asked for every value of its type that is sent, but null. */
  readonly serializers: Record<number, Serializer>;
}

/** Both maps, and a number that tells when they changed. */
export class TypeHooks implements TypeHookMaps {
  /** See {@linkcode TypeHookMaps.parsers}. */
  readonly parsers: Record<number, Parser> = this.#watched();
  /** See {@linkcode TypeHookMaps.serializers}. */
  readonly serializers: Record<number, Serializer> = this.#watched();
  #version = 0;

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** The codec with the hooks of its type in place of its own text side. */
  apply(oid: number, codec: Codec): Codec {
    const parse = this.parsers[oid];
    const serialize = this.serializers[oid];
    if (!parse && !serialize) return codec;
    return {
      ...codec,
      ...(parse && parsing(parse)),
      ...(serialize && serializing(serialize, codec)),
    };
  }

  #watched<T>(): Record<number, T> {
    const changed = () => ++this.#version;
    return new Proxy<Record<number, T>>({}, {
      set: (target, key, value) => (changed(), Reflect.set(target, key, value)),
      deleteProperty: (target, key) => (changed(), Reflect.deleteProperty(target, key)),
    });
  }
}

function parsing(parse: Parser): Pick<Codec, "decodeText" | "decodeBinary"> {
  return {
    decodeText: (source: FieldSource, start: number, end: number) => parse(source.text(start, end)),
    decodeBinary: undefined,
  };
}

function serializing(
  serialize: Serializer,
  codec: Codec,
): Pick<Codec, "takesStrings" | "encodeText" | "encodeBinary"> {
  return {
    takesStrings: true,
    encodeText(value: unknown): string {
      const text = serialize(value);
      return typeof text === "string" ? text : codec.encodeText(text);
    },
    encodeBinary: undefined,
  };
}
