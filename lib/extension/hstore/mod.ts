/**
 * The extension hstore: pairs of strings, as objects.
 *
 * ```ts ignore
 * import { connect } from "@rill/postgres";
 * import { hstore } from "@rill/postgres/hstore";
 *
 * await using sql = connect(url, { types: { hstore } });
 * const [{ v }] = await sql`select 'a=>1, b=>NULL'::hstore as v`; // { a: "1", b: null }
 * await sql`insert into things (labels) values (${{ colour: "red" }}::hstore)`;
 * ```
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../../value/codec.ts";
import { malformed, unfit } from "../../value/codec_error.ts";
import { checkText } from "../../value/text/text.ts";

const NAME = "hstore";

/** What an hstore is read as. */
export type Hstore = Record<string, string | null>;

/**
 * hstore: an object, a string or null for each key. The key `__proto__` is one like any other.
 *
 * When sent: a plain object or a `Map`; all keys and values are strings, or null as a value,
 * else it is a `TypeError`. A string is the text form, `a=>1`.
 */
export const hstore: Codec<Hstore> = {
  name: NAME,
  decodeText(source: FieldSource, start: number, end: number): Hstore {
    return new HstoreTextReader(source.text(start, end)).read();
  },
  decodeBinary,
  encodeText: (value: unknown): string =>
    pairsOf(value).map(([key, item]) => `${quote(key)}=>${item === null ? "NULL" : quote(item)}`)
      .join(", "),
  encodeBinary(value: unknown, writer: ByteWriter): void {
    const pairs = pairsOf(value);
    writer.writeInt32(pairs.length);
    for (const [key, item] of pairs) {
      writeString(key, writer);
      if (item === null) writer.writeInt32(-1);
      else writeString(item, writer);
    }
  },
};

/** A count, and each key and value behind its length, -1 for NULL (hstore_io.c, hstore_send). */
function decodeBinary(source: FieldSource, start: number, end: number): Hstore {
  let at = start;
  const readLength = (): number => {
    if (end - at < 4) throw malformed(NAME, "it is cut short");
    at += 4;
    return source.view.getInt32(at - 4);
  };
  const readString = (length: number): string => {
    if (length < 0 || end - at < length) throw malformed(NAME, "a key or value is cut short");
    at += length;
    return source.text(at - length, at);
  };

  const pairs: Hstore = {};
  const count = readLength();
  if (count < 0) throw malformed(NAME, `${count} pairs`);
  for (let left = count; left > 0; left--) {
    const key = readString(readLength());
    const length = readLength();
    setPair(pairs, key, length === -1 ? null : readString(length));
  }
  if (at !== end) throw malformed(NAME, `${end - at} bytes are left`);
  return pairs;
}

/** Reads what hstore_out prints: `"a"=>"1", "b"=>NULL`. */
class HstoreTextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Hstore {
    const pairs: Hstore = {};
    while (this.#at < this.#text.length) {
      if (this.#at > 0) this.#expect(", ");
      const key = this.#readQuoted();
      this.#expect("=>");
      setPair(pairs, key, this.#accept("NULL") ? null : this.#readQuoted());
    }
    return pairs;
  }

  #readQuoted(): string {
    this.#expect('"');
    const start = this.#at;
    let escaped = false;
    for (; this.#text[this.#at] !== '"'; this.#at += 1) {
      if (this.#text[this.#at] === "\\") {
        escaped = true;
        this.#at += 1;
      }
      if (this.#at >= this.#text.length) throw this.#fault();
    }
    const content = this.#text.slice(start, this.#at);
    this.#at += 1;
    return escaped ? content.replace(/\\([^])/g, "$1") : content;
  }

  #accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#fault();
  }

  #fault(): Error {
    return malformed(NAME, 'its text has another form, expected "key"=>"value", ...');
  }
}

/** `__proto__` as a key does not set the prototype. */
function setPair(pairs: Hstore, key: string, value: string | null): void {
  if (key !== "__proto__") {
    pairs[key] = value;
    return;
  }
  const property = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(pairs, key, property);
}

/** The pairs of a value, all checked. */
function pairsOf(value: unknown): [key: string, value: string | null][] {
  if (!(value instanceof Map) && !isPlainObject(value)) {
    throw unfit(NAME, value, "a plain object or a Map");
  }
  const pairs: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  return pairs.map(([key, item]) => {
    if (typeof key !== "string") throw unfit(NAME, key, "a string as each key");
    if (item === null) return [checkText(NAME, key), null];
    if (typeof item !== "string") throw unfit(NAME, item, "a string or null as each value");
    return [checkText(NAME, key), checkText(NAME, item)];
  });
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function writeString(text: string, writer: ByteWriter): void {
  const lengthAt = writer.reserveInt32();
  writer.writeText(text);
  writer.patchInt32(lengthAt, writer.length - lengthAt - 4);
}
