import { ProtocolError } from "../../lib/errors.ts";
import { fitsBinary, textForm } from "../../lib/value/text_form.ts";
import { tsqueryCodec } from "../../lib/value/search/tsquery.ts";
import { tsvectorCodec } from "../../lib/value/search/tsvector.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, hex } from "./fields.ts";

/** Count; each lexeme, ended by zero, count of positions, positions with two bits of weight. */
const vectors: readonly (readonly [string, string])[] = [
  ["00000000", ""],
  ["00000001 6100 0000", "'a'"],
  ["00000001 6100 0001 0001", "'a':1"],
  ["00000001 6100 0004 0001 4002 8003 c004", "'a':1,2C,3B,4A"],
  ["00000002 612062 00 0001 ffff 63275c64 00 0001 3fff", "'a b':16383A 'c''\\\\d':16383"],
  ["00000001 c3a9f09f9880 00 0000", "'é😀'"],
  ["00000001 00 0000", "''"],
];

// Items: 01 a lexeme (weight, prefix, text), 02 an operator (01 not, 02 and, 03 or, 04 phrase).
const [a, b, c] = ["01 00 00 6100", "01 00 00 6200", "01 00 00 6300"];

/** Count; each operator before its operands, the right one first. */
const queries: readonly (readonly [string, string])[] = [
  ["00000000", ""],
  [`00000001 ${a}`, "'a'"],
  ["00000001 01 0f 00 6100", "'a':ABCD"],
  ["00000001 01 0a 01 6100", "'a':*AC"],
  ["00000001 01 00 01 275c00", "'''\\\\':*"],
  [`00000002 02 01 ${a}`, "!'a'"],
  [`00000003 02 02 ${b} ${a}`, "'a' & 'b'"],
  [`00000003 02 03 ${b} ${a}`, "'a' | 'b'"],
  [`00000003 02 04 0001 ${b} ${a}`, "'a' <-> 'b'"],
  [`00000003 02 04 0000 ${b} ${a}`, "'a' <0> 'b'"],
  [`00000003 02 04 4000 ${b} ${a}`, "'a' <16384> 'b'"],
  [`00000004 02 01 02 03 ${b} ${a}`, "!( 'a' | 'b' )"],
  [`00000005 02 02 ${c} 02 03 ${b} ${a}`, "( 'a' | 'b' ) & 'c'"],
  [`00000005 02 02 02 03 ${c} ${b} ${a}`, "'a' & ( 'b' | 'c' )"],
  [`00000005 02 03 02 02 ${c} ${b} ${a}`, "'a' | 'b' & 'c'"],
  [`00000005 02 04 0001 ${c} 02 04 0002 ${b} ${a}`, "'a' <2> 'b' <-> 'c'"],
  [`00000005 02 04 0001 02 04 0002 ${c} ${b} ${a}`, "'a' <-> ( 'b' <2> 'c' )"],
];

test("tsvectorCodec.decodeBinary() gives PostgreSQL's text", () => {
  for (const [bytes, text] of vectors) {
    assertEquals(decodeBinary(tsvectorCodec, hex(bytes)), text);
    assertEquals(decodeText(tsvectorCodec, text), text);
  }
});

test("tsqueryCodec.decodeBinary() gives PostgreSQL's text", () => {
  for (const [bytes, text] of queries) {
    assertEquals(decodeBinary(tsqueryCodec, hex(bytes)), text);
    assertEquals(decodeText(tsqueryCodec, text), text);
  }
});

test("tsqueryCodec.decodeBinary() reads queries deeper than the stack is", () => {
  const depth = 100_000;
  const count = (2 * depth + 1).toString(16).padStart(8, "0");
  const leftDeep = decodeBinary(tsqueryCodec, hex(`${count}${`0202${b}`.repeat(depth)}${a}`));
  assertEquals(leftDeep === `'a'${" & 'b'".repeat(depth)}`, true);
  const rightDeep = hex(`${count}${"02040001".repeat(depth)}${b}${a.repeat(depth)}`);
  const text = `${"'a' <-> ( ".repeat(depth - 1)}'a' <-> 'b'${" )".repeat(depth - 1)}`;
  assertEquals(decodeBinary(tsqueryCodec, rightDeep) === text, true);
});

test("tsvectorCodec and tsqueryCodec refuse bytes that are cut or go on", () => {
  for (const [codec, cases] of [[tsvectorCodec, vectors], [tsqueryCodec, queries]] as const) {
    for (const [bytes] of cases) {
      const whole = hex(bytes);
      for (let length = 0; length < whole.length; length++) {
        assertThrows(() => decodeBinary(codec, whole.subarray(0, length)), ProtocolError);
      }
      assertThrows(() => decodeBinary(codec, hex(`${bytes} 00`)), ProtocolError, "bytes are left");
    }
  }
});

test("tsvectorCodec and tsqueryCodec say what is wrong with the bytes", () => {
  const bad: readonly (readonly [typeof tsvectorCodec, string, string])[] = [
    [tsvectorCodec, "ffffffff", "a lexeme has no end"],
    [tsvectorCodec, "00000001 6100 ffff 0001", "it is cut short"],
    [tsqueryCodec, "ffffffff", "it is cut short"],
    [tsqueryCodec, "00000001 03", "an item of type 3"],
    [tsqueryCodec, "00000001 02 05", "operator 5 is unknown"],
    [tsqueryCodec, "00000001 02 00", "operator 0 is unknown"],
    [tsqueryCodec, "00000001 02 01", "an operand is missing"],
    [tsqueryCodec, `00000002 02 02 ${a}`, "an operand is missing"],
    [tsqueryCodec, `00000002 ${a} ${b}`, "an operator is missing"],
  ];
  for (const [codec, bytes, fault] of bad) {
    const error = assertThrows(() => decodeBinary(codec, hex(bytes)), ProtocolError);
    assertEquals(error.message, `Cannot decode ${codec.name}: ${fault}`);
  }
});

test("tsvectorCodec and tsqueryCodec take strings alone, as text", () => {
  for (const codec of [tsvectorCodec, tsqueryCodec]) {
    assertEquals(codec.prefersText, true);
    assertEquals(fitsBinary(codec, "a"), false);
    assertEquals(textForm(codec, "'a'"), "'a'");
    for (const value of [1, ["a"], { a: 1 }, null]) {
      const error = assertThrows(() => textForm(codec, value), TypeError);
      assertEquals(error.message.endsWith("expected a string"), true);
    }
  }
});
