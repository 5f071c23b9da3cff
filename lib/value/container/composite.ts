/**
 * Composite types: the row types of tables, and those made by `create type … as (…)`.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { ProtocolError } from "../../errors.ts";
import type { Codec, FieldSource, MemberType } from "../codec.ts";
import { malformed, outOfRange, unfit } from "../codec_error.ts";
import { readRecordBinary, writeRecord } from "./composite_binary.ts";
import { formatRecord, readRecord } from "./composite_text.ts";
import { fitsBinary, textForm } from "../text_form.ts";

/** An attribute of a composite type. */
export interface Attribute extends MemberType {
  readonly name: string;
}

/** What a composite codec is made from. */
export interface CompositeOptions {
  readonly name: string;
  /** In the type's order, without those that were dropped. */
  readonly attributes: readonly Attribute[];
  /** Default `object`. */
  readonly shape?: "object" | "array";
  /** Called when a value shows that the type was altered. */
  readonly onStale?: () => void;
}

/**
 * The codec of a composite type: an object by the names of the attributes, or an array in their
 * order; NULL is null. `__proto__` is a name like any other.
 *
 * Takes both, with all attributes: one that is missing or undefined is an error, as is a name
 * that the type does not have. In arrays of composites an inner array is a composite only in
 * the shape `array`; otherwise it is a dimension.
 *
 * It has a binary side where all attributes have one. When the type was altered since it was
 * looked up, reading a value is a `ProtocolError`, and the type is forgotten. (The text, which
 * names no types, only shows it by the count, and by attributes that are not of their type.)
 *
 * @throws {TypeError | RangeError} when a value that is sent does not have the attributes
 */
export function compositeCodec(options: CompositeOptions): Codec {
  const { name: typeName, attributes, shape = "object" } = options;
  const codecs = attributes.map(({ codec }) => codec);
  const make = shape === "array" ? (values: unknown[]) => values : objectMaker(attributes);
  const take = (value: unknown) => takeAttributes(options, value);
  const textOptions = { typeName, decoderAt: (place: number) => codecs[place]?.decodeText };
  const binaryOptions = {
    typeName,
    hasCount: (count: number) => count === codecs.length,
    decoderOf: (place: number, oid: number) =>
      oid === attributes[place].oid ? codecs[place].decodeBinary : undefined,
  };
  return {
    name: typeName,
    prefersText: codecs.some((codec) => codec.prefersText),
    takesArrays: shape === "array",
    decodeText(source: FieldSource, start: number, end: number): unknown {
      const values = orForget(options, () => readRecord(source, [start, end], textOptions));
      if (values?.length !== codecs.length) throw stale(options);
      return make(values);
    },
    ...(codecs.every((codec) => codec.decodeBinary) && {
      decodeBinary(source: FieldSource, start: number, end: number): unknown {
        const values = readRecordBinary(source, [start, end], binaryOptions);
        if (values === undefined) throw stale(options);
        return make(values);
      },
    }),
    encodeText: (value: unknown): string =>
      formatRecord(take(value).map((item, i) => item === null ? null : textForm(codecs[i], item))),
    ...(codecs.every((codec) => codec.encodeBinary) && {
      encodeBinary: (value: unknown, writer: ByteWriter): void =>
        writeRecord(take(value), writer, attributes),
    }),
    fitsBinary: (value: unknown): boolean => attributesFit(options, value),
  };
}

function objectMaker(attributes: readonly Attribute[]): (values: unknown[]) => unknown {
  const names = attributes.map(({ name }) => name);
  // Assigned, that name would set the prototype.
  if (names.includes("__proto__")) {
    return (values) => Object.fromEntries(names.map((name, i) => [name, values[i]]));
  }
  return (values) => {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) object[names[i]] = values[i];
    return object;
  };
}

/** The values of all attributes, in their order. */
function takeAttributes({ name, attributes }: CompositeOptions, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) {
    throw unfit(name, value, "an object by the names of the attributes, or a string");
  }
  if (!Array.isArray(value)) checkNames({ name, attributes }, value);
  else if (value.length !== attributes.length) {
    throw outOfRange(name, `${value.length} attributes were given, expected ${attributes.length}`);
  }
  return attributes.map((attribute, i) => {
    const item = itemOf(value, attribute, i);
    if (item !== undefined) return item;
    throw new TypeError(
      `Cannot encode ${name}: attribute "${attribute.name}" is undefined, expected null for NULL`,
    );
  });
}

/** Own properties alone: every object has a `constructor`. */
function itemOf(value: object, { name }: Attribute, place: number): unknown {
  if (Array.isArray(value)) return value[place];
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function checkNames({ name, attributes }: CompositeOptions, value: object): void {
  const extra = Object.keys(value).find((key) => !attributes.some((known) => known.name === key));
  if (extra === undefined) return;
  throw new TypeError(`Cannot encode ${name}: it has no attribute "${extra}"`);
}

/** What is no such object fits: the encoder is to say what is wrong with it. */
function attributesFit({ attributes }: CompositeOptions, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return attributes.every((attribute, i) => {
    const item = itemOf(value, attribute, i);
    return item === null || item === undefined || fitsBinary(attribute.codec, item);
  });
}

/** Text that is not of its attribute's type may be of another type by now. */
function orForget<T>({ onStale }: CompositeOptions, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) onStale?.();
    throw error;
  }
}

function stale({ name, onStale }: CompositeOptions): Error {
  onStale?.();
  const fault = "its attributes have changed since they were looked up; " +
    "the next query will look again";
  return malformed(name, fault);
}
