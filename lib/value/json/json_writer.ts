/**
 * Writes JSON as `JSON.stringify` does, and what that cannot write: bigints, numbers with all
 * their digits, and any depth. Slower, so only for what needs it.
 */

import { JsonNumber } from "./json_number.ts";

/** Over what any server reads; ends values that go on for ever. */
const MAX_DEPTH = 250_000;

/**
 * The JSON text of a value; undefined where there is none, as `JSON.stringify` has it.
 *
 * @throws {TypeError} when the value contains itself
 * @throws {RangeError} when it is nested for ever
 */
export function writeJson(value: unknown): string | undefined {
  return new JsonWriter().write(value);
}

/** An array or object of which not all is written. */
interface Level {
  readonly container: object;
  /** Absent: an array. */
  readonly keys?: readonly string[];
  readonly length: number;
  next: number;
  isEmpty: boolean;
}

class JsonWriter {
  #text = "";
  /** A list instead of recursion: the stack sets no limit. */
  readonly #open: Level[] = [];
  readonly #containers = new Set<object>();

  write(value: unknown): string | undefined {
    const root = reduce(value, "");
    if (!hasForm(root)) return undefined;
    this.#put(root);
    for (let level = this.#open.at(-1); level !== undefined; level = this.#open.at(-1)) {
      if (level.next < level.length) this.#writeMember(level);
      else this.#close(level);
    }
    return this.#text;
  }

  #writeMember(level: Level): void {
    const { container, keys } = level;
    const key = keys ? keys[level.next] : String(level.next);
    level.next += 1;
    const member = reduce((container as Readonly<Record<string, unknown>>)[key], key);
    if (keys && !hasForm(member)) return;
    if (!level.isEmpty) this.#text += ",";
    level.isEmpty = false;
    if (keys) this.#text += `${JSON.stringify(key)}:`;
    this.#put(hasForm(member) ? member : null);
  }

  #put(value: unknown): void {
    if (value instanceof JsonNumber) this.#text += value.text;
    else if (typeof value === "bigint") this.#text += String(value);
    else if (typeof value !== "object" || value === null || isRawJson(value)) {
      this.#text += JSON.stringify(value);
    } else this.#openContainer(value);
  }

  #openContainer(container: object): void {
    if (this.#containers.has(container)) throw new TypeError("The value contains itself");
    if (this.#open.length === MAX_DEPTH) throw new RangeError("The value is nested too deeply");
    const keys = Array.isArray(container) ? undefined : Object.keys(container);
    const { length } = keys ?? container as unknown[];
    this.#containers.add(container);
    this.#open.push({ container, keys, length, next: 0, isEmpty: true });
    this.#text += keys ? "{" : "[";
  }

  #close({ container, keys }: Level): void {
    this.#open.pop();
    this.#containers.delete(container);
    this.#text += keys ? "}" : "]";
  }
}

/** What stands for the value: what its `toJSON` gives, or what is in a wrapper object. */
function reduce(value: unknown, key: string): unknown {
  const reduced = value instanceof JsonNumber ? value : callToJson(value, key);
  const isWrapper = reduced instanceof Number || reduced instanceof String ||
    reduced instanceof Boolean || reduced instanceof BigInt;
  return isWrapper ? reduced.valueOf() : reduced;
}

function callToJson(value: unknown, key: string): unknown {
  const mayHave = typeof value === "object" || typeof value === "function" ||
    typeof value === "bigint";
  if (!mayHave || value === null) return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value, key) : value;
}

function hasForm(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
}

/** What `JSON.rawJSON` made, which Node has since 21. */
function isRawJson(value: object): boolean {
  const { isRawJSON } = JSON as { readonly isRawJSON?: (value: object) => boolean };
  return isRawJSON?.(value) ?? false;
}
