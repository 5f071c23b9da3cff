/**
 * Parses JSON as `JSON.parse` does, but with every digit of its numbers.
 */

import { JsonNumber } from "./json_number.ts";

// A number of up to 15 digits and no exponent is what JSON.parse makes of it (DBL_DIG is 15).
// It never stands behind a quote, so that most strings are passed over.
const LONG_NUMBER = /(?:^|[[,:\s])-?(?:\d[\d.]{15}|\d[\d.]*[eE])/;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/** As many digits as numeric has before its point; and JavaScriptCore has no much longer bigints. */
const MAX_BIGINT_DIGITS = 131_072;

/**
 * The value of a JSON text. A number of it is a number if the shortest form of that says the
 * same as the text, else a bigint if the text is an integer, else a {@linkcode JsonNumber}.
 *
 * Nesting may be as deep as it likes.
 *
 * @throws {SyntaxError} when the text is no JSON
 */
export function parseExactJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? new ExactJsonParser(text).parse() : JSON.parse(text);
}

/** An array or object of which not all is read. */
type Level =
  | { readonly close: "]"; readonly target: unknown[] }
  | { readonly close: "}"; readonly target: Record<string, unknown>; key: string };

class ExactJsonParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): unknown {
    // A list instead of recursion: the server nests deeper than some stacks are.
    const open: Level[] = [];
    for (;;) {
      let value = this.#readStart(open);
      if (value === undefined) continue;
      for (;;) {
        const level = open.at(-1);
        if (level === undefined) return this.#finish(value);
        addMember(level, value);
        if (this.#accept(",")) {
          if (level.close === "}") level.key = this.#readKey();
          break;
        }
        this.#expect(level.close);
        open.pop();
        value = level.target;
      }
    }
  }

  /** A scalar or an empty container; undefined when a container was opened. */
  #readStart(open: Level[]): unknown {
    if (this.#accept("[")) {
      const target: unknown[] = [];
      if (this.#accept("]")) return target;
      open.push({ close: "]", target });
      return undefined;
    }
    if (this.#accept("{")) {
      const target: Record<string, unknown> = {};
      if (this.#accept("}")) return target;
      open.push({ close: "}", target, key: this.#readKey() });
      return undefined;
    }
    if (this.#text[this.#at] === '"') return this.#readString();
    const number = this.#match(NUMBER);
    return number === undefined ? this.#readWord() : exactNumber(number);
  }

  #readKey(): string {
    this.#skipSpace();
    if (this.#text[this.#at] !== '"') throw this.#fault();
    const key = this.#readString();
    this.#expect(":");
    return key;
  }

  #readString(): string {
    const start = this.#at;
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) throw this.#fault();
    } while (this.#isEscaped(end));
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(start, end + 1));
  }

  #isEscaped(quote: number): boolean {
    let at = quote;
    while (this.#text[at - 1] === "\\") at -= 1;
    return (quote - at) % 2 === 1;
  }

  #readWord(): unknown {
    const word = this.#match(WORD);
    if (word === undefined) throw this.#fault();
    return JSON.parse(word);
  }

  #finish(value: unknown): unknown {
    this.#skipSpace();
    if (this.#at !== this.#text.length) throw this.#fault();
    return value;
  }

  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#fault();
  }

  #skipSpace(): void {
    if (this.#text.charCodeAt(this.#at) <= 0x20) this.#match(SPACE);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fault(): SyntaxError {
    return new SyntaxError(`Cannot parse JSON: unexpected text at ${this.#at}`);
  }
}

function addMember(level: Level, value: unknown): void {
  if (level.close === "]") {
    level.target.push(value);
  } else if (level.key === "__proto__") {
    // As JSON.parse has it: a property like any other, not the prototype.
    const property = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(level.target, level.key, property);
  } else {
    level.target[level.key] = value;
  }
}

function exactNumber(text: string): number | bigint | JsonNumber {
  const number = Number(text);
  const shortest = String(number);
  if (shortest === text) return number;
  if (Number.isFinite(number) && sameDecimal(text, shortest)) return number;
  if (/^-?\d+$/.test(text) && text.length <= MAX_BIGINT_DIGITS) return BigInt(text);
  return new JsonNumber(text);
}

/** Whether two texts denote the same decimal value: `1.10` and `1.1`, `1e3` and `1000`. */
function sameDecimal(first: string, second: string): boolean {
  const a = decimalOf(first);
  const b = decimalOf(second);
  if (a.digits === "" || b.digits === "") return a.digits === b.digits;
  return a.negative === b.negative && a.digits === b.digits && a.exponent === b.exponent;
}

/** A number as 0.digits × 10^exponent, the digits without zeros at their ends. */
function decimalOf(text: string): { negative: boolean; digits: string; exponent: number } {
  const [mantissa, power = "0"] = text.toLowerCase().split("e");
  const negative = mantissa.startsWith("-");
  const [whole, fraction = ""] = mantissa.slice(negative ? 1 : 0).split(".");
  const all = whole + fraction;
  const significant = all.replace(/^0+/, "");
  const exponent = whole.length - (all.length - significant.length) + Number(power);
  return { negative, digits: trimZeros(significant), exponent };
}

/** A pattern for zeros at the end would look at every run of zeros anew. */
function trimZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end -= 1;
  return digits.slice(0, end);
}
