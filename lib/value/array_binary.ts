/**
 * The binary form of arrays (arrayfuncs.c, array_send): the count of dimensions,
 * a flag, the element type, length and lower bound of each dimension, and the
 * elements, each behind its length, -1 for NULL.
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import { type ArrayShape, MAX_DIMENSIONS } from "./array_shape.ts";
import type { Decode, FieldSource } from "./codec.ts";
import { malformed } from "./codec_error.ts";

const HEADER_BYTES = 12;
const DIMENSION_BYTES = 8;

/** What is known of the array before its bytes are read. */
export interface ArrayBinaryOptions {
  readonly typeName: string;
  readonly elementOid: number;
  readonly decode: Decode;
}

/** Reads the bytes of one array. */
export class ArrayBinaryReader {
  readonly #source: FieldSource;
  readonly #view: DataView;
  readonly #end: number;
  readonly #options: ArrayBinaryOptions;
  readonly #lengths: number[] = [];
  #at: number;

  readonly lowerBounds: number[] = [];

  constructor(source: FieldSource, field: readonly [number, number], options: ArrayBinaryOptions) {
    this.#source = source;
    this.#view = source.view;
    [this.#at, this.#end] = field;
    this.#options = options;
  }

  get dimensions(): number {
    return this.#lengths.length;
  }

  read(): unknown[] {
    this.#readHeader();
    const array = this.dimensions === 0 ? [] : this.#readArray(0);
    if (this.#at !== this.#end) throw this.#fault(`${this.#end - this.#at} bytes are left`);
    return array;
  }

  #readHeader(): void {
    if (this.#end - this.#at < HEADER_BYTES) throw this.#fault("its header is cut short");
    const count = this.#view.getInt32(this.#at);
    const elementOid = this.#view.getUint32(this.#at + 8);
    this.#at += HEADER_BYTES;
    if (count < 0 || count > MAX_DIMENSIONS) throw this.#fault(`${count} dimensions`);
    if (elementOid !== this.#options.elementOid) {
      throw this.#fault(`elements of type ${elementOid}, expected ${this.#options.elementOid}`);
    }
    if (this.#end - this.#at < count * DIMENSION_BYTES) {
      throw this.#fault("its header is cut short");
    }
    let elements = 1;
    for (let i = 0; i < count; i++, this.#at += DIMENSION_BYTES) {
      const length = this.#view.getInt32(this.#at);
      if (length < 1) throw this.#fault(`a dimension of length ${length}`);
      elements *= length;
      this.#lengths.push(length);
      this.lowerBounds.push(this.#view.getInt32(this.#at + 4));
    }
    // Each element has a length word: nothing is allocated for more than were sent.
    if (count > 0 && elements > (this.#end - this.#at) / 4) {
      throw this.#fault(`${elements} elements in ${this.#end - this.#at} bytes`);
    }
  }

  #readArray(level: number): unknown[] {
    const last = level === this.#lengths.length - 1;
    const array: unknown[] = [];
    for (let i = 0; i < this.#lengths[level]; i++) {
      array.push(last ? this.#readElement() : this.#readArray(level + 1));
    }
    return array;
  }

  #readElement(): unknown {
    const start = this.#at + 4;
    const length = start <= this.#end ? this.#view.getInt32(this.#at) : -2;
    if (length === -1) {
      this.#at = start;
      return null;
    }
    if (length < 0 || start + length > this.#end) throw this.#fault("an element is cut short");
    this.#at = start + length;
    return this.#options.decode(this.#source, start, start + length);
  }

  #fault(fault: string): Error {
    return malformed(this.#options.typeName, fault);
  }
}

/** Writes the binary form; `encode` writes an element's own. */
export function writeArray(
  shape: ArrayShape,
  writer: ByteWriter,
  element: { readonly oid: number; encode(value: unknown, writer: ByteWriter): void },
): void {
  writer.writeInt32(shape.dimensions.length);
  writer.writeInt32(shape.elements.includes(null) ? 1 : 0);
  writer.writeInt32(element.oid);
  shape.dimensions.forEach((length, i) => {
    writer.writeInt32(length);
    writer.writeInt32(shape.lowerBounds[i]);
  });
  for (const value of shape.elements) {
    if (value === null) {
      writer.writeInt32(-1);
      continue;
    }
    const lengthAt = writer.reserveInt32();
    element.encode(value, writer);
    writer.patchInt32(lengthAt, writer.length - lengthAt - 4);
  }
}
