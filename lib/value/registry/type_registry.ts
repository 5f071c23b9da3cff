/**
 * Which codec reads and writes which type. One registry a server and database: the OIDs of
 * what users define are different elsewhere.
 *
 * @module
 */

import { catalogCodecs } from "./catalog_codecs.ts";
import { catalogTypes } from "./catalog_types.ts";
import type { Codec } from "../codec.ts";
import { CodecResolver } from "./codec_resolver.ts";
import { exactCodecs } from "./exact_codecs.ts";
import { quoteIdentifier } from "../literal/literal.ts";
import type { TypeDescription } from "./type_description.ts";
import type { TypeHooks } from "./type_hooks.ts";
import { TypeMap } from "./type_map.ts";
import type { TypeShapes } from "./type_shapes.ts";

/** What a registry is made with. */
export interface TypeRegistryOptions {
  /** What is left out is the default. */
  readonly shapes?: TypeShapes;
  /** By the name of a type, in whatever schema it is; they go before rill's own. */
  readonly codecs?: Readonly<Record<string, Codec>>;
  /** The user's own parsers and serializers; they go before all codecs. */
  readonly hooks?: TypeHooks;
}

/** Finds codecs by type OID. */
export class TypeRegistry {
  readonly #types = new TypeMap();
  readonly #values: CodecResolver;
  /** For text that is made of bytes; made when first needed. */
  #exact: CodecResolver | undefined;
  readonly #hooks: TypeHooks | undefined;
  #hooksSeen = 0;
  #version = 0;

  /** A registry that knows the types of pg_catalog. */
  constructor({ shapes = {}, codecs = {}, hooks }: TypeRegistryOptions = {}) {
    this.#hooks = hooks;
    this.#values = this.#resolver({ shapes, chosen: codecs, own: catalogCodecs(shapes), hooks });
    this.add(catalogTypes);
  }

  /** Adds types, and the array types over them, or replaces what was there. */
  add(types: Iterable<TypeDescription>): void {
    for (const type of types) this.#types.set(type);
    this.#changed();
  }

  /**
   * Drops a type that was altered or dropped, and all that have it inside of them: they are not
   * known any more, and have to be looked up anew.
   */
  forget(oid: number): void {
    for (const type of this.#types.closure(oid)) this.#types.delete(type);
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
    return this.#values.codec(oid);
  }

  /** True when the type is known. */
  has(oid: number): boolean {
    return this.#types.get(oid) !== undefined || this.#types.elementOid(oid) !== undefined;
  }

  /** What is known of a type; array types are described with their element type. */
  describe(oid: number): TypeDescription | undefined {
    return this.#types.get(oid);
  }

  /** The format to ask for: 1, binary, where the codec reads it. */
  resultFormat(oid: number): 0 | 1 {
    const { decodeBinary, prefersText } = this.codec(oid);
    return decodeBinary && !prefersText ? 1 : 0;
  }

  /** The element type of an array type; undefined for all others. */
  elementOid(arrayOid: number): number | undefined {
    return this.#types.elementOid(arrayOid);
  }

  /** The type's name to cast to, quoted; undefined when the type is not known. */
  sqlName(oid: number): string | undefined {
    const elementOid = this.#types.elementOid(oid);
    if (elementOid !== undefined) return `${this.sqlName(elementOid)}[]`;
    const type = this.#types.get(oid);
    return type && `${quoteIdentifier(type.schema ?? "pg_catalog")}.${quoteIdentifier(type.name)}`;
  }

  /** The array type over a type. */
  arrayOid(elementOid: number): number | undefined {
    return this.#types.get(elementOid)?.arrayOid;
  }

  #changed(): void {
    this.#values.clear();
    this.#exact?.clear();
    this.#version++;
  }

  #resolver(
    choice: Pick<
      ConstructorParameters<typeof CodecResolver>[0],
      "shapes" | "chosen" | "own" | "hooks"
    >,
  ): CodecResolver {
    return new CodecResolver({
      ...choice,
      types: this.#types,
      exactCodecs: (oid) => this.#exactCodec(oid),
      onStale: (oid) => this.forget(oid),
    });
  }

  #exactCodec(oid: number): Codec {
    this.#exact ??= this.#resolver({ shapes: {}, chosen: {}, own: exactCodecs() });
    return this.#exact.codec(oid);
  }
}
