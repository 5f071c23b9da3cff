/**
 * A value as the parameter of a statement.
 *
 * @module
 */

import { ByteWriter } from "../bytes/byte_writer.ts";
import { fitsBinary, textForm } from "./text_form.ts";
import type { TypeRegistry } from "./registry/type_registry.ts";
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
 * A string is taken for any type, as the text form of a value; for json it is a JSON string.
 * Everything else must fit the type.
 *
 * @throws {TypeError} when the value is undefined or not one of the type
 */
export function encodeParameter(registry: TypeRegistry, parameter: Parameter): EncodedParameter {
  const { typeOid, value } = parameter;
  if (value === null) return { format: 0, bytes: null };
  return checked(parameter, () => {
    const writer = new ByteWriter(64);
    const codec = registry.codec(typeOid);
    if (typeOid !== 0 && fitsBinary(codec, value)) {
      codec.encodeBinary!(value, writer);
      return { format: 1, bytes: writer.take() };
    }
    writer.writeText(typeOid === 0 ? untypedText(value) : textForm(codec, value));
    return { format: 0, bytes: writer.take() };
  });
}

/**
 * The text form of a parameter, where there are no binary ones; null is NULL.
 *
 * @throws {TypeError} when the value is undefined or not one of the type
 */
export function formatParameter(registry: TypeRegistry, parameter: Parameter): string | null {
  const { typeOid, value } = parameter;
  if (value === null) return null;
  return checked(
    parameter,
    () => typeOid === 0 ? untypedText(value) : textForm(registry.codec(typeOid), value),
  );
}

function checked<T>({ value, index }: Parameter, encode: () => T): T {
  if (value === undefined) {
    throw new TypeError(`Cannot send parameter $${index}: it is undefined, expected null for NULL`);
  }
  try {
    return encode();
  } catch (cause) {
    throw withIndex(cause, index);
  }
}

/** "Cannot encode int4: …" becomes "Cannot send parameter $2 as int4: …". */
function withIndex(cause: unknown, index: number): unknown {
  if (!(cause instanceof TypeError || cause instanceof RangeError)) return cause;
  const reason = cause.message.replace(/^Cannot encode /, "");
  return new TypeError(`Cannot send parameter $${index} as ${reason}`, { cause });
}
