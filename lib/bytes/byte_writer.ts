/**
 * A buffer that grows as integers, texts and bytes are written to it.
 *
 * @module
 */

/** A buffer that has grown over this is given away whole: neither copied nor kept for ever. */
const KEPT_BYTES = 65_536;

const encoder = /* @__PURE__ */ new TextEncoder();

/** Writes big-endian integers, texts and bytes one behind the other. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** `capacity` in bytes is only where it starts. */
  constructor(capacity: number = 512) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written since the start or the last {@linkcode ByteWriter.take}. */
  get length(): number {
    return this.#length;
  }

  /** Only the lower eight bits count. */
  writeByte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Takes unsigned values too: only the bits count. */
  writeInt16(value: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#length, value);
    this.#length += 2;
  }

  /** Takes unsigned values too: only the bits count. */
  writeInt32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  /** Takes unsigned values too: only the bits count. */
  writeInt64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.#length, value);
    this.#length += 8;
  }

  /** IEEE 754, rounded to single precision. */
  writeFloat32(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value);
    this.#length += 4;
  }

  /** IEEE 754. */
  writeFloat64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  /** Copies the bytes, which stay the caller's. */
  writeBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** UTF-8, without an end mark. */
  writeText(text: string): void {
    // A UTF-16 unit becomes at most three bytes; long texts are worth measuring first.
    if (text.length > 4096) return this.writeBytes(encoder.encode(text));
    this.#reserve(text.length * 3);
    const free = this.#bytes.subarray(this.#length);
    this.#length += encoder.encodeInto(text, free).written;
  }

  /**
   * UTF-8 ended by a zero byte: the manual's String.
   *
   * @throws {TypeError} when the text holds a zero byte, which would end it early
   */
  writeCString(text: string): void {
    if (text.includes("\0")) {
      throw new TypeError("Cannot send a text that contains a zero byte: PostgreSQL has none");
    }
    this.writeText(text);
    this.writeByte(0);
  }

  /** Leaves room for an Int32 and gives its position, for {@linkcode ByteWriter.patchInt32}. */
  reserveInt32(): number {
    const position = this.#length;
    this.writeInt32(0);
    return position;
  }

  /** Writes over an Int32 that was left or written before. */
  patchInt32(position: number, value: number): void {
    this.#view.setInt32(position, value);
  }

  /** Forgets all that was written behind `length`: undoes a message that failed half-way. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  /** Gives what was written and starts afresh; the bytes are the caller's. */
  take(): Uint8Array<ArrayBuffer> {
    const length = this.#length;
    this.#length = 0;
    if (this.#bytes.length <= KEPT_BYTES) return this.#bytes.slice(0, length);
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = new Uint8Array(512);
    this.#view = new DataView(this.#bytes.buffer);
    return taken;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
