/**
 * A value as the parameter of a statement.
 *
 * @module
 */

import { ByteWriter } from "../bytes/byte_writer.ts";
import { checkText } from "./text.ts";
import type { TypeRegistry } from "./type_registry.ts";
import { untypedText } from "./untyped.ts";

/** What is sent for `$index`. */
export interface Parameter {
  /** As ParameterDescription says; 0: not known, so the value goes as text of its own form. */
  readonly typeOid: number;
  readonly value: unknown;
  /** Counted from 1, as in the query. */
  readonly index: number;
}

/** A parameter as Bind takes it; null is NULL. */
export interface EncodedParameter {
  readonly format: 0 | 1;
  readonly bytes: Uint8Array | null;
}

/**
 * Encodes a value for a parameter of a described type.
 *
 * A string is always taken, as the text form of whatever type it is (so a json
 * string is given as JSON text). Everything else must fit the type.
 *
 * @throws {TypeError | RangeError} when the value is undefined or not one of the type
 */
export function encodeParameter(registry: TypeRegistry, parameter: Parameter): EncodedParameter {
  const { value, index } = parameter;
  if (value === null) return { format: 0, bytes: null };
  if (value === undefined) {
    throw new TypeError(`Cannot send parameter $${index}: it is undefined, expected null for NULL`);
  }
  try {
    return encode(registry, parameter);
  } catch (cause) {
    throw withIndex(cause, index);
  }
}

function encode(registry: TypeRegistry, { typeOid, value }: Parameter): EncodedParameter {
  const writer = new ByteWriter(64);
  const codec = registry.codec(typeOid);
  if (typeof value === "string") {
    writer.writeText(checkText(codec.name, value));
  } else if (typeOid === 0) {
    writer.writeText(untypedText(value));
  } else if (codec.encodeBinary && !hasText(value)) {
    codec.encodeBinary(value, writer);
    return { format: 1, bytes: writer.take() };
  } else {
    writer.writeText(codec.encodeText(value));
  }
  return { format: 0, bytes: writer.take() };
}

/** An array with a string in it goes as text: the string is the text form of an element. */
function hasText(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return value.some((item) => typeof item === "string" || hasText(item));
}

/** "Cannot encode int4: …" becomes "Cannot send parameter $2 as int4: …". */
function withIndex(cause: unknown, index: number): unknown {
  if (!(cause instanceof TypeError || cause instanceof RangeError)) return cause;
  const reason = cause.message.replace(/^Cannot encode /, "");
  const message = `Cannot send parameter $${index} as ${reason}`;
  return cause instanceof TypeError
    ? new TypeError(message, { cause })
    : new RangeError(message, { cause });
}
