/** Reading bodies of messages, and never beyond them. */

import { assertEquals, assertThrows } from "../std_assert.ts";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { Span } from "../../lib/bytes/span.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { test } from "../harness.ts";

/** A reader of just these bytes, with others before and behind them. */
function readerOf(...bytes: number[]): ByteReader {
  return new ByteReader(new Span(Uint8Array.of(1, 1, ...bytes, 0, 0, 0, 0), 2, 2 + bytes.length));
}

test("ByteReader reads big-endian integers, signed and unsigned", () => {
  const reader = readerOf(0xff, 0xff, 0xfe, 0xff, 0xfd, 255, 255, 255, 252, 255, 255, 255, 251);
  assertEquals(reader.readByte(), 0xff);
  assertEquals(reader.readInt16(), -2);
  assertEquals(reader.readUint16(), 0xfffd);
  assertEquals(reader.readInt32(), -4);
  assertEquals(reader.readUint32(), 0xfffffffb);
  assertEquals(reader.left, 0);
});

test("ByteReader.readCString() reads UTF-8 up to the zero byte and keeps a byte order mark", () => {
  const reader = readerOf(0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0, 0x61, 0);
  assertEquals(reader.readCString(), "\ufeff\u00e9");
  assertEquals(reader.readCString(), "a");
});

test("ByteReader.readCString() does not take a zero byte behind its end", () => {
  assertThrows(() => readerOf(0x61).readCString(), ProtocolError, "a text has no end");
});

test("ByteReader.readBytes() gives a view and refuses a negative length", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const view = new ByteReader(new Span(bytes)).readBytes(2);
  bytes[0] = 9;
  assertEquals([...view], [9, 2]);
  assertThrows(() => readerOf(1).readBytes(-1), ProtocolError, "a length is -1");
});

test("ByteReader.readValue() gives null for length -1 only", () => {
  assertEquals(readerOf(255, 255, 255, 255).readValue(), null);
  assertEquals(readerOf(0, 0, 0, 0).readValue(), new Uint8Array(0));
  assertThrows(() => readerOf(255, 255, 255, 254).readValue(), ProtocolError);
  assertThrows(() => readerOf(0, 0, 0, 2, 7).readValue(), ProtocolError, "2 bytes are needed");
});

test("ByteReader.readCount() refuses a count its items have no room for", () => {
  assertEquals(readerOf(0, 2, 9, 9).readCount(1), 2);
  assertThrows(() => readerOf(0, 2, 9, 9).readCount(2), ProtocolError, "2 items need 4 bytes");
});

test("ByteReader refuses each integer that is cut", () => {
  for (const read of ["readByte", "readInt16", "readUint16", "readInt32", "readUint32"] as const) {
    assertThrows(() => readerOf()[read](), ProtocolError);
  }
  assertThrows(() => readerOf(1).readInt16(), ProtocolError, "2 bytes are needed, 1 are left");
  assertThrows(() => readerOf(1, 1, 1).readInt32(), ProtocolError);
});

test("ByteReader.expectEnd() refuses bytes that are left over", () => {
  readerOf().expectEnd();
  assertThrows(() => readerOf(1, 2).expectEnd(), ProtocolError, "2 bytes are left over");
});
