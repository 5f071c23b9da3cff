/**
 * The errors of codecs: bytes that are no value of their type, and values that
 * have no form in it. Neither ever shows the value.
 */

import { ProtocolError } from "../errors.ts";

/** The server sent bytes that are not of the type it announced. */
export function malformed(typeName: string, fault: string): ProtocolError {
  return new ProtocolError(`Cannot decode ${typeName}: ${fault}`);
}

/** The value is not of a kind this type takes. */
export function unfit(typeName: string, value: unknown, wanted: string): TypeError {
  return new TypeError(`Cannot encode ${typeName}: ${kindOf(value)} was given, expected ${wanted}`);
}

/** The value is of the right kind but not one this type can hold. */
export function outOfRange(typeName: string, fault: string): RangeError {
  return new RangeError(`Cannot encode ${typeName}: ${fault}`);
}

/** Binary values of a fixed size must have just that. */
export function checkLength(typeName: string, length: number, wanted: number): void {
  if (length !== wanted) throw malformed(typeName, `${length} bytes, expected ${wanted}`);
}

/** What a value is, in words that do not tell its content. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a Date";
  if (value instanceof Uint8Array) return "a Uint8Array";
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}
