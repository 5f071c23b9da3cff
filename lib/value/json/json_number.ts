/**
 * A JSON number that JavaScript's numbers and bigints cannot hold.
 */

import { outOfRange } from "../codec_error.ts";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const { rawJSON } = JSON as { readonly rawJSON?: (text: string) => unknown };

/** True where JSON.stringify by itself writes all digits of a JsonNumber: not on Node before 21. */
export const stringifyKeepsDigits: boolean = rawJSON !== undefined;

/**
 * A number of JSON with all its digits, where a JavaScript number would round and which is no
 * integer: what the shape `exact` of json and jsonb gives for `0.1234567890123456789`.
 *
 * As a parameter it is written digit by digit, wherever in a JSON value it is.
 */
export class JsonNumber {
  /** The number as JSON writes it. */
  readonly text: string;

  /**
   * Takes the text of a number, `1.50` or `-1e400`.
   *
   * @throws {RangeError} when the text is no number of JSON
   */
  constructor(text: string) {
    if (!NUMBER.test(text)) throw outOfRange("json", "the text of a JsonNumber is no number");
    this.text = text;
    // The text goes into JSON as it is: it must stay what was checked.
    Object.freeze(this);
  }

  /** All digits. */
  toString(): string {
    return this.text;
  }

  /** The nearest number, as JSON.parse gives it: `Infinity` beyond 1.8e308. */
  valueOf(): number {
    return Number(this.text);
  }

  /** For JSON.stringify: all digits where the runtime has `JSON.rawJSON`, else the nearest number. */
  toJSON(): unknown {
    return rawJSON ? rawJSON(this.text) : Number(this.text);
  }
}
