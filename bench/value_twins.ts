/**
 * The cheapest thing that could work, for some types: no checks, nothing but the usual value.
 */

import type { ByteWriter } from "../lib/bytes/byte_writer.ts";
import type { Decode, FieldSource } from "../lib/value/codec.ts";

/** What stands beside a codec; absent where nothing cheap is obvious. */
export interface Twin {
  readonly decodeText?: Decode;
  readonly decodeBinary?: Decode;
  readonly encodeText?: (value: never) => string;
  readonly encodeBinary?: (value: never, writer: ByteWriter) => void;
  /** True where the bytes give another value: the twin does less than is asked. */
  readonly rounds?: boolean;
}

const utf8 = new TextDecoder();
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const DAY_MS = 86_400_000;
const EPOCH_MS = 10_957 * DAY_MS;

const toText = (source: FieldSource, start: number, end: number): string => source.text(start, end);
const toNumber = (source: FieldSource, start: number, end: number): number =>
  Number(source.text(start, end));

/** By type. */
export const twins: Readonly<Record<string, Twin>> = {
  bool: {
    decodeText: ({ bytes }, start) => bytes[start] === 0x74,
    decodeBinary: ({ bytes }, start) => bytes[start] !== 0,
    encodeText: (value: boolean) => value ? "t" : "f",
    encodeBinary: (value: boolean, writer) => writer.writeByte(value ? 1 : 0),
  },
  int2: {
    decodeText: toNumber,
    decodeBinary: ({ view }, start) => view.getInt16(start),
    encodeText: (value: number) => String(value),
    encodeBinary: (value: number, writer) => writer.writeInt16(value),
  },
  int4: {
    decodeText: toNumber,
    decodeBinary: ({ view }, start) => view.getInt32(start),
    encodeText: (value: number) => String(value),
    encodeBinary: (value: number, writer) => writer.writeInt32(value),
  },
  int8: {
    decodeText: (source, start, end) => BigInt(source.text(start, end)),
    decodeBinary: ({ view }, start) => view.getBigInt64(start),
    encodeText: (value: bigint) => String(value),
    encodeBinary: (value: bigint, writer) => writer.writeInt64(value),
  },
  // The nearest thing; its value has all the digits of a double.
  float4: {
    decodeText: toNumber,
    decodeBinary: ({ view }, start) => Math.fround(view.getFloat32(start)),
    encodeText: (value: number) => String(value),
    encodeBinary: (value: number, writer) => writer.writeFloat32(value),
    rounds: true,
  },
  float8: {
    decodeText: toNumber,
    decodeBinary: ({ view }, start) => view.getFloat64(start),
    encodeText: (value: number) => String(value),
    encodeBinary: (value: number, writer) => writer.writeFloat64(value),
  },
  numeric: {
    decodeText: toText,
    decodeBinary: readSmallNumeric,
    encodeBinary: writeSmallNumeric,
  },
  text: {
    decodeText: ({ bytes }, start, end) => utf8.decode(bytes.subarray(start, end)),
    decodeBinary: ({ bytes }, start, end) => utf8.decode(bytes.subarray(start, end)),
    encodeBinary: (value: string, writer) => writer.writeText(value),
  },
  timestamptz: {
    decodeText: (source, start, end) => new Date(source.text(start, end)),
    decodeBinary: ({ view }, start) => {
      const micros = view.getInt32(start) * 2 ** 32 + view.getUint32(start + 4);
      return new Date(Math.floor(micros / 1000) + EPOCH_MS);
    },
    encodeText: (value: Date) => value.toISOString(),
    encodeBinary: (value: Date, writer) => {
      const micros = (value.getTime() - EPOCH_MS) * 1000;
      writer.writeInt32(Math.floor(micros / 2 ** 32));
      writer.writeInt32(micros);
    },
  },
  uuid: {
    decodeText: toText,
    decodeBinary: readUuid,
    encodeBinary: (value: string, writer) => {
      const digits = value.replaceAll("-", "");
      for (let at = 0; at < 32; at += 8) {
        writer.writeInt32(Number.parseInt(digits.slice(at, at + 8), 16));
      }
    },
  },
  "int4[]": {
    decodeText: (source, start, end) => source.text(start + 1, end - 1).split(",").map(Number),
    decodeBinary: ({ view }, start, end) => {
      const values: number[] = [];
      for (let at = start + 24; at < end; at += 8) values.push(view.getInt32(at));
      return values;
    },
    encodeText: (value: number[]) => `{${value.join(",")}}`,
    encodeBinary: (value: number[], writer) => {
      for (const word of [1, 0, 23, value.length, 1]) writer.writeInt32(word);
      for (const item of value) {
        writer.writeInt32(4);
        writer.writeInt32(item);
      }
    },
  },
};

function readUuid({ bytes }: FieldSource, start: number): string {
  let text = "";
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += HEX[bytes[start + i]];
  }
  return text;
}

/** No sign, up to 15 digits. */
function readSmallNumeric({ view }: FieldSource, start: number): string {
  const count = view.getUint16(start);
  const scale = view.getUint16(start + 6);
  let value = 0;
  for (let i = 0; i < count; i++) value = value * 10_000 + view.getUint16(start + 8 + i * 2);
  return (value * 10_000 ** (view.getInt16(start + 2) + 1 - count)).toFixed(scale);
}

/** No sign, up to 99999999 and up to four decimal places. */
function writeSmallNumeric(text: string, writer: ByteWriter): void {
  const point = text.indexOf(".");
  const scale = point < 0 ? 0 : text.length - point - 1;
  const value = Math.round(Number(text) * 10_000);
  const groups = [Math.floor(value / 1e8), Math.floor(value / 1e4) % 1e4, value % 1e4];
  while (groups.at(-1) === 0) groups.pop();
  const first = groups.findIndex((group) => group !== 0);
  for (const word of [groups.length - first, 1 - first, 0, scale]) writer.writeInt16(word);
  for (let i = first; i < groups.length; i++) writer.writeInt16(groups[i]);
}
