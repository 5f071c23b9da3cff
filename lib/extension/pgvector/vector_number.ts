/**
 * The numbers that the types of pgvector are made of.
 */

import { malformed, outOfRange, unfit } from "../../value/codec_error.ts";

/** True for arrays and for the typed arrays. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * The float nearest to a number that a user gave; `index` is where it stands.
 *
 * @throws {TypeError | RangeError} when it is no number, or none that pgvector stores
 */
export function checkFloat(typeName: string, value: unknown, index: number): number {
  if (typeof value !== "number") throw unfit(typeName, value, `a number at index ${index}`);
  const float = Math.fround(value);
  if (Number.isFinite(float)) return float;
  const fault = Number.isFinite(value) ? "too large" : "not finite";
  throw outOfRange(typeName, `the number at index ${index} is ${fault}`);
}

/** Reads a number as the server prints it. */
export function parseNumber(typeName: string, text: string): number {
  const value = Number(text);
  if (text === "" || value !== value && text !== "NaN") {
    throw malformed(typeName, "one of its numbers is none");
  }
  return value;
}

/** As short as the server's own, though it may write the exponent elsewhere. */
export function formatNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
