import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { parseExactJson } from "../../lib/value/json/exact_json.ts";
import { formatJson, jsonbCodecs, jsonCodecs } from "../../lib/value/json/json.ts";
import { JsonNumber } from "../../lib/value/json/json_number.ts";
import { writeJson } from "../../lib/value/json/json_writer.ts";
import { fitsBinary, textForm } from "../../lib/value/text_form.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "./fields.ts";

const codecs = [...Object.values(jsonCodecs), ...Object.values(jsonbCodecs)];

test("jsonbCodecs have a version before the text, jsonCodecs have none", () => {
  const json = hex("7b2261223a 5b312c 6e756c6c 5d7d");
  const jsonb = hex("01 7b2261223a 5b312c 6e756c6c 5d7d");
  for (const shape of ["parsed", "exact"] as const) {
    assertEquals(decodeBinary(jsonCodecs[shape], json), { a: [1, null] });
    assertEquals(decodeBinary(jsonbCodecs[shape], jsonb), { a: [1, null] });
    assertEquals(encodeBinary(jsonCodecs[shape], { a: [1, null] }), json);
    assertEquals(encodeBinary(jsonbCodecs[shape], { a: [1, null] }), jsonb);
  }
  assertEquals(decodeBinary(jsonCodecs.text, json), '{"a":[1,null]}');
  assertEquals(decodeBinary(jsonbCodecs.text, jsonb), '{"a":[1,null]}');
});

test("jsonCodecs refuse what is no JSON, and do not show it", () => {
  for (const codec of codecs) {
    if (codec === jsonCodecs.text || codec === jsonbCodecs.text) continue;
    for (const text of ["", "{", "[1,]", '{"secret"}', "secret", "1 2", '"secret', "[1e5 1]"]) {
      const error = assertThrows(() => decodeText(codec, text), ProtocolError);
      assertEquals(error.message, `Cannot decode ${codec.name}: its text is no JSON`);
      assertEquals(error.cause, undefined);
    }
  }
  for (const codec of Object.values(jsonbCodecs)) {
    for (const bytes of ["", "00 31", "02 31", "31"]) {
      assertThrows(() => decodeBinary(codec, hex(bytes)), ProtocolError, "expected 1");
    }
  }
});

test("jsonCodecs take strings as JSON strings, in the shape text as JSON text", () => {
  for (const { parsed, exact, text } of [jsonCodecs, jsonbCodecs]) {
    assertEquals(textForm(parsed, "[1]"), '"[1]"');
    assertEquals(textForm(exact, "[1]"), '"[1]"');
    assertEquals(textForm(text, "[1]"), "[1]");
    assertEquals(textForm(text, [1, "a"]), '[1,"a"]');
    assertEquals([fitsBinary(parsed, "a"), fitsBinary(text, "a")], [true, false]);
    assertThrows(() => textForm(text, '"\0"'), TypeError, "zero byte");
  }
});

/** The text of a number, and what it is exactly. */
const numbers: readonly (readonly [string, number | bigint | JsonNumber])[] = [
  ["0", 0],
  ["0.0", 0],
  ["0e99999999999999999999", 0],
  ["1", 1],
  ["1.10", 1.1],
  ["1e3", 1000],
  ["1E+3", 1000],
  ["12.5e-1", 1.25],
  ["0.1", 0.1],
  ["100e-2", 1],
  ["0.30000000000000004", 0.1 + 0.2],
  ["0.3000000000000000400", 0.1 + 0.2],
  ["9007199254740991", 2 ** 53 - 1],
  ["9007199254740992", 2 ** 53],
  ["9007199254740993", 9007199254740993n],
  ["-9007199254740993", -9007199254740993n],
  ["12345678901234567890", 12345678901234567890n],
  ["1000000000000000000000", 1e21],
  ["1e21", 1e21],
  ["1e400", new JsonNumber("1e400")],
  ["-1e400", new JsonNumber("-1e400")],
  ["1e-400", new JsonNumber("1e-400")],
  ["5e-324", 5e-324],
  ["4e-324", new JsonNumber("4e-324")],
  ["1.7976931348623157e308", Number.MAX_VALUE],
  ["1.7976931348623158e308", new JsonNumber("1.7976931348623158e308")],
  ["0.1234567890123456789", new JsonNumber("0.1234567890123456789")],
  ["9007199254740993.0", new JsonNumber("9007199254740993.0")],
  ["9007199254740993e0", new JsonNumber("9007199254740993e0")],
  ["0.1000000000000000055511151231257827", new JsonNumber("0.1000000000000000055511151231257827")],
  ["1.00000000000000000000", 1],
  ["123456789012345.6", 123456789012345.6],
  ["1e99999999999999999999", new JsonNumber("1e99999999999999999999")],
];

