import { test } from "../harness.ts";
import { connect } from "../../mod.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals, assertRejects } from "../std_assert.ts";
import { testCases, type ValueCase } from "./server_cases.ts";

testCases("bool", [
  ["t", true],
  ["f", false],
  ["true", true],
  ["FALSE", false],
  ["yes", true],
  ["off", false],
  ["1", true],
  ["0", false],
  [" tru ", true],
]);

testCases("int2", [
  ["0", 0],
  ["-0", 0],
  ["1", 1],
  ["-1", -1],
  ["9", 9],
  ["10", 10],
  ["127", 127],
  ["128", 128],
  ["-128", -128],
  ["255", 255],
  ["256", 256],
  ["-256", -256],
  ["32767", 32767],
  ["-32768", -32768],
  ["  42 ", 42],
  ["+7", 7],
]);

testCases("int4", [
  ["0", 0],
  ["-0", 0],
  ["1", 1],
  ["-1", -1],
  ["99", 99],
  ["100", 100],
  ["32768", 32768],
  ["-32769", -32769],
  ["65535", 65535],
  ["65536", 65536],
  ["16777216", 16777216],
  ["16777217", 16777217],
  ["999999999", 999999999],
  ["1000000000", 1000000000],
  ["1073741823", 1073741823], // The last small integer of V8 with compressed pointers.
  ["1073741824", 1073741824],
  ["-1073741825", -1073741825],
  ["2147483647", 2147483647],
  ["-2147483648", -2147483648],
]);

testCases("oid", [
  ["0", 0],
  ["1", 1],
  ["26", 26],
  ["16384", 16384],
  ["2147483647", 2147483647],
  ["2147483648", 2147483648],
  ["4294967295", 4294967295],
  ["-1", 4294967295],
]);

const int8Texts = [
  "0",
  "1",
  "-1",
  "10",
  "999999999",
  "1000000000",
  "2147483648",
  "-2147483649",
  "4294967295",
  "4294967296",
  "-4294967296",
  "-4294967297",
  "99999999999999",
  "1000000000000000",
  "9007199254740991",
  "-9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "8999999999999999999",
  "9000000000000000001",
  "9223372036854775806",
  "9223372036854775807",
  "-9223372036854775807",
  "-9223372036854775808",
];
testCases("int8", int8Texts.map((text) => [text, BigInt(text)]));
testCases("int8", int8Texts.map((text) => [text, text]), { types: { int8: "string" } });
const isSafe = (text: string) => Number.isSafeInteger(Number(text));
testCases("int8", int8Texts.filter(isSafe).map((text) => [text, Number(text)]), {
  types: { int8: "number" },
});
// 2^53 + 1 is half-way: the even neighbour is taken.
testCases(
  "int8",
  int8Texts.filter((text) => !isSafe(text)).map((text) => [text, Number(text)]),
  { types: { int8: "number" }, notSent: "what was rounded is refused" },
);

const float8Cases: readonly ValueCase[] = [
  ["0", 0],
  ["-0", -0],
  ["1", 1],
  ["-1.5", -1.5],
  ["0.1", 0.1],
  ["0.30000000000000004", 0.1 + 0.2],
  ["0.3333333333333333", 1 / 3],
  ["3.141592653589793", Math.PI],
  ["2.718281828459045", Math.E],
  ["1e15", 1e15],
  ["1e16", 1e16],
  ["123456789012345680", 123456789012345680],
  ["9007199254740991", 2 ** 53 - 1],
  ["9007199254740993", 2 ** 53],
  ["9007199254740994", 2 ** 53 + 2],
  ["1e20", 1e20],
  ["1e21", 1e21], // From here on JavaScript writes an exponent.
  ["1e22", 1e22],
  ["1e23", 1e23],
  ["0.000001", 1e-6],
  ["1e-7", 1e-7],
  ["1.7976931348623157e308", Number.MAX_VALUE],
  ["-1.7976931348623157e308", -Number.MAX_VALUE],
  ["2.2250738585072014e-308", 2 ** -1022],
  ["2.225073858507201e-308", 2.225073858507201e-308],
  ["5e-324", Number.MIN_VALUE],
  ["-5e-324", -Number.MIN_VALUE],
  ["4.35", 4.35],
  ["6.02214076e23", 6.02214076e23],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-inf", -Infinity],
];
testCases("float8", float8Cases);

testCases("float4", [
  ["0", 0],
  ["-0", -0],
  ["1", 1],
  ["-1", -1],
  ["0.1", 0.1],
  ["0.2", 0.2],
  ["0.3", 0.3],
  ["-0.7", -0.7],
  ["1.1", 1.1],
  ["3.14", 3.14],
  ["98.6", 98.6],
  ["3.1415927", 3.1415927],
  ["0.33333334", 0.33333334],
  ["1234.5678", 1234.5677],
  ["16777215", 16777215],
  ["16777216", 16777216],
  ["16777217", 16777216],
  ["16777218", 16777218],
  ["33554448", 33554448], // 33554450 is shorter, and half-way to the next.
  ["2097152.25", 2097152.2], // As near to .3; the even digit.
  ["2097152.75", 2097152.8],
  ["123456789", 123456790],
  ["1e10", 1e10],
  ["1e15", 1e15],
  ["1e20", 1e20],
  ["1e22", 1e22],
  ["1e23", 1e23],
  ["1e38", 1e38],
  ["3.4028235e38", 3.4028235e38],
  ["-3.4028235e38", -3.4028235e38],
  ["1e-5", 1e-5],
  ["1e-10", 1e-10],
  ["1e-20", 1e-20],
  ["1.1754944e-38", 1.1754944e-38],
  ["1.1754942e-38", 1.1754942e-38],
  ["1e-45", 1e-45],
  ["3e-45", 3e-45],
  ["-1.4e-45", -1e-45],
  ["9.8e-45", 1e-44],
  ["7.038531e-26", 7.038531e-26], // Its double is half-way between two floats.
  ["-7.038531e-26", -7.038531e-26],
  ["9.5367431640625e-07", 9.536743e-7], // A power of two.
  ["1.1920929e-07", 1.1920929e-7],
  ["8.589973e9", 8.589974e9],
  ["1.5", 1.5],
  ["0.0078125", 0.0078125],
  ["NaN", NaN],
  ["inf", Infinity],
  ["-Infinity", -Infinity],
]);

