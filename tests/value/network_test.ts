import fc from "fast-check";
import { connect } from "../../mod.ts";
import { ProtocolError } from "../../lib/errors.ts";
import type { Codec } from "../../lib/value/codec.ts";
import { cidrCodec, inetCodec } from "../../lib/value/network/inet.ts";
import { macaddr8Codec, macaddrCodec } from "../../lib/value/network/mac_address.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, hex } from "./fields.ts";

const ADDRESSES = 2000;

/** The server's text, and its binary form. */
const cases: readonly (readonly [codec: Codec, text: string, hex: string])[] = [
  // Family, bits, whether it is a cidr, count of bytes, the address.
  [inetCodec, "1.2.3.4", "02 20 00 04 01020304"],
  [inetCodec, "1.2.3.4/31", "02 1f 00 04 01020304"],
  [inetCodec, "0.0.0.0/0", "02 00 00 04 00000000"],
  [cidrCodec, "1.2.3.4/32", "02 20 01 04 01020304"],
  [cidrCodec, "10.0.0.0/8", "02 08 01 04 0a000000"],
  [inetCodec, "::", "03 80 00 10 0000000000000000 0000000000000000"],
  [inetCodec, "::1/127", "03 7f 00 10 0000000000000000 0000000000000001"],
  [inetCodec, "::1.2.3.4", "03 80 00 10 0000000000000000 0000000001020304"],
  [inetCodec, "::ffff:1.2.3.4", "03 80 00 10 0000000000000000 0000ffff01020304"],
  [inetCodec, "1:0:0:2::3", "03 80 00 10 0001000000000002 0000000000000003"],
  [inetCodec, "0:2:3:4:5:6:7:8", "03 80 00 10 0000000200030004 0005000600070008"],
  [cidrCodec, "::/0", "03 00 01 10 0000000000000000 0000000000000000"],
  [cidrCodec, "2001:db8::/32", "03 20 01 10 20010db800000000 0000000000000000"],
  [macaddrCodec, "08:00:2b:01:02:0f", "08002b01020f"],
  [macaddr8Codec, "08:00:2b:ff:fe:01:02:03", "08002bfffe010203"],
];

test("Network codecs give the same string of text and of binary", () => {
  for (const [codec, text, bytes] of cases) {
    assertEquals(decodeText(codec, text), text);
    assertEquals(decodeBinary(codec, hex(bytes)), text);
  }
});

test("Network codecs refuse bytes that are cut anywhere, or go on", () => {
  for (const [codec, , bytes] of cases) {
    const field = hex(bytes);
    const wrong = Array.from(field, (_, length) => field.subarray(0, length));
    wrong.push(Uint8Array.of(...field, 0));
    for (const part of wrong) {
      assertThrows(() => decodeBinary(codec, part), ProtocolError, `Cannot decode ${codec.name}: `);
    }
  }
});

test("Network codecs refuse headers that make no sense", () => {
  const bad: readonly (readonly [Codec, string, string])[] = [
    [inetCodec, "01 20 00 04 01020304", "address family 1 is unknown"],
    [cidrCodec, "04 20 01 04 01020304", "address family 4 is unknown"],
    [inetCodec, "02 21 00 04 01020304", "its header does not fit the address"],
    [inetCodec, "02 20 00 10 01020304", "its header does not fit the address"],
    [inetCodec, "02 20 00 10 0102030405060708 090a0b0c0d0e0f10", "20 bytes, expected 8"],
    [inetCodec, "03 20 00 04 01020304", "8 bytes, expected 20"],
    [cidrCodec, "03 81 01 10 0000000000000000 0000000000000000", "does not fit the address"],
  ];
  for (const [codec, bytes, fault] of bad) {
    assertThrows(() => decodeBinary(codec, hex(bytes)), ProtocolError, fault);
  }
});

test("macaddrCodec.decodeText() and macaddr8Codec.decodeText() refuse another length", () => {
  assertThrows(() => decodeText(macaddrCodec, "08:00:2b:01:02:0"), ProtocolError, "16 bytes");
  assertThrows(() => decodeText(macaddr8Codec, "08:00:2b:01:02:03"), ProtocolError, "17 bytes");
});

test("Network codecs are asked for in text and take nothing but strings", () => {
  const wanted: readonly (readonly [Codec, string])[] = [
    [inetCodec, "Cannot encode inet: a number was given, expected a string such as 10.0.0.0/8"],
    [cidrCodec, "Cannot encode cidr: a number was given, expected a string such as 10.0.0.0/8"],
    [
      macaddrCodec,
      "Cannot encode macaddr: a number was given, expected a string of hex digits, two a byte",
    ],
    [
      macaddr8Codec,
      "Cannot encode macaddr8: a number was given, expected a string of hex digits, two a byte",
    ],
  ];
  for (const [codec, message] of wanted) {
    assert(codec.prefersText);
    assertEquals(codec.encodeBinary, undefined);
    assertEquals(assertThrows(() => codec.encodeText(1), TypeError).message, message);
  }
});

/** Words that are often zero or ffff, as only those are printed in more than one way. */
const word = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 0xffff, 0x0100) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
);
const ipv6 = fc.tuple(
  fc.array(word, { minLength: 8, maxLength: 8 }),
  fc.integer({ min: 0, max: 128 }),
)
  .map(([words, bits]) => `${words.map((part) => part.toString(16)).join(":")}/${bits}`);
const ipv4 = fc.tuple(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), fc.nat(32))
  .map(([parts, bits]) => `${parts.join(".")}/${bits}`);
const mapped = fc.tuple(ipv4, fc.constantFrom("::", "::ffff:", "::1:", "::ffff:0:"))
  .map(([address, before]) => before + address.replace(/\d+$/, (bits) => String(+bits + 96)));

interface PrintedRow {
  readonly inet: string;
  readonly inetBytes: Uint8Array;
  readonly cidr: string;
  readonly cidrBytes: Uint8Array;
}

for (const version of ["3.2", "2.0"] as const) {
  const url = await databaseUrl(version);
  const server = version === "3.2" ? "today's server" : "the old server";
  test(`inetCodec.decodeBinary() prints ${ADDRESSES} random addresses as ${server} does`, async () => {
    const any = fc.oneof({ weight: 6, arbitrary: ipv6 }, ipv4, { weight: 2, arbitrary: mapped });
    const addresses = fc.sample(any, { numRuns: ADDRESSES, seed: 869 });
    await using sql = connect(url, { max: 1 });
    const rows = await sql.unsafe<PrintedRow>(
      `select v as inet, inet_send(v) as "inetBytes", ` +
        `network(v) as cidr, cidr_send(network(v)) as "cidrBytes" from unnest($1::inet[]) as v`,
      [addresses],
    );
    assertEquals(rows.length, ADDRESSES);
    for (const { inet, inetBytes, cidr, cidrBytes } of rows) {
      assertEquals(decodeBinary(inetCodec, inetBytes), inet);
      assertEquals(decodeBinary(cidrCodec, cidrBytes), cidr);
    }
  });
}