test("parseExactJson() keeps all digits of numbers, wherever they are", () => {
  for (const [text, number] of numbers) {
    assertEquals(parseExactJson(text), number, text);
    assertEquals(parseExactJson(`[${text}]`), [number], text);
    assertEquals(parseExactJson(` [ 1 , ${text}\n] `), [1, number], text);
    assertEquals(parseExactJson(`{"a":${text},"b": "\\"${text}"}`), { a: number, b: `"${text}` });
    const sent = formatJson("json", { a: [number] });
    assertEquals(parseExactJson(sent), { a: [number] }, sent);
  }
  assert(Object.is(parseExactJson("-0"), -0));
  assert(Object.is(parseExactJson("-0e0"), -0));
});

test("parseExactJson() changes no number, and gives JavaScript's own back as they were", () => {
  const power = fc.integer({ min: -400, max: 400 });
  fc.assert(fc.property(fc.bigInt(), fc.nat(40), power, (digits, scale, exponent) => {
    const size = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
    const plain = scale === 0 ? size : `${size.slice(0, -scale)}.${size.slice(-scale)}`;
    for (const text of [plain, `-${plain}`, `${plain}e${exponent}`]) {
      assertEquals(scaled(formatJson("json", parseExactJson(text))), scaled(text), text);
    }
  }));
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
    assertStrictEquals(parseExactJson(String(number)), Object.is(number, -0) ? 0 : number);
  }));
});

/** A decimal times 10^1000, as an integer. */
function scaled(text: string): bigint {
  const [, sign, whole, fraction = "", exponent = "0"] = text.match(
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/,
  )!;
  const size = BigInt(whole + fraction) * 10n ** BigInt(1000 - fraction.length + Number(exponent));
  return sign === "-" ? -size : size;
}

test("parseExactJson() makes a JsonNumber of integers that are too long for some bigints", () => {
  const longest = `1${"2".repeat(131_071)}`;
  assertEquals(parseExactJson(longest), BigInt(longest));
  assertEquals(parseExactJson(`${longest}3`), new JsonNumber(`${longest}3`));
});

test("parseExactJson() is JSON.parse() but for the numbers", () => {
  const texts = fc.tuple(fc.json({ noUnicodeString: false }), fc.integer({ min: 0, max: 3 }))
    .map(([text, indent]) => JSON.stringify(JSON.parse(text), null, indent));
  // The first element makes the exact parser do it.
  fc.assert(fc.property(texts, (text) => {
    const [first, second] = parseExactJson(`[1e5, ${text}]`) as unknown[];
    assertEquals(first, 1e5);
    assertEquals(second, JSON.parse(text));
  }));
});

test("parseExactJson() takes and refuses the texts that JSON.parse() does", () => {
  const pieces = ["1", "-", "1e5", "0", ".5", "e", '"', '"a"', "\\", "\\u00", "[", "]", "{", "}"];
  const garbage = fc.array(fc.constantFrom(...pieces, ",", ":", " ", "\n", "\v", "null", "tru"));
  fc.assert(
    fc.property(garbage, (parts) => {
      const text = `[1e5,${parts.join("")}]`;
      assertEquals(accepts(() => parseExactJson(text)), accepts(() => JSON.parse(text)), text);
    }),
    { numRuns: 2000 },
  );
});

function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    assert(error instanceof SyntaxError);
    return false;
  }
}

test("parseExactJson() keeps the last of duplicate keys and makes __proto__ a property", () => {
  const value = parseExactJson('{"a": 1e400, "b": 2, "a": 3, "__proto__": {"admin": 1}}') as object;
  assertEquals(Object.entries(value), [["a", 3], ["b", 2], ["__proto__", { admin: 1 }]]);
  assertEquals("admin" in value, false);
  assertStrictEquals(Object.getPrototypeOf(value), Object.prototype);
});

test("jsonCodecs read and write deeper than the stack is", () => {
  for (const depth of [3_000, 100_000]) {
    for (const number of ["1", "12345678901234567890"]) {
      const text = `${'[{"a":'.repeat(depth)}${number}${"}]".repeat(depth)}`;
      const value = decodeText(jsonCodecs.exact, text);
      assertEquals(jsonCodecs.exact.encodeText(value) === text, true);
    }
  }
});

