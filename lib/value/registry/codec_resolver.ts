/**
 * Makes codecs of what is known of types: members before what they are members of.
 */

import { arrayCodec } from "../container/array.ts";
import type { Codec, FieldSource, MemberType } from "../codec.ts";
import { compositeCodec } from "../container/composite.ts";
import { domainCodec } from "../container/domain.ts";
import { enumCodec } from "../container/enum.ts";
import { multirangeCodec } from "../container/multirange.ts";
import { otherTypeCodec } from "./other_type.ts";
import { rangeCodec } from "../container/range.ts";
import { printing } from "../printing.ts";
import { type ExactCodecs, recordCodec } from "../container/record.ts";
import { readText } from "../text/text.ts";
import { textForm } from "../text_form.ts";
import type { TypeDescription } from "./type_description.ts";
import type { TypeHooks } from "./type_hooks.ts";
import type { TypeMap } from "./type_map.ts";
import type { TypeShapes } from "./type_shapes.ts";
import { fallbackCodec } from "../untyped.ts";

/** An extension may be in any schema, and users may have such a name for a type of their own. */
const EXTENSION_TYPES: readonly string[] = ["citext"];

/** What codecs are made from. */
export interface CodecResolverOptions {
  readonly types: TypeMap;
  readonly shapes: Pick<TypeShapes, "range" | "composite">;
  /** By the name of a type, of any schema and kind; they go before all else. */
  readonly chosen: Readonly<Record<string, Codec>>;
  /** By the name of a type of pg_catalog. */
  readonly own: Readonly<Record<string, Codec>>;
  readonly hooks?: TypeHooks;
  /** For text that is made of bytes. */
  readonly exactCodecs: ExactCodecs;
  /** Called with a composite type that was altered. */
  readonly onStale: (oid: number) => void;
}

/** Makes a codec when it is first asked for, and keeps it. */
export class CodecResolver {
  readonly #options: CodecResolverOptions;
  readonly #codecs = new Map<number, Codec>();
  /** Those that are being made: who meets one of them again has met a type inside of itself. */
  readonly #making = new Set<number>();

  constructor(options: CodecResolverOptions) {
    this.#options = options;
  }

  /** The type's codec; of a type that is not known, one that reads and writes text. */
  codec(oid: number): Codec {
    const known = this.#codecs.get(oid);
    if (known) return known;
    if (this.#making.has(oid)) return this.#lateCodec(oid);
    this.#making.add(oid);
    try {
      const made = this.#make(oid);
      const codec = this.#options.hooks?.apply(oid, made) ?? made;
      this.#codecs.set(oid, codec);
      return codec;
    } finally {
      this.#making.delete(oid);
    }
  }

  /** Makes all codecs anew, as they are asked for. */
  clear(): void {
    this.#codecs.clear();
  }

  #make(oid: number): Codec {
    const { types, chosen, own, exactCodecs } = this.#options;
    const elementOid = types.elementOid(oid);
    if (elementOid !== undefined) return this.#makeArray(elementOid);
    const type = types.get(oid);
    if (type === undefined) return fallbackCodec;
    const { name, schema = "pg_catalog" } = type;
    if (Object.hasOwn(chosen, name)) return chosen[name];
    const container = this.#makeContainer(type);
    if (container) return container;
    if (schema !== "pg_catalog" && !EXTENSION_TYPES.includes(name)) return otherTypeCodec(name);
    if (name === "record") return recordCodec(exactCodecs);
    return Object.hasOwn(own, name) ? own[name] : otherTypeCodec(name);
  }

  #makeArray(oid: number): Codec {
    const { delimiter } = this.#options.types.get(oid) ?? {};
    return arrayCodec({ ...this.#member(oid), delimiter });
  }

  #makeContainer(type: TypeDescription): Codec | undefined {
    const { oid, name, domainOf, rangeOf, multirangeOf, attributes } = type;
    const { range, composite } = this.#options.shapes;
    if (domainOf !== undefined) {
      return domainCodec({ name, codec: this.codec(domainOf), overArray: this.#isArray(domainOf) });
    }
    if (type.isEnum) return enumCodec(name);
    if (rangeOf !== undefined) {
      const codec = rangeCodec(name, this.#member(rangeOf));
      return range === "text" ? this.#inText(oid, codec) : codec;
    }
    if (multirangeOf !== undefined) {
      const codec = multirangeCodec(name, this.#member(multirangeOf));
      return range === "text" ? this.#inText(oid, codec) : codec;
    }
    if (attributes === undefined) return undefined;
    const codec = compositeCodec({
      name,
      attributes: attributes.map((one) => ({ name: one.name, ...this.#member(one.typeOid) })),
      shape: composite === "array" ? "array" : "object",
      onStale: () => this.#options.onStale(oid),
    });
    return composite === "text" ? this.#inText(oid, codec) : codec;
  }

  #member(oid: number): MemberType {
    return { oid, codec: this.codec(oid) };
  }

  /** Gives the server's text, and still takes what the codec takes. */
  #inText(oid: number, codec: Codec): Codec {
    const exact = this.#options.exactCodecs(oid);
    return {
      ...codec,
      prefersText: true,
      takesArrays: false,
      decodeText: readText,
      decodeBinary: exact.decodeBinary && printing(exact),
    };
  }

  /**
   * For a type that is met inside of itself: asks for its codec when there is a value, in text.
   * PostgreSQL has no such types, but what is known of two types may be of different times, of
   * one from before it lost an attribute of the other.
   */
  #lateCodec(oid: number): Codec {
    return {
      name: this.#options.types.get(oid)?.name ?? fallbackCodec.name,
      decodeText: (source: FieldSource, start: number, end: number): unknown =>
        this.codec(oid).decodeText(source, start, end),
      encodeText: (value: unknown): string => textForm(this.codec(oid), value),
    };
  }

  #isArray(oid: number): boolean {
    return this.#options.types.elementOid(oid) !== undefined;
  }
}
