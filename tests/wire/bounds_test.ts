/** Messages that lie, written by hand as the manual's fields. */

import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { ProtocolError } from "../../lib/errors.ts";
import type { DecoderOptions, MessageDecoder } from "../../lib/wire/decoder.ts";
import type { BackendMessage } from "../../lib/wire/backend_message.ts";
import { BackendDecoderV2 } from "../../lib/wire/v2/backend_decoder.ts";
import { FrontendDecoderV2 } from "../../lib/wire/v2/frontend_decoder.ts";
import { BackendDecoderV3 } from "../../lib/wire/v3/backend_decoder.ts";
import { FrontendDecoderV3 } from "../../lib/wire/v3/frontend_decoder.ts";
import { test } from "../harness.ts";
import { concat, cut, utf8 } from "./feeding.ts";

type Part = string | readonly number[];

/** Texts and bytes one behind the other. */
function bytesOf(...parts: Part[]): Uint8Array {
  return concat(parts.map((part) => typeof part === "string" ? utf8(part) : Uint8Array.from(part)));
}

const int16 = (value: number): number[] => [value >> 8 & 255, value & 255];
const int32 = (
  value: number,
): number[] => [value >>> 24, ...int16(value >> 16).slice(1), ...int16(value)];

const readyV3 = bytesOf("Z", int32(5), "I");
const readyV2 = bytesOf("Z");

function readyDecoderV3(options?: DecoderOptions): BackendDecoderV3 {
  const decoder = new BackendDecoderV3(options);
  decoder.push(readyV3);
  return decoder;
}

/** With a RowDescription of one column. */
function readyDecoderV2(options?: DecoderOptions): BackendDecoderV2 {
  const decoder = new BackendDecoderV2(options);
  decoder.push(readyV2);
  decoder.push(bytesOf("T", int16(1), "a\0", int32(25), int16(-1), int32(-1)));
  return decoder;
}

/** Refused whole, byte by byte and cut in two, always with the same words. */
function refuses(
  make: () => MessageDecoder<unknown>,
  bytes: Uint8Array,
  reason: string,
): void {
  const cuts = [[], ...Array.from(bytes, (_, at) => [at]), Array.from(bytes, (_, at) => at)];
  for (const offsets of cuts) {
    const decoder = make();
    const error = assertThrows(
      () => cut(bytes, offsets).forEach((piece) => decoder.push(piece)),
      ProtocolError,
    );
    assert(error.message.includes(reason), `"${error.message}" has not "${reason}"`);
    assert(error.message.startsWith("Cannot decode "));
    // Who failed once stays failed.
    assertEquals(assertThrows(() => decoder.push(readyV3)), error);
    assertEquals(assertThrows(() => decoder.end()), error);
  }
}

const badV3: readonly [string, Uint8Array, string][] = [
  ["an unknown type", bytesOf("y", int32(4)), "a message of type y in state ready at offset 6"],
  ["a type that is not printable", bytesOf([7], int32(4)), "a message of type 0x07"],
  ["a length under 4", bytesOf("C", int32(3)), "its length is 3"],
  ["a negative length", bytesOf("d", int32(-1)), "its length is -1"],
  ["a length over the limit", bytesOf("d", int32(0x40000000)), "its length is 1073741824"],
  ["a DataRow without a count", bytesOf("D", int32(5), [0]), "its length is 5"],
  ["bytes left over", bytesOf("Z", int32(6), "I!"), "1 bytes are left over"],
  ["bytes left over in an empty message", bytesOf("1", int32(5), "!"), "1 bytes are left over"],
  ["a text without an end", bytesOf("C", int32(6), "ab"), "a text has no end"],
  ["an unknown status", bytesOf("Z", int32(5), "Q"), "the transaction status is unknown"],
  ["an unknown authentication", bytesOf("R", int32(8), int32(99)), "authentication code 99"],
  ["a short salt", bytesOf("R", int32(10), int32(5), [1, 2]), "4 bytes are needed, 2 are left"],
  ["a count without items", bytesOf("T", int32(6), int16(1664)), "1664 items need"],
  ["an unknown format", bytesOf("G", int32(7), [2], int16(0)), "format code 2 is unknown"],
  ["a short key", bytesOf("K", int32(11), int32(1), [1, 2, 3]), "the secret key has 3 bytes"],
  [
    "a value out of bounds",
    bytesOf("V", int32(9), int32(2), [1]),
    "2 bytes are needed, 1 are left",
  ],
  ["a value of length -2", bytesOf("V", int32(8), int32(-2)), "a length is -2"],
  ["too many options", bytesOf("v", int32(12), int32(196610), int32(9)), "9 options"],
  ["fields without an end mark", bytesOf("E", int32(7), "Mm\0"), "1 bytes are needed, 0 are left"],
];