test("JsonNumber is a frozen number with a text", () => {
  const number = new JsonNumber("1.50");
  assertEquals([number.text, String(number), +number, JSON.stringify([number])], [
    "1.50",
    "1.50",
    1.5,
    "rawJSON" in JSON ? "[1.50]" : "[1.5]", // Node before 21 can but round it.
  ]);
  assert(Object.isFrozen(number));
  for (const text of ["", "1.", ".5", "01", "+1", "NaN", "1 ", "1]", "1\n", "0x1"]) {
    const error = assertThrows(() => new JsonNumber(text), RangeError);
    assertEquals(error.message, "Cannot encode json: the text of a JsonNumber is no number");
  }
});

test("formatJson() is JSON.stringify() for all that that can write", () => {
  const values = [
    { a: undefined, b: () => 1, c: Symbol("c"), d: 1 },
    [undefined, () => 1, Symbol("c"), , null],
    [NaN, -Infinity, -0, 1e21, 1e-7],
    { "": '\0\u2028\ud800"\\', __proto__: null, é: "😀" },
    [new Date(0), new Date(NaN), /a/, new Map([[1, 2]]), new Set([1]), new Uint8Array([1, 2])],
    [new Number(1), new String("a"), new Boolean(false)],
    { toJSON: (key: string) => ({ key }) },
    { a: { toJSON: (key: string) => ({ key }) }, b: [{ toJSON: (key: string) => key }] },
    { a: { toJSON: () => undefined }, b: [{ toJSON: () => undefined }] },
    Object.assign(() => 1, { toJSON: () => "called" }),
    Object.create({ inherited: 1 }, { hidden: { value: 1 }, own: { value: 1, enumerable: true } }),
    [],
    {},
    [[], [[]], {}, { a: {} }],
    "",
    true,
  ];
  for (const value of values) {
    assertEquals(formatJson("json", value), JSON.stringify(value));
    // The way that is taken for what JSON.stringify cannot write.
    assertEquals(writeJson(value), JSON.stringify(value));
  }
  fc.assert(fc.property(fc.anything({ withDate: true, withBoxedValues: true }), (value) => {
    assertEquals(writeJson(value), JSON.stringify(value));
  }));
});

test("formatJson() writes bigints and JsonNumbers with all digits, anywhere", () => {
  const big = 2n ** 64n;
  const number = new JsonNumber("0.12345678901234567890");
  const cases: readonly (readonly [unknown, string])[] = [
    [big, "18446744073709551616"],
    [-1n, "-1"],
    [Object(5n), "5"],
    [number, "0.12345678901234567890"],
    [{ a: [big, { b: number }], c: "x" }, `{"a":[${big},{"b":${number}}],"c":"x"}`],
    [{ toJSON: () => [number, big] }, `[${number},${big}]`],
    [[undefined, big, "😀\n"], `[null,${big},"😀\\n"]`],
    [{ a: undefined, b: big }, `{"b":${big}}`],
  ];
  for (const [value, text] of cases) {
    assertEquals(formatJson("json", value), text);
    for (const codec of codecs) assertEquals(codec.encodeText(value), text);
  }
});

test("formatJson() keeps what JSON.rawJSON made", () => {
  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
  if (rawJSON === undefined) return;
  assertEquals(formatJson("json", [rawJSON("1.50"), 1n]), "[1.50,1]");
});

test("jsonCodecs refuse what has no JSON form, and do not show it", () => {
  const cycle: Record<string, unknown> = { secret: [1n] };
  cycle.again = [cycle];
  const throwing = {
    toJSON(): never {
      throw new Error("secret");
    },
  };
  const noForm = "Cannot encode json: the value has no JSON form";
  const bad: readonly (readonly [unknown, string])[] = [
    [undefined, "Cannot encode json: undefined was given, expected a value that has a JSON form"],
    [
      () => "secret",
      "Cannot encode json: a function was given, expected a value that has a JSON form",
    ],
    [
      Symbol("secret"),
      "Cannot encode json: a symbol was given, expected a value that has a JSON form",
    ],
    [
      { toJSON: () => undefined },
      "Cannot encode json: an object was given, expected a value that has a JSON form",
    ],
    [cycle, noForm],
    [throwing, noForm],
  ];
  for (const [value, message] of bad) {
    for (const codec of Object.values(jsonCodecs)) {
      assertEquals(assertThrows(() => codec.encodeText(value), TypeError).message, message);
      assertEquals(assertThrows(() => encodeBinary(codec, value), TypeError).message, message);
    }
  }
});

test("formatJson() ends where a value is nested for ever", () => {
  const endless = { toJSON: () => ({ next: { toJSON: endless.toJSON } }) };
  assertThrows(() => formatJson("json", endless), TypeError, "the value has no JSON form");
});

test("formatJson() takes one object in several places", () => {
  const shared = { a: 1n };
  assertEquals(formatJson("json", [shared, { b: shared }]), '[{"a":1},{"b":{"a":1}}]');
});
