/**
 * Which codec reads and writes which type. One registry a server and database: the OIDs of
 * what users define are different elsewhere.
 *
 * @module
 */

import { arrayCodec } from "./array.ts";
import { catalogCodecs } from "./catalog_codecs.ts";
import { catalogTypes } from "./catalog_types.ts";
import type { Codec } from "./codec.ts";
import { quoteIdentifier } from "./literal.ts";
import type { TypeDescription } from "./type_description.ts";
import type { TypeHooks } from "./type_hooks.ts";
import type { TypeShapes } from "./type_shapes.ts";
import { fallbackCodec } from "./untyped.ts";

/** What a registry is made with. */
export interface TypeRegistryOptions {
  readonly shapes?: TypeShapes;
  /** By the name of a type, in whatever schema it is; they go before rill's own. */
  readonly codecs?: Readonly<Record<string, Codec>>;
  /** The user's own parsers and serializers; they go before all codecs. */
  readonly hooks?: TypeHooks;
}

/** Finds codecs by type OID. */
export class TypeRegistry {
  readonly #types = new Map<number, TypeDescription>();
  /** From array type to element type. */
  readonly #elements = new Map<number, number>();
  /** Made when first asked for. */
  readonly #codecs = new Map<number, Codec>();
  readonly #hooks: TypeHooks | undefined;
  #hooksSeen = 0;
  #version = 0;
  readonly #chosen: Readonly<Record<string, Codec>>;
  readonly #own: Readonly<Record<string, Codec>>;

  constructor({ shapes = {}, codecs = {}, hooks }: TypeRegistryOptions = {}) {
    this.#hooks = hooks;
    this.#chosen = codecs;
    this.#own = catalogCodecs(shapes);
    this.add(catalogTypes);
  }

  /** Adds types, and the array types over them, or replaces what was there. */
  add(types: Iterable<TypeDescription>): void {
    for (const type of types) {
      this.#types.set(type.oid, type);
      if (type.arrayOid !== undefined) this.#elements.set(type.arrayOid, type.oid);
    }
    this.#changed();
  }

  /** Another number whenever a type may have got another codec. */
  get version(): number {
    if (this.#hooks && this.#hooks.version !== this.#hooksSeen) {
      this.#hooksSeen = this.#hooks.version;
      this.#changed();
    }
    return this.#version;
  }

  /** The type's codec; of a type that is not known, one that reads and writes text. */
  codec(oid: number): Codec {
    void this.version; // Drops the codecs of hooks that have changed.
    let codec = this.#codecs.get(oid);
    if (codec === undefined) {
      codec = this.#create(oid);
      codec = this.#hooks?.apply(oid, codec) ?? codec;
      this.#codecs.set(oid, codec);
    }
    return codec;
  }

  /** True when the type is known. */
  has(oid: number): boolean {
    return this.#types.has(oid) || this.#elements.has(oid);
  }

  /** The format to ask for: 1, binary, where the codec reads it. */
  resultFormat(oid: number): 0 | 1 {
    const { decodeBinary, prefersText } = this.codec(oid);
    return decodeBinary && !prefersText ? 1 : 0;
  }

  /** The element type of an array type; undefined for all others. */
  elementOid(arrayOid: number): number | undefined {
    return this.#elements.get(arrayOid);
  }

  /** The type's name to cast to, quoted; undefined when the type is not known. */
  sqlName(oid: number): string | undefined {
    const elementOid = this.#elements.get(oid);
    if (elementOid !== undefined) return `${this.sqlName(elementOid)}[]`;
    const type = this.#types.get(oid);
    return type && `${quoteIdentifier(type.schema ?? "pg_catalog")}.${quoteIdentifier(type.name)}`;
  }

  /** The array type over a type. */
  arrayOid(elementOid: number): number | undefined {
    return this.#types.get(elementOid)?.arrayOid;
  }

  #changed(): void {
    this.#codecs.clear();
    this.#version++;
  }

  #create(oid: number): Codec {
    const elementOid = this.#elements.get(oid);
    if (elementOid !== undefined) return this.#createArray(elementOid);
    const type = this.#types.get(oid);
    if (type === undefined) return fallbackCodec;
    return this.#chosen[type.name] ?? this.#own[type.name] ?? fallbackCodec;
  }

  #createArray(oid: number): Codec {
    return arrayCodec({
      oid,
      codec: this.codec(oid),
      delimiter: this.#types.get(oid)?.delimiter,
    });
  }
}
