import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { fitsBinary, textForm } from "../../lib/value/text_form.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const registry = new TypeRegistry();
const regproc = registry.codec(24);
const tid = registry.codec(27);
const xid = registry.codec(28);
const cid = registry.codec(29);
const int2vector = registry.codec(22);
const oidvector = registry.codec(30);
const xml = registry.codec(142);
const money = registry.codec(790);
const aclitem = registry.codec(1033);
const regclass = registry.codec(2205);
const voidType = registry.codec(2278);
const txidSnapshot = registry.codec(2970);
const pgLsn = registry.codec(3220);
const jsonpath = registry.codec(4072);
const pgSnapshot = registry.codec(5038);
const xid8 = registry.codec(5069);

/** One value in the server's text, its binary form, and what JavaScript gets. */
type Case = readonly [codec: Codec, text: string, hex: string, value: unknown];

const cases: readonly Case[] = [
  [xid, "0", "00000000", 0],
  [xid, "4294967295", "ffffffff", 4294967295],
  [cid, "2147483648", "80000000", 2147483648],
  [xid8, "0", "0000000000000000", 0n],
  [xid8, "10000000000", "00000002540be400", 10000000000n],
  [xid8, "9223372036854775808", "8000000000000000", 9223372036854775808n],
  [xid8, "18446744073709551615", "ffffffffffffffff", 18446744073709551615n],
  // Block and item.
  [tid, "(0,1)", "00000000 0001", "(0,1)"],
  [tid, "(4294967295,65535)", "ffffffff ffff", "(4294967295,65535)"],
  [pgLsn, "0/0", "00000000 00000000", "0/0"],
  [pgLsn, "16/B374D848", "00000016 b374d848", "16/B374D848"],
  [pgLsn, "FFFFFFFF/A", "ffffffff 0000000a", "FFFFFFFF/A"],
  [money, "$0.00", "0000000000000000", "$0.00"],
  [money, "-$0.05", "fffffffffffffffb", "-$0.05"],
  [money, "$999.99", "000000000001869f", "$999.99"],
  [money, "-$1,234.56", "fffffffffffe1dc0", "-$1,234.56"],
  [money, "$92,233,720,368,547,758.07", "7fffffffffffffff", "$92,233,720,368,547,758.07"],
  [money, "-$92,233,720,368,547,758.08", "8000000000000000", "-$92,233,720,368,547,758.08"],
  // The count of ids, xmin, xmax, the ids.
  [pgSnapshot, "1:2:", "00000000 0000000000000001 0000000000000002", "1:2:"],
  [
    txidSnapshot,
    "10:20:10,15",
    "00000002 000000000000000a 0000000000000014 000000000000000a 000000000000000f",
    "10:20:10,15",
  ],
  // The version and the text.
  [jsonpath, '$."a"', "01 242e226122", '$."a"'],
  [xml, "<a>é</a>", "3c613ec3a93c2f613e", "<a>é</a>"],
  [voidType, "", "", ""],
  // Dimensions, flag for NULLs, element type, length, lower bound; length and number each.
  [int2vector, "", "00000001 00000000 00000015 00000000 00000000", []],
  [
    int2vector,
    "1 -2",
    "00000001 00000000 00000015 00000002 00000000 00000002 0001 00000002 fffe",
    [1, -2],
  ],
  [oidvector, "4294967295", "00000001 00000000 0000001a 00000001 00000000 00000004 ffffffff", [
    4294967295,
  ]],
];

test("system types: text and binary give the same value", () => {
  for (const [codec, asText, asHex, value] of cases) {
    assertEquals(decodeText(codec, asText), value, `${codec.name} ${asText}`);
    assertEquals(decodeBinary(codec, hex(asHex)), value, `${codec.name} ${asHex}`);
  }
});

test("system types: what was read is written as the server wrote it", () => {
  for (const [codec, asText, asHex, value] of cases) {
    assertEquals(textForm(codec, value), asText, `${codec.name} ${asText}`);
    if (!fitsBinary(codec, value)) continue;
    assertEquals(encodeBinary(codec, value), hex(asHex), `${codec.name} ${asHex}`);
  }
});

test("system types: numbers and vectors are asked for in binary, strings in text", () => {
  for (const { name, oid, binary } of formats()) {
    assertEquals(registry.resultFormat(oid), binary ? 1 : 0, name);
  }
});

function formats(): { name: string; oid: number; binary: boolean }[] {
  const binary = [22, 28, 29, 30, 5069];
  const text = [
    24,
    27,
    142,
    194,
    790,
    1033,
    2202,
    2203,
    2204,
    2205,
    2206,
    2278,
    2970,
    3220,
    3361,
    3402,
  ]
    .concat([3642, 3734, 3769, 4072, 4089, 4096, 4191, 4600, 4601, 5038]);
  const describe = (oid: number) => ({ name: registry.codec(oid).name, oid });
  return [
    ...binary.map((oid) => ({ ...describe(oid), binary: true })),
    ...text.map((oid) => ({ ...describe(oid), binary: false })),
  ];
}