for (const [what, bytes, reason] of badV3) {
  test(`BackendDecoderV3.push() refuses ${what}`, () => {
    refuses(() => readyDecoderV3(), bytes, reason);
  });
}

const badV2: readonly [string, Uint8Array, string][] = [
  ["an unknown type", bytesOf("b"), "a message of type b in state ready"],
  ["a type that only 3.x has", bytesOf("S"), "a message of type S"],
  [
    "an AsciiRow value whose size does not hold itself",
    bytesOf("D", [0x80], int32(3)),
    "value 1 has the size 3",
  ],
  ["a negative BinaryRow value", bytesOf("B", [0x80], int32(-1)), "value 1 has the size -1"],
  [
    "a value over the limit",
    bytesOf("B", [0x80], int32(0x7fffffff)),
    "expected at most 1073741823",
  ],
  ["too many fields", bytesOf("T", int16(1665)), "it has 1665 fields"],
  ["a negative number of fields", bytesOf("T", int16(-1)), "it has -1 fields"],
  ["SASL, which 2.0 has not", bytesOf("R", int32(10)), "authentication code 10"],
  ["a function response that is none", bytesOf("V1"), "neither G nor 0"],
  ["a negative function result", bytesOf("VG", int32(-1)), "its result has the size -1"],
  ["a function result without its end", bytesOf("VG", int32(1), "x1"), "no 0 came behind"],
];

for (const [what, bytes, reason] of badV2) {
  test(`BackendDecoderV2.push() refuses ${what}`, () => {
    refuses(() => readyDecoderV2(), bytes, reason);
  });
}

test("BackendDecoderV2.push() refuses a row without a RowDescription, also behind ReadyForQuery", () => {
  const row = bytesOf("D", [0]);
  refuses(() => new BackendDecoderV2(), row, "no RowDescription came before it");
  refuses(
    () => {
      const decoder = readyDecoderV2();
      decoder.push(readyV2);
      return decoder;
    },
    row,
    "no RowDescription came before it",
  );
});

test("BackendDecoderV3.push() accepts little before the log-in and much behind it", () => {
  const long = bytesOf("N", int32(0x10001));
  refuses(() => new BackendDecoderV3(), long, "in state startup at offset 0");
  assertEquals(readyDecoderV3().push(long), []);
});

test("BackendDecoderV2.push() accepts little before the log-in and much behind it", () => {
  const long = bytesOf("N", "x".repeat(0x10000));
  const whole = assertThrows(() => new BackendDecoderV2().push(long), ProtocolError);
  assertEquals(whole.state, "startup");
  assertEquals(readyDecoderV2().push(long), []);
});

test("BackendDecoderV3.push() keeps to maxMessageBytes", () => {
  const options = { maxMessageBytes: 20 };
  const row = bytesOf("D", int32(20), int16(1), int32(10), "0123456789");
  assertEquals(readyDecoderV3(options).push(row).length, 1);
  const longer = bytesOf("D", int32(21), int16(1), int32(11), "0123456789a");
  refuses(() => readyDecoderV3(options), longer, "its length is 21, expected 6 to 20");
});

