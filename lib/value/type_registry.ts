/**
 * Which codec reads and writes which type. One registry a pool or session.
 *
 * @module
 */

import { arrayCodec } from "./array.ts";
import type { Codec } from "./codec.ts";
import { defaultTypes, type TypeEntry } from "./default_types.ts";
import { fallbackCodec } from "./untyped.ts";

/** Finds codecs by type OID. */
export class TypeRegistry {
  readonly #codecs = new Map<number, Codec>();
  /** From array type to element type. */
  readonly #elements = new Map<number, number>();
  readonly #arrays = new Map<number, number>();

  constructor(types: Iterable<TypeEntry>) {
    for (const type of types) this.register(type);
  }

  /** Adds a type, and its array type if it has one, or replaces what was there. */
  register({ oid, arrayOid, codec }: TypeEntry): void {
    this.#codecs.set(oid, codec);
    if (arrayOid === undefined) return;
    this.#codecs.set(arrayOid, arrayCodec({ oid, codec }));
    this.#elements.set(arrayOid, oid);
    this.#arrays.set(oid, arrayOid);
  }

  /** The type's codec; of a type that is not known, one that reads and writes text. */
  codec(oid: number): Codec {
    return this.#codecs.get(oid) ?? fallbackCodec;
  }

  /** True when the type has a codec of its own. */
  has(oid: number): boolean {
    return this.#codecs.has(oid);
  }

  /** The format to ask for: 1, binary, where the codec reads it. */
  resultFormat(oid: number): 0 | 1 {
    return this.codec(oid).decodeBinary ? 1 : 0;
  }

  /** The element type of an array type; undefined for all others. */
  elementOid(arrayOid: number): number | undefined {
    return this.#elements.get(arrayOid);
  }

  /** The array type over a type. */
  arrayOid(elementOid: number): number | undefined {
    return this.#arrays.get(elementOid);
  }
}

/** A registry of the types that rill knows. */
export function createTypeRegistry(): TypeRegistry {
  return new TypeRegistry(defaultTypes);
}