test("system types: every type of this family has a codec of its own name", () => {
  const names = formats().map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assert(!names.some((name) => name.includes("unknown")));
});

test("reg types are names in text, digits in binary, and take both back", () => {
  for (const oid of [24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191]) {
    const codec = registry.codec(oid);
    assertEquals(decodeText(codec, 'odd."Name"'), 'odd."Name"');
    assertEquals(decodeText(codec, "-"), "-");
    assertEquals(decodeBinary(codec, hex("00000000")), "0");
    assertEquals(decodeBinary(codec, hex("ffffffff")), "4294967295");
    assertEquals(fitsBinary(codec, "pg_class"), false);
    assertEquals(textForm(codec, "pg_class"), "pg_class");
    assertEquals(fitsBinary(codec, 1259), true);
    assertEquals(encodeBinary(codec, 1259), hex("000004eb"));
    assertEquals(encodeBinary(codec, 4294967295n), hex("ffffffff"));
    assertEquals(textForm(codec, 1259), "1259");
  }
});

test("xid8 is exact at every length of text", () => {
  const around = [0n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 4n];
  for (let digits = 1n; digits < 20n; digits++) around.push(10n ** digits);
  for (const middle of around) {
    for (let value = middle - 3n; value <= middle + 3n; value++) {
      if (value < 0n) continue;
      assertEquals(decodeText(xid8, String(value)), value);
    }
  }
});

test("vectors are undone by decoding, alone and in arrays", () => {
  const int2s = fc.array(fc.integer({ min: -0x8000, max: 0x7fff }), { maxLength: 9 });
  const oids = fc.array(fc.nat(0xffffffff), { maxLength: 9 });
  for (
    const [vector, arrayOid, values] of [[int2vector, 1006, int2s], [
      oidvector,
      1013,
      oids,
    ]] as const
  ) {
    const array = registry.codec(arrayOid);
    fc.assert(fc.property(fc.array(fc.option(values), { maxLength: 4 }), (list) => {
      assertEquals(decodeText(array, array.encodeText(list)), list);
      if (fitsBinary(array, list)) {
        assertEquals(decodeBinary(array, encodeBinary(array, list)), list);
      }
      for (const value of list) {
        if (value === null) continue;
        assertEquals(fitsBinary(vector, value), value.length > 0);
        assertEquals(decodeText(vector, vector.encodeText(value)), value);
        assertEquals(decodeBinary(vector, encodeBinary(vector, value)), value);
      }
    }));
  }
});

test("arrays of vectors keep their depth", () => {
  const text = '{{"1 2",3},{"",NULL}}';
  const codec = registry.codec(1006);
  const value = decodeText(codec, text) as unknown[];
  assertEquals(Array.from(value), [[[1, 2], [3]], [[], null]]);
  assertEquals(codec.encodeText(value), text);
});

test("system types refuse malformed text", () => {
  const bad: readonly (readonly [Codec, string])[] = [
    [xid, ""],
    [xid, "-1"],
    [xid, "4294967296"],
    [xid, "1x"],
    [cid, "1.5"],
    [xid8, ""],
    [xid8, "-1"],
    [xid8, "18446744073709551616"],
    [xid8, "00000000000000000000001"],
    [xid8, "1 0000000000"],
    [int2vector, " "],
    [int2vector, "1  2"],
    [int2vector, "1 "],
    [int2vector, "{1}"],
    [oidvector, "1x"],
  ];
  for (const [codec, text] of bad) {
    assertThrows(() => decodeText(codec, text), ProtocolError, "Cannot decode ");
  }
});

test("system types refuse binary fields cut at every length, or too long", () => {
  for (const [codec, , asHex] of cases) {
    if ([jsonpath, xml, voidType].includes(codec)) continue;
    const field = hex(asHex);
    for (let length = 0; length < field.length; length++) {
      const cut = field.slice(0, length);
      assertThrows(() => decodeBinary(codec, cut), ProtocolError, "Cannot decode ");
    }
    const long = new Uint8Array([...field, 0]);
    assertThrows(() => decodeBinary(codec, long), ProtocolError, "Cannot decode ");
  }
});

