/** Writing messages. */

import { assertEquals, assertThrows } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { test } from "../harness.ts";

function written(write: (writer: ByteWriter) => void, capacity = 1): number[] {
  const writer = new ByteWriter(capacity);
  write(writer);
  return [...writer.take()];
}

test("ByteWriter writes big-endian integers and grows as it must", () => {
  const bytes = written((writer) => {
    writer.writeByte(1);
    writer.writeInt16(-2);
    writer.writeInt32(0x80000001);
    writer.writeInt64(-1n);
  });
  assertEquals(bytes, [1, 255, 254, 128, 0, 0, 1, ...new Array(8).fill(255)]);
});

test("ByteWriter.writeFloat64() and writeFloat32() write IEEE 754", () => {
  assertEquals(written((writer) => writer.writeFloat64(1.5)), [0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
  assertEquals(written((writer) => writer.writeFloat32(1.5)), [0x3f, 0xc0, 0, 0]);
});

test("ByteWriter.writeText() writes UTF-8, short and long", () => {
  assertEquals(written((writer) => writer.writeText("\u00e9\u20ac\u{1f600}")), [
    ...new TextEncoder().encode("\u00e9\u20ac\u{1f600}"),
  ]);
  const long = "\u20ac".repeat(5_000);
  assertEquals(written((writer) => writer.writeText(long)).length, 15_000);
});

test("ByteWriter.writeCString() ends with a zero byte and refuses one within", () => {
  assertEquals(written((writer) => writer.writeCString("a")), [0x61, 0]);
  const writer = new ByteWriter();
  assertThrows(() => writer.writeCString("a\0b"), TypeError);
  assertEquals(writer.length, 0);
});

test("ByteWriter.patchInt32() fills in what reserveInt32() left", () => {
  const bytes = written((writer) => {
    const position = writer.reserveInt32();
    writer.writeByte(7);
    writer.patchInt32(position, writer.length);
  });
  assertEquals(bytes, [0, 0, 0, 5, 7]);
});

test("ByteWriter.truncate() forgets the end, take() all", () => {
  const writer = new ByteWriter(1);
  writer.writeBytes(Uint8Array.of(1, 2, 3));
  writer.truncate(2);
  writer.truncate(9);
  assertEquals([...writer.take()], [1, 2]);
  assertEquals(writer.length, 0);
  assertEquals([...writer.take()], []);
});

test("ByteWriter.take() gives bytes that later writes do not touch", () => {
  const writer = new ByteWriter(8);
  writer.writeByte(1);
  const first = writer.take();
  writer.writeByte(2);
  assertEquals([...first], [1]);
});

test("ByteWriter.take() gives a large buffer away and goes on in another", () => {
  const writer = new ByteWriter();
  const large = new Uint8Array(200_000).fill(7);
  writer.writeBytes(large);
  const taken = writer.take();
  assertEquals(taken, large);
  writer.writeInt32(1);
  assertEquals(writer.take(), new Uint8Array([0, 0, 0, 1]));
  assertEquals(taken, large);
});