test("BackendDecoderV2.push() keeps to maxMessageBytes in rows, texts and lines", () => {
  const options = { maxMessageBytes: 20 };
  const row = bytesOf("D", [0x80], int32(18), "0123456789abcd");
  assertEquals(readyDecoderV2(options).push(row).length, 1);
  const longer = bytesOf("D", [0x80], int32(19), "0123456789abcde");
  refuses(() => readyDecoderV2(options), longer, "it needs 21 bytes, expected at most 20");
  refuses(() => readyDecoderV2(options), bytesOf("C", "x".repeat(30)), "expected at most 20");
  refuses(
    () => readyDecoderV2(options),
    bytesOf("H", "x".repeat(30)),
    "a line has more than 20 bytes",
  );
});

test("ProtocolError of a decoder has the type, the state and the offset in the stream", () => {
  const decoder = readyDecoderV3();
  decoder.push(bytesOf("C", int32(4)).subarray(0, 0));
  decoder.push(bytesOf("C", int32(6), "a\0", "Z", int32(5)));
  const error = assertThrows(() => decoder.push(bytesOf("?")), ProtocolError);
  assertEquals([error.messageType, error.state, error.offset], ["Z", "ready", 13]);
  assert(error.message.includes("ReadyForQuery"));
});

test("BackendDecoder*.end() refuses a stream that ends within a message", () => {
  const cutMessages: [MessageDecoder<BackendMessage>, Uint8Array][] = [
    [readyDecoderV3(), bytesOf("Z", int32(5))],
    [readyDecoderV3(), bytesOf("Z")],
    [new BackendDecoderV3(), bytesOf("E")],
    [new BackendDecoderV3(), bytesOf("EFATAL:  no")],
    [readyDecoderV2(), bytesOf("CSEL")],
    [readyDecoderV2(), bytesOf("D")],
    [readyDecoderV2(), bytesOf("H")],
    [readyDecoderV2(), bytesOf("Hline")],
    [readyDecoderV2(), bytesOf("Hline\n")],
  ];
  for (const [decoder, bytes] of cutMessages) {
    decoder.push(bytes);
    const error = assertThrows(() => decoder.end(), ProtocolError, "the stream ended");
    assertEquals(assertThrows(() => decoder.end()), error);
  }
  readyDecoderV3().end();
  readyDecoderV2().end();
});

test("BackendDecoderV3.push() understands an error in 2.0's form before the log-in", () => {
  const bytes = bytesOf("EFATAL:  unsupported frontend protocol\n\0");
  for (let at = 0; at < bytes.length; at++) {
    const decoder = new BackendDecoderV3();
    const [message] = cut(bytes, [at]).flatMap((piece) => decoder.push(piece));
    decoder.end();
    assertEquals(message, {
      kind: "ErrorResponse",
      fields: { severity: "FATAL", message: "unsupported frontend protocol" },
    });
  }
  refuses(readyDecoderV3, bytes, "its length is");
});

test("BackendDecoderV3.push() bounds an error in 2.0's form", () => {
  const text = utf8("E" + "x".repeat(0x10000));
  const decoder = new BackendDecoderV3();
  decoder.push(text.subarray(0, 100));
  assertThrows(() => decoder.push(text.subarray(100)), ProtocolError, "its text has more than");
});

test("BackendDecoderV2.push() takes a text without a severity as it is", () => {
  const [message] = new BackendDecoderV2().push(bytesOf("EUnsupported frontend protocol.\0"));
  assertEquals(message, {
    kind: "ErrorResponse",
    fields: { severity: "ERROR", message: "Unsupported frontend protocol." },
  });
});

test("BackendDecoderV2.push() takes the position from the end of an error, where it is English", () => {
  const decoder = readyDecoderV2();
  const messages = decoder.push(bytesOf(
    'EERROR:  column "x" does not exist at character 8\n\0',
    "EFEHLER:  Spalte fehlt bei Zeichen 8\n\0",
    "NNOTICE:  a:  b\nc\n\0",
  ));
  assertEquals(messages.map((message) => "fields" in message ? message.fields : undefined), [
    { severity: "ERROR", message: 'column "x" does not exist', position: 8 },
    { severity: "FEHLER", message: "Spalte fehlt bei Zeichen 8" },
    { severity: "NOTICE", message: "a:  b\nc" },
  ]);
});