test("system types refuse binary fields that say something else", () => {
  const bad: readonly (readonly [Codec, string])[] = [
    [jsonpath, ""],
    [jsonpath, "02 24"],
    [pgSnapshot, "ffffffff 0000000000000001 0000000000000002"],
    [pgSnapshot, "00000001 0000000000000001 0000000000000002"],
    [regclass, "000000"],
    // An empty array, two dimensions, the lower bound 1, a NULL, another type, another size.
    [int2vector, "00000000 00000000 00000015"],
    [int2vector, "00000002 00000000 00000015 00000001 00000000 00000001 00000000 00000002 0001"],
    [int2vector, "00000001 00000000 00000015 00000001 00000001 00000002 0001"],
    [int2vector, "00000001 00000001 00000015 00000001 00000000 ffffffff"],
    [int2vector, "00000001 00000000 00000017 00000001 00000000 00000002 0001"],
    [int2vector, "00000001 00000000 00000015 00000001 00000000 00000004 00000001"],
    [oidvector, "00000001 00000000 0000001a ffffffff 00000000"],
    [oidvector, "00000001 00000000 0000001a 7fffffff 00000000"],
  ];
  for (const [codec, asHex] of bad) {
    assertThrows(() => decodeBinary(codec, hex(asHex)), ProtocolError, "Cannot decode ");
  }
});

test("system types: any bytes are a value or a ProtocolError", () => {
  const codecs = [
    xid,
    cid,
    xid8,
    tid,
    pgLsn,
    money,
    pgSnapshot,
    jsonpath,
    regproc,
    int2vector,
    oidvector,
  ];
  fc.assert(fc.property(fc.constantFrom(...codecs), fc.uint8Array(), (codec, garbage) => {
    for (const decode of [codec.decodeText, codec.decodeBinary!]) {
      try {
        const view = new DataView(garbage.buffer, garbage.byteOffset, garbage.byteLength);
        decode({ bytes: garbage, view, text: () => "" }, 0, garbage.length);
      } catch (error) {
        assert(error instanceof ProtocolError);
      }
    }
  }));
});

test("system types refuse what they cannot hold, and say why", () => {
  const bad: readonly (readonly [Codec, unknown, string])[] = [
    [xid, -1, "xid: no integer in 0 to 4294967295"],
    [xid, 2 ** 32, "xid: no integer in 0 to 4294967295"],
    [xid, 2n ** 32n, "xid: no integer in 0 to 4294967295"],
    [cid, 1.5, "cid: no integer in 0 to 4294967295"],
    [cid, NaN, "cid: no integer in 0 to 4294967295"],
    [cid, true, "cid: a boolean was given, expected a number or a bigint"],
    [regclass, -1n, "regclass: no integer in 0 to 4294967295"],
    [regproc, {}, "regproc: an object was given, expected a number or a bigint"],
    [xid8, -1n, "xid8: not in 0 to 18446744073709551615"],
    [xid8, 2n ** 64n, "xid8: not in 0 to 18446744073709551615"],
    [xid8, -1, "xid8: the number is no safe integer from 0 on, expected a bigint"],
    [xid8, 2 ** 53, "xid8: the number is no safe integer from 0 on, expected a bigint"],
    [xid8, null, "xid8: null was given, expected a bigint or a number"],
    [int2vector, 1, "int2vector: a number was given, expected an array of numbers"],
    [int2vector, [1, null], "int2: null was given, expected a number or a bigint"],
    [int2vector, [40000], "int2: not in -32768 to 32767"],
    [oidvector, [[1]], "oid: an array was given, expected a number or a bigint"],
    [oidvector, ["1 2"], "oid: a string was given, expected a number or a bigint"],
    // deno-lint-ignore no-sparse-arrays
    [oidvector, [1, , 2], "oid: undefined was given, expected a number or a bigint"],
  ];
  for (const [codec, value, message] of bad) {
    for (const encode of [() => codec.encodeText(value), () => encodeBinary(codec, value)]) {
      const error = assertThrows(encode, Error);
      assert(error instanceof TypeError || error instanceof RangeError);
      assertEquals(error.message, `Cannot encode ${message}`);
    }
  }
});

test("types that are their text take strings alone", () => {
  for (const codec of [tid, pgLsn, pgSnapshot, txidSnapshot, jsonpath, xml, aclitem, voidType]) {
    assertEquals(codec.encodeBinary, undefined, codec.name);
    assertEquals(textForm(codec, "é"), "é");
    for (const value of [1, 1n, true, null, {}, [], new Date(0)]) {
      assertThrows(() => textForm(codec, value), TypeError, `Cannot encode ${codec.name}: `);
    }
    assertThrows(() => textForm(codec, "\0"), TypeError, "zero byte");
  }
});

test("money takes whole numbers, which mean the same in every locale", () => {
  assertEquals(money.encodeBinary, undefined);
  for (
    const [value, text] of [[5, "5"], [-5, "-5"], [-0, "0"], [
      2n ** 60n,
      "1152921504606846976",
    ]] as const
  ) {
    assertEquals(textForm(money, value), text);
  }
  for (const value of [1.5, NaN, Infinity, 1e21, 2 ** 53]) {
    const error = assertThrows(() => textForm(money, value), RangeError);
    assertEquals(
      error.message,
      "Cannot encode money: the number is no safe integer, expected a string",
    );
  }
  for (const value of [true, {}, null]) {
    assertThrows(
      () => textForm(money, value),
      TypeError,
      "expected a string, a number or a bigint",
    );
  }
});
