import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { bitCodec, varbitCodec } from "../../lib/value/text/bit_string.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, hex } from "./fields.ts";

/** Count of bits, and the bytes. */
const cases: readonly (readonly [text: string, hex: string])[] = [
  ["", "00000000"],
  ["0", "00000001 00"],
  ["1", "00000001 80"],
  ["101", "00000003 a0"],
  ["0000001", "00000007 02"],
  ["11111111", "00000008 ff"],
  ["000000001", "00000009 0080"],
  ["0000111100110101", "00000010 0f35"],
];

test("bitCodec and varbitCodec give the same string of text and of binary", () => {
  for (const codec of [bitCodec, varbitCodec]) {
    for (const [text, bytes] of cases) {
      assertEquals(decodeText(codec, text), text);
      assertEquals(decodeBinary(codec, hex(bytes)), text);
    }
  }
});

test("varbitCodec.decodeBinary() reads any bits at any length", () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 80 }), (bits) => {
    const field = new Uint8Array(4 + Math.ceil(bits.length / 8));
    field[3] = bits.length;
    bits.forEach((bit, i) => field[4 + (i >> 3)] |= bit ? 0x80 >> (i & 7) : 0);
    assertEquals(decodeBinary(varbitCodec, field), bits.map(Number).join(""));
  }));
});

test("bitCodec.decodeBinary() refuses bytes of another length than it says", () => {
  const bad: readonly (readonly [string, string])[] = [
    ["", "its header is cut short"],
    ["000000", "its header is cut short"],
    ["00000001", "4 bytes, expected 5"],
    ["00000008 ff00", "6 bytes, expected 5"],
    ["00000009 ff", "5 bytes, expected 6"],
    ["00000000 00", "5 bytes, expected 4"],
    ["ffffffff", "a length of -1 bits"],
    ["7fffffff 00", "5 bytes, expected 268435460"],
  ];
  for (const [bytes, fault] of bad) {
    const error = assertThrows(() => decodeBinary(bitCodec, hex(bytes)), ProtocolError);
    assertEquals(error.message, `Cannot decode bit: ${fault}`);
  }
});

test("bitCodec and varbitCodec are asked for in text and take nothing but strings", () => {
  for (const codec of [bitCodec, varbitCodec]) {
    assert(codec.prefersText);
    assertEquals(codec.encodeBinary, undefined);
    const error = assertThrows(() => codec.encodeText(101), TypeError);
    const wanted = "a number was given, expected a string of the digits 0 and 1";
    assertEquals(error.message, `Cannot encode ${codec.name}: ${wanted}`);
  }
});
