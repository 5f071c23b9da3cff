/**
 * money as a string: sign, symbol and separators are those of the server's `lc_monetary`.
 *
 * The binary form (cash.c, cash_send) counts the smallest unit and does not tell how many make
 * one of the currency, so the type is asked for in text.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, outOfRange, unfit } from "../codec_error.ts";
import { printedCodec } from "../printed_codec.ts";

/**
 * money: a string as PostgreSQL prints it. Out of a binary cursor it is printed as in the locale
 * C, `-$1,234.56`, whatever `lc_monetary` is.
 *
 * Takes strings, and whole amounts as safe integers or bigints. A fraction is a RangeError: where
 * the comma is the decimal separator, PostgreSQL would read 1.5 as 15.
 */
export const moneyCodec: Codec<string> = {
  .../* @__PURE__ */ printedCodec("money", decodeBinary),
  encodeText(value: unknown): string {
    if (typeof value === "bigint" || typeof value === "string") return String(value);
    if (typeof value !== "number") throw unfit("money", value, "a string, a number or a bigint");
    if (Number.isSafeInteger(value)) return String(value);
    throw outOfRange("money", "the number is no safe integer, expected a string");
  },
};

function decodeBinary({ view }: FieldSource, start: number, end: number): string {
  checkLength("money", end - start, 8);
  const cents = view.getBigInt64(start);
  const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, ",");
  return `${cents < 0n ? "-" : ""}$${whole}.${digits.slice(-2)}`;
}