const digits131k = "7".repeat(131_072);
const numericCases: readonly ValueCase[] = [
  ["0", "0"],
  ["-0", "0"],
  ["0.0", "0.0"],
  ["0.00000000000000000000", "0.00000000000000000000"],
  ["1", "1"],
  ["-1", "-1"],
  ["1.0", "1.0"],
  ["1.10", "1.10"],
  ["-1.50", "-1.50"],
  ["0.5", "0.5"],
  [".5", "0.5"],
  ["5.", "5"],
  ["+007.50", "7.50"],
  ["0.05", "0.05"],
  ["0.005", "0.005"],
  ["0.0005", "0.0005"],
  ["0.00005", "0.00005"],
  ["-0.0001", "-0.0001"],
  ["0.1234", "0.1234"],
  ["0.12345", "0.12345"],
  ["9", "9"],
  ["99", "99"],
  ["999", "999"],
  ["9999", "9999"],
  ["10000", "10000"],
  ["10001", "10001"],
  ["99999999", "99999999"],
  ["100000000", "100000000"],
  ["100000000.5", "100000000.5"],
  ["1000000000000", "1000000000000"],
  ["99990000.0001", "99990000.0001"],
  ["12345.678", "12345.678"],
  ["1e4", "10000"],
  ["1.5e3", "1500"],
  ["15e-3", "0.015"],
  ["1e15", "1000000000000000"],
  ["999999999999999", "999999999999999"],
  ["9007199254740993", "9007199254740993"],
  ["0.000000000000001", "0.000000000000001"],
  ["0.0000000000000001", "0.0000000000000001"],
  ["99999999999.9999", "99999999999.9999"],
  ["999999999999.999", "999999999999.999"],
  ["1e100", `1${"0".repeat(100)}`],
  ["1e-100", `0.${"0".repeat(99)}1`],
  [
    "123456789012345678901234567890.123456789",
    "123456789012345678901234567890.123456789",
  ],
  ["3.14159265358979323846264338327950288", "3.14159265358979323846264338327950288"],
  [digits131k, digits131k],
  [`0.${"3".repeat(16_383)}`, `0.${"3".repeat(16_383)}`],
  ["NaN", "NaN"],
];
testCases("numeric", numericCases);
const infinities: readonly ValueCase[] = [
  ["Infinity", "Infinity"],
  ["-Infinity", "-Infinity"],
  ["inf", "Infinity"],
];
testCases("numeric", infinities, { since: 14 });
// Number() rounds a decimal just once, whatever its length.
const asNumbers = (cases: readonly ValueCase[]): ValueCase[] =>
  cases.map(([literal, value]) => [literal, Number(value)]);
testCases("numeric", asNumbers(numericCases), {
  types: { numeric: "number" },
  notSent: "numbers have no trailing zeros",
});
testCases("numeric", asNumbers(infinities), { types: { numeric: "number" }, since: 14 });
testCases("numeric", [["0.1", 0.1], ["-19.99", -19.99], ["1e21", 1e21], ["1e-7", 1e-7]], {
  types: { numeric: "number" },
});
testCases("numeric(10,2)", [["1", "1.00"], ["-0.005", "-0.01"], ["12345678.9", "12345678.90"]]);
testCases("numeric(6,-3)", [["123456", "123000"], ["-999500", "-1000000"]], { since: 15 });

testCases("uuid", [
  ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"],
  ["ffffffff-ffff-ffff-ffff-ffffffffffff", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["01234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"],
  ["80000000-7fff-8000-7fff-800000000000", "80000000-7fff-8000-7fff-800000000000"],
  ["0a0b0c0d-0e0f-1011-1213-141516171819", "0a0b0c0d-0e0f-1011-1213-141516171819"],
]);

test("int8, numeric and floats take numbers, bigints and strings in every shape", async () => {
  for (const shape of ["bigint", "number", "string"] as const) {
    const types = { int8: shape, numeric: shape === "number" ? shape : "string" } as const;
    await using sql = connect(await databaseUrl("3.2"), { max: 1, types });
    for (const value of [42, 42n, "42"]) {
      const [{ same }] = await sql.unsafe(
        "select $1::int8 = 42 and $2::numeric = 42 and $3::float4 = 42 and $4::float8 = 42 " +
          "and $5::int2 = 42 and $6::oid = 42 and $7::int4 = 42 as same",
        new Array(7).fill(value),
      );
      assertEquals(same, true);
    }
    const tooLarge = () => sql.unsafe("select $1::int8", [2 ** 53]);
    await assertRejects(async () => await tooLarge(), TypeError, "expected a bigint");
  }
});
