/**
 * The option `types`: shapes, codecs, and types in the manner of postgres.js.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { Codec } from "../../value/codec.ts";
import { lossless } from "../../value/registry/type_shapes.ts";
import type { TypeShapes } from "../../value/registry/type_shapes.ts";
import type { Parser, Serializer } from "../../value/registry/type_hooks.ts";

/** A type in the manner of postgres.js: values go and come as text. */
export interface CustomType {
  /** The OID that `sql.typed` sends its values as. */
  readonly to: number;
  /** The OIDs whose text is given to `parse`. */
  readonly from: readonly number[];
  /** Of values that are sent; absent: the type's own codec. */
  readonly serialize?: Serializer;
  /** Of values that come; absent: the type's own codec. */
  readonly parse?: Parser;
}

/**
 * How values look: `lossless`, or for each type by its name the shape of its values, a codec
 * (an extension's, say), or any name with a type in the manner of postgres.js.
 */
export type TypesOption =
  | "lossless"
  | TypeShapes
  | TypeShapes & Readonly<Record<string, string | Codec | CustomType | undefined>>;

/** The option taken apart. */
export interface TypeChoices {
  readonly shapes: TypeShapes;
  readonly codecs: Readonly<Record<string, Codec>>;
  readonly custom: Readonly<Record<string, CustomType>>;
}

/** What may be chosen; the first is the default. */
const SHAPES: { readonly [Name in keyof Required<TypeShapes>]: readonly TypeShapes[Name][] } = {
  int8: ["bigint", "number", "string"],
  numeric: ["string", "number"],
  date: ["date", "temporal", "text"],
  time: ["text", "temporal"],
  timestamp: ["date", "temporal", "text"],
  timestamptz: ["date", "temporal", "text"],
  interval: ["object", "text"],
  json: ["parsed", "exact", "text"],
  jsonb: ["parsed", "exact", "text"],
  geometric: ["object", "text"],
  range: ["object", "text"],
  composite: ["object", "array", "text"],
};

/**
 * Takes the option apart; undefined when it is not of its form.
 *
 * @throws {ConfigError} naming the type whose choice cannot be used
 */
export function readTypes(value: unknown): TypeChoices | undefined {
  if (value === "lossless") return { shapes: lossless, codecs: {}, custom: {} };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const shapes: Record<string, string> = {};
  const codecs: Record<string, Codec> = {};
  const custom: Record<string, CustomType> = {};
  for (const [name, choice] of Object.entries(value)) {
    if (choice === undefined) continue;
    if (isShape(name, choice)) shapes[name] = choice;
    else if (isCodec(choice)) codecs[name] = choice;
    else if (isCustomType(choice)) custom[name] = choice;
    else throw new ConfigError(`Cannot use option "types": "${name}" is to be ${expected(name)}`);
  }
  return { shapes: shapes as TypeShapes, codecs, custom };
}

function expected(name: string): string {
  const shapes = Object.hasOwn(SHAPES, name) ? SHAPES[name as keyof TypeShapes] : [];
  return [...shapes.map((shape) => `"${shape}"`), "a codec", "{ to, from, serialize, parse }"]
    .join(" or ");
}

function isShape(name: string, choice: unknown): choice is string {
  return Object.hasOwn(SHAPES, name) &&
    SHAPES[name as keyof TypeShapes].some((shape) => shape === choice);
}

function isCodec(choice: unknown): choice is Codec {
  const { decodeText, encodeText } = Object(choice) as Partial<Codec>;
  return typeof decodeText === "function" && typeof encodeText === "function";
}

function isCustomType(choice: unknown): choice is CustomType {
  const { to, from, serialize, parse } = Object(choice) as Partial<CustomType>;
  return Number.isInteger(to) && Array.isArray(from) && from.every(Number.isInteger) &&
    [serialize, parse].every((hook) => hook === undefined || typeof hook === "function");
}
