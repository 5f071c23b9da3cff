import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { byteaCodec, formatHex } from "../../lib/value/text/bytea.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const byteArrays = fc.uint8Array({ maxLength: 300 });

test("byteaCodec reads and writes any bytes, in hex, in escapes and in binary", () => {
  fc.assert(fc.property(byteArrays, (bytes) => {
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    assertEquals(byteaCodec.encodeText(bytes), `\\x${digits}`);
    assertEquals(decodeText(byteaCodec, `\\x${digits}`), bytes);
    assertEquals(decodeText(byteaCodec, `\\x${digits.toUpperCase()}`), bytes);
    assertEquals(decodeText(byteaCodec, escaped(bytes)), bytes);
    assertEquals(decodeBinary(byteaCodec, bytes), bytes);
    assertEquals(encodeBinary(byteaCodec, bytes), bytes);
  }));
});

/** As `bytea_output = escape` prints (varlena.c, byteaout). */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte === 0x5c) return "\\\\";
    if (byte >= 0x20 && byte <= 0x7e) return String.fromCharCode(byte);
    return `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}

test("formatHex() writes each byte, the first and the last too", () => {
  assertEquals(formatHex(new Uint8Array()), "\\x");
  assertEquals(formatHex(hex("00")), "\\x00");
  assertEquals(formatHex(hex("09 0a 0f 10 90 a0 f0 ff")), "\\x090a0f1090a0f0ff");
  assertEquals(formatHex(hex("00112233").subarray(1, 3)), "\\x1122");
});

test("byteaCodec.decodeText() takes hex digits alone, at every place", () => {
  for (let code = 0; code < 256; code++) {
    const character = String.fromCharCode(code);
    const digit = /[0-9a-f]/i.test(character);
    for (const text of [`\\x0${character}`, `\\x${character}0`, `\\x0000${character}000`]) {
      const latin1 = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
      if (digit) decodeHexText(latin1);
      else assertThrows(() => decodeHexText(latin1), ProtocolError, "not a hex digit");
    }
  }
});

function decodeHexText(field: Uint8Array): unknown {
  const view = new DataView(field.buffer);
  const text = (): string => {
    throw new Error("the text is not needed");
  };
  return byteaCodec.decodeText({ bytes: field, view, text }, 0, field.length);
}

test("byteaCodec.decodeText() refuses what PostgreSQL never prints", () => {
  const cases = [
    ["\\x0", "an odd count of hex digits"],
    ["\\x123", "an odd count of hex digits"],
    ["\\x0g", "not a hex digit"],
    ["\\x 00 ", "not a hex digit"],
    ["\\", "a backslash without three octal digits"],
    ["a\\0", "a backslash without three octal digits"],
    ["a\\00", "a backslash without three octal digits"],
    ["a\\008", "a backslash without three octal digits"],
    ["a\\x00", "a backslash without three octal digits"],
    ["\\400", "an octal escape over 377"],
  ];
  for (const [text, fault] of cases) {
    assertThrows(
      () => decodeText(byteaCodec, text),
      ProtocolError,
      `Cannot decode bytea: ${fault}`,
    );
  }
});

test("byteaCodec takes Uint8Arrays alone", () => {
  const others = [
    [1, 2],
    new ArrayBuffer(2),
    new DataView(new ArrayBuffer(2)),
    new Int8Array(2),
    1,
    {},
  ];
  for (const value of others) {
    assertThrows(() => byteaCodec.encodeText(value), TypeError, "expected a Uint8Array");
    assertThrows(() => encodeBinary(byteaCodec, value), TypeError, "expected a Uint8Array");
  }
});

test("arrays of bytea are the same by text and by binary", () => {
  const codec = new TypeRegistry().codec(1001);
  const arrays = fc.array(fc.option(byteArrays), { maxLength: 5 });
  fc.assert(fc.property(arrays, (array) => {
    assertEquals(decodeText(codec, codec.encodeText(array)), array);
    assertEquals(decodeBinary(codec, encodeBinary(codec, array)), array);
  }));
});