test("BackendDecoderV3.push() takes the untranslated severity and skips what it does not know", () => {
  const body = "SFEHLER\0VERROR\0C42703\0Mm\0P12\0L-1\0p1e3\0?new\0\0";
  const [message] = readyDecoderV3().push(bytesOf("E", int32(4 + body.length), body));
  assertEquals(message, {
    kind: "ErrorResponse",
    fields: { severity: "ERROR", code: "42703", message: "m", position: 12 },
  });
});

test("BackendDecoderV2.push() counts empty lines of a COPY as rows unless an error follows", () => {
  const copied = (end: string): string[] => {
    const decoder = readyDecoderV2();
    const messages = decoder.push(bytesOf(`H\n\n\na\n\n\n\n\\.\n${end}`));
    return messages.slice(1).map((message) =>
      message.kind === "CopyData" ? new TextDecoder().decode(message.data) : message.kind
    );
  };
  assertEquals(copied("CCOPY\0"), ["\n\n\na\n\n", "\n\n", "CopyDone", "CommandComplete"]);
  // Two of the three at the end are the server's own.
  assertEquals(copied("EERROR:  e\n\0"), ["\n\n\na\n\n", "ErrorResponse"]);
});

test("FrontendDecoderV3.push() refuses start-up packets that lie", () => {
  const make = () => new FrontendDecoderV3();
  refuses(make, bytesOf(int32(7), int32(0)), "its length is 7, expected 8 to 10000");
  refuses(make, bytesOf(int32(10001), int32(196608)), "its length is 10001");
  refuses(make, bytesOf(int32(9), int32(80877103), [0]), "1 bytes are left over");
  refuses(make, bytesOf(int32(13), int32(196608), "user\0"), "a text has no end");
  refuses(make, bytesOf(int32(15), int32(80877102), int32(1), [1, 2, 3]), "the secret key has 3");
});

test("FrontendDecoderV3.push() refuses an answer that nobody asked for", () => {
  const make = () => {
    const decoder = new FrontendDecoderV3();
    decoder.expect("query");
    return decoder;
  };
  refuses(make, bytesOf("p", int32(6), "x\0"), "no authentication was asked for");
  refuses(make, bytesOf("D", int32(6), "X\0"), "its target is unknown");
  refuses(make, bytesOf("Z", int32(5), "I"), "a message of type Z in state query");
});

test("FrontendDecoderV2.push() refuses messages that lie", () => {
  const make = () => {
    const decoder = new FrontendDecoderV2();
    decoder.expect("query");
    return decoder;
  };
  refuses(make, bytesOf("P\0"), "a message of type P");
  refuses(make, bytesOf("F\0", int32(1), int32(101)), "it has 101 arguments");
  refuses(make, bytesOf("F\0", int32(1), int32(1), int32(-2)), "an argument has the size -2");
});

test("FrontendDecoderV3.push() and FrontendDecoderV2.push() go on to the password by themselves", () => {
  const decoderV3 = new FrontendDecoderV3();
  const startup = bytesOf(int32(16), int32(196608), "user\0u\0\0");
  const [first, second] = decoderV3.push(bytesOf([...startup], "p", int32(6), "x\0"));
  assertEquals([first.kind, second.kind], ["StartupMessage", "PasswordMessage"]);
  const decoderV2 = new FrontendDecoderV2();
  const packet = bytesOf(
    int32(8),
    int32(80877103),
    int32(104),
    int32(131072),
    [...new Uint8Array(64)],
    "u",
    [...new Uint8Array(31)],
  );
  const messages = decoderV2.push(bytesOf([...packet], int32(6), "x\0"));
  assertEquals(messages, [
    { kind: "SSLRequest" },
    { kind: "StartupMessage", version: 0x20000, parameters: { user: "u" } },
    { kind: "PasswordMessage", password: "x" },
  ]);
});
