/**
 * The binary form of records (rowtypes.c, record_send): the count of attributes, and of each
 * its type and its value behind its length, -1 for NULL.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Decode, FieldSource, MemberType } from "../codec.ts";
import { malformed } from "../codec_error.ts";

/** Two words an attribute. */
const ATTRIBUTE_BYTES = 8;

/** What is known of the record before its bytes are read. */
export interface RecordBinaryOptions {
  readonly typeName: string;
  /** False: the record does not have so many attributes. */
  readonly hasCount: (count: number) => boolean;
  /** By the attribute's place and type; undefined: that place has another type. */
  readonly decoderOf: (place: number, typeOid: number) => Decode | undefined;
}

/** Reads the bytes of one record; undefined when its attributes are others than expected. */
export function readRecordBinary(
  source: FieldSource,
  [start, end]: readonly [number, number],
  { typeName, hasCount, decoderOf }: RecordBinaryOptions,
): unknown[] | undefined {
  const { view } = source;
  if (end - start < 4) throw malformed(typeName, "its count is missing");
  const count = view.getInt32(start);
  let at = start + 4;
  if (count < 0 || count > (end - at) / ATTRIBUTE_BYTES) {
    throw malformed(typeName, `${count} attributes in ${end - at} bytes`);
  }
  if (!hasCount(count)) return undefined;
  const values: unknown[] = [];
  for (let place = 0; place < count; place++) {
    const from = at + ATTRIBUTE_BYTES;
    const length = from <= end ? view.getInt32(at + 4) : -2;
    if (length < -1 || from + length > end) throw malformed(typeName, "an attribute is cut short");
    const decode = decoderOf(place, view.getUint32(at));
    if (decode === undefined) return undefined;
    at = from + Math.max(length, 0);
    values.push(length === -1 ? null : decode(source, from, at));
  }
  if (at !== end) throw malformed(typeName, `${end - at} bytes are left`);
  return values;
}

/** Writes the binary form of values in the order of the members, null for NULL. */
export function writeRecord(
  values: readonly unknown[],
  writer: ByteWriter,
  members: readonly MemberType[],
): void {
  writer.writeInt32(members.length);
  members.forEach(({ oid, codec }, place) => {
    writer.writeInt32(oid);
    if (values[place] === null) return writer.writeInt32(-1);
    const lengthAt = writer.reserveInt32();
    codec.encodeBinary!(values[place], writer);
    writer.patchInt32(lengthAt, writer.length - lengthAt - 4);
  });
}
