import type { Range } from "../../lib/value/container/range_value.ts";
import { testCases } from "./server_cases.ts";

/** Of a type whose ranges the server always gives so; a side without bound is round. */
function half<T>(lower: T | null, upper: T | null): Range<T> {
  return { lower, upper, bounds: lower === null ? "()" : "[)" };
}

function utc(text: string): Date {
  return new Date(`${text}Z`);
}

testCases("int4range", [
  ["[1,5]", half(1, 6)],
  ["[1,5)", half(1, 5)],
  ["(1,5]", half(2, 6)],
  ["(1,5)", half(2, 5)],
  ["empty", "empty"],
  ["EMPTY", "empty"],
  ["[1,1)", "empty"],
  ["(1,2)", "empty"],
  ["[1,1]", half(1, 2)],
  ["[0,0]", half(0, 1)],
  ["(,)", half<number>(null, null)],
  ["[,]", half<number>(null, null)],
  ["[1,)", half(1, null)],
  ["(,5]", half<number>(null, 6)],
  ["[-2147483648,2147483647)", half(-2147483648, 2147483647)],
  ["(,2147483647)", half<number>(null, 2147483647)],
  ["(2147483646,)", half(2147483647, null)],
  [" [ -7 , 7 ) ", half(-7, 7)],
  ['["1","5")', half(1, 5)],
]);

testCases("int8range", [
  ["[9007199254740993,9007199254740995]", half(9007199254740993n, 9007199254740996n)],
  ["[-9223372036854775808,9223372036854775807)", half(-(2n ** 63n), 2n ** 63n - 1n)],
  ["(,0)", half<bigint>(null, 0n)],
  ["[0,)", half(0n, null)],
  ["empty", "empty"],
]);
testCases("int8range", [
  ["[1,9007199254740990]", half(1, 9007199254740991)],
  ["(,)", half<number>(null, null)],
], { types: { int8: "number" } });

testCases("numrange", [
  ["[1.10,2.20]", { lower: "1.10", upper: "2.20", bounds: "[]" }],
  ["[1.10,2.20)", { lower: "1.10", upper: "2.20", bounds: "[)" }],
  ["(1.10,2.20]", { lower: "1.10", upper: "2.20", bounds: "(]" }],
  ["(1.10,2.20)", { lower: "1.10", upper: "2.20", bounds: "()" }],
  ["[0,0]", { lower: "0", upper: "0", bounds: "[]" }],
  ["[0,0)", "empty"],
  ["(,1e-20]", { lower: null, upper: "0.00000000000000000001", bounds: "(]" }],
  ["[-1e20,)", { lower: "-100000000000000000000", upper: null, bounds: "[)" }],
  ["(-0.5,)", { lower: "-0.5", upper: null, bounds: "()" }],
  ["(,0.5)", { lower: null, upper: "0.5", bounds: "()" }],
  ["[1,NaN]", { lower: "1", upper: "NaN", bounds: "[]" }],
  ["[NaN,]", { lower: "NaN", upper: null, bounds: "[)" }],
  ["(,)", { lower: null, upper: null, bounds: "()" }],
  ["empty", "empty"],
]);
testCases("numrange", [
  ["[-Infinity,Infinity]", { lower: "-Infinity", upper: "Infinity", bounds: "[]" }],
  ["(-Infinity,)", { lower: "-Infinity", upper: null, bounds: "()" }],
], { since: 14 });

testCases("tsrange", [
  [
    "[2024-02-29 12:30:00,2024-03-01)",
    { lower: utc("2024-02-29T12:30"), upper: utc("2024-03-01T00:00"), bounds: "[)" },
  ],
  [
    "(2024-01-01 00:00:00.001,2024-01-01 00:00:00.002]",
    { lower: utc("2024-01-01T00:00:00.001"), upper: utc("2024-01-01T00:00:00.002"), bounds: "(]" },
  ],
  ["[2024-01-01,infinity]", { lower: utc("2024-01-01T00:00"), upper: Infinity, bounds: "[]" }],
  ["[2024-01-01,infinity)", { lower: utc("2024-01-01T00:00"), upper: Infinity, bounds: "[)" }],
  ["[2024-01-01,]", { lower: utc("2024-01-01T00:00"), upper: null, bounds: "[)" }],
  ["(-infinity,infinity)", { lower: -Infinity, upper: Infinity, bounds: "()" }],
  ["[-infinity,-infinity]", { lower: -Infinity, upper: -Infinity, bounds: "[]" }],
  ["(,infinity]", { lower: null, upper: Infinity, bounds: "(]" }],
  [
    '["0044-03-15 12:00:00 BC",0001-01-01)',
    { lower: utc("-000043-03-15T12:00"), upper: utc("0001-01-01T00:00"), bounds: "[)" },
  ],
  [
    "[9999-12-31 23:59:59.999,12345-06-07)",
    { lower: utc("9999-12-31T23:59:59.999"), upper: utc("+012345-06-07T00:00"), bounds: "[)" },
  ],
  ["empty", "empty"],
]);

testCases("tstzrange", [
  [
    "[2024-02-29 12:30:00+02,2024-02-29 12:30:00-05]",
    { lower: utc("2024-02-29T10:30"), upper: utc("2024-02-29T17:30"), bounds: "[]" },
  ],
  ["[2024-01-01 00:00:00+00,)", { lower: utc("2024-01-01T00:00"), upper: null, bounds: "[)" }],
  ["(,2024-01-01 00:00:00+00]", { lower: null, upper: utc("2024-01-01T00:00"), bounds: "(]" }],
  ["[-infinity,infinity]", { lower: -Infinity, upper: Infinity, bounds: "[]" }],
  [
    "(0001-01-01 00:00:00+00 BC,1970-01-01 00:00:00+00)",
    { lower: utc("0000-01-01T00:00"), upper: utc("1970-01-01T00:00"), bounds: "()" },
  ],
  ["(,)", { lower: null, upper: null, bounds: "()" }],
  ["empty", "empty"],
]);
testCases("tstzrange", [
  ["[2024-01-01 00:00:00.000001+00,2024-01-01 00:00:00.999999+00]"],
  ["[infinity,]"],
], { types: "lossless" });

testCases("daterange", [
  ["[2024-02-28,2024-02-29]", half(utc("2024-02-28T00:00"), utc("2024-03-01T00:00"))],
  ["(2024-12-31,2025-01-02)", half(utc("2025-01-01T00:00"), utc("2025-01-02T00:00"))],
  ["[2024-01-01,infinity)", half<unknown>(utc("2024-01-01T00:00"), Infinity)],
  ["[-infinity,2024-01-01)", half<unknown>(-Infinity, utc("2024-01-01T00:00"))],
  ["[2024-01-01,)", half(utc("2024-01-01T00:00"), null)],
  ["(,2024-01-01)", half<unknown>(null, utc("2024-01-01T00:00"))],
  ["[0044-03-15 BC,0044-03-16 BC)", half(utc("-000043-03-15T00:00"), utc("-000043-03-16T00:00"))],
  ["(,)", half<Date>(null, null)],
  ["empty", "empty"],
]);

for (const type of ["int4range", "numrange"]) {
  testCases(type, [
    ["[1,5)", "[1,5)"],
    ["(,)", "(,)"],
    ["[7,)", "[7,)"],
    ["empty", "empty"],
  ], { types: { range: "text" } });
}
testCases("tsrange", [
  [
    "[2024-01-01,2024-01-02 03:04:05.678901]",
    '["2024-01-01 00:00:00","2024-01-02 03:04:05.678901"]',
  ],
  ["[2024-01-01,infinity)", '["2024-01-01 00:00:00",infinity)'],
  ["(0044-03-15 BC,]", '("0044-03-15 00:00:00 BC",)'],
], { types: { range: "text" } });

testCases("int4multirange", [
  ["{}", []],
  ["{[1,3),[5,7)}", [half(1, 3), half(5, 7)]],
  ["{[5,7),[1,3)}", [half(1, 3), half(5, 7)]],
  ["{[1,3),[3,7)}", [half(1, 7)]],
  ["{empty,[1,1]}", [half(1, 2)]],
  ["{empty}", []],
  ["{(,1),[5,)}", [half<number>(null, 1), half(5, null)]],
  ["{(,)}", [half<number>(null, null)]],
  [" { [ 1 , 2 ) } ", [half(1, 2)]],
], { since: 14 });
testCases("int8multirange", [
  ["{[9007199254740993,9007199254740994]}", [half(9007199254740993n, 9007199254740995n)]],
  ["{}", []],
], { since: 14 });
testCases("nummultirange", [
  ["{[1.0,1.50],(2,3]}", [
    { lower: "1.0", upper: "1.50", bounds: "[]" },
    { lower: "2", upper: "3", bounds: "(]" },
  ]],
  ["{(,-1.5),(NaN,)}", [
    { lower: null, upper: "-1.5", bounds: "()" },
    { lower: "NaN", upper: null, bounds: "()" },
  ]],
], { since: 14 });
testCases("tstzmultirange", [
  ["{[2024-01-01 00:00:00+00,2024-01-02 00:00:00+00),[infinity,infinity]}", [
    { lower: utc("2024-01-01T00:00"), upper: utc("2024-01-02T00:00"), bounds: "[)" },
    { lower: Infinity, upper: Infinity, bounds: "[]" },
  ]],
  ["{}", []],
], { since: 14 });
testCases("tsmultirange", [
  ["{[2024-01-01 10:00:00,2024-01-01 11:00:00]}", [
    { lower: utc("2024-01-01T10:00"), upper: utc("2024-01-01T11:00"), bounds: "[]" },
  ]],
], { since: 14 });
testCases("datemultirange", [
  ["{[2024-01-01,2024-01-01],[2024-02-01,)}", [
    half(utc("2024-01-01T00:00"), utc("2024-01-02T00:00")),
    half(utc("2024-02-01T00:00"), null),
  ]],
], { since: 14 });
testCases("int4multirange", [
  ["{[1,3),[5,7)}", "{[1,3),[5,7)}"],
  ["{}", "{}"],
], { since: 14, types: { range: "text" } });
testCases("tsmultirange", [
  ["{[2024-01-01,2024-01-02)}", '{["2024-01-01 00:00:00","2024-01-02 00:00:00")}'],
], { since: 14, types: { range: "text" } });

const schema = "rill_range_cases";
const setup = `do $do$ begin
  perform pg_advisory_xact_lock(190001);
  if to_regnamespace('${schema}') is null then
    create schema ${schema};
    create domain ${schema}.price as numeric check (value >= 0);
    create type ${schema}.textrange as range (subtype = text, collation = "C");
    create type ${schema}.float8range as range (subtype = float8);
    create type ${schema}.pricerange as range (subtype = ${schema}.price);
    create type ${schema}.intsrange as range (subtype = int4[]);
    create type ${schema}.timerange as range (subtype = time);
    create domain ${schema}.span as int4range check (not isempty(value));
  end if;
end $do$`;

testCases(`${schema}.textrange`, [
  ["[a,b)", { lower: "a", upper: "b", bounds: "[)" }],
  ['["",a]', { lower: "", upper: "a", bounds: "[]" }],
  ['("",)', { lower: "", upper: null, bounds: "()" }],
  ['[,""]', { lower: null, upper: "", bounds: "(]" }],
  ['[" ","  "]', { lower: " ", upper: "  ", bounds: "[]" }],
  ["[ a , b ]", { lower: " a ", upper: " b ", bounds: "[]" }],
  ['["a,b","c)d"]', { lower: "a,b", upper: "c)d", bounds: "[]" }],
  ['["[(","])"]', { lower: "[(", upper: "])", bounds: "[]" }],
  ['["""","\\\\"]', { lower: '"', upper: "\\", bounds: "[]" }],
  ['[\\",\\\\)', { lower: '"', upper: "\\", bounds: "[)" }],
  ['[a"b"c,d"e""f"g]', { lower: "abc", upper: 'de"fg', bounds: "[]" }],
  ["[empty,null]", { lower: "empty", upper: "null", bounds: "[]" }],
  ["[EMPTY,NULL]", { lower: "EMPTY", upper: "NULL", bounds: "[]" }],
  ["[\n,\r]", { lower: "\n", upper: "\r", bounds: "[]" }],
  ['[it\'s,it"s"]', { lower: "it's", upper: "its", bounds: "[]" }],
  ["[ä,ö]", { lower: "ä", upper: "ö", bounds: "[]" }],
  ['["😀","😀,"]', { lower: "😀", upper: "😀,", bounds: "[]" }],
  ["[{,}]", { lower: "{", upper: "}", bounds: "[]" }],
  ["[\u00a0,\u3000]", { lower: "\u00a0", upper: "\u3000", bounds: "[]" }],
  ["(,)", { lower: null, upper: null, bounds: "()" }],
  ["empty", "empty"],
], { setup });
testCases(`${schema}.textrange`, [
  ['["","a b"]', '["","a b"]'],
  ['["""","\\\\"]', '["""","\\\\"]'],
  ["[\u00a0,\u3000]", "[\u00a0,\u3000]"],
  ['["\u000b","a]"]', '["\u000b","a]"]'],
], { setup, types: { range: "text" } });

testCases(`${schema}.float8range`, [
  ["[-0.5,1e300]", { lower: -0.5, upper: 1e300, bounds: "[]" }],
  ["[-Infinity,Infinity)", { lower: -Infinity, upper: Infinity, bounds: "[)" }],
  ["(NaN,]", { lower: NaN, upper: null, bounds: "()" }],
  ["[-0,5e-324]", { lower: -0, upper: 5e-324, bounds: "[]" }],
], { setup });
testCases(`${schema}.float8range`, [
  ["[1e15,1e23]", "[1e+15,9.999999999999999e+22]"],
  ["(-0,0.00001)", "(-0,1e-05)"],
], { setup, types: { range: "text" } });
testCases(`${schema}.pricerange`, [
  ["[0,9.99]", { lower: "0", upper: "9.99", bounds: "[]" }],
  ["(,1)", { lower: null, upper: "1", bounds: "()" }],
], { setup });
testCases(`${schema}.intsrange`, [
  ['["{1,2}","{3,NULL}")', { lower: [1, 2], upper: [3, null], bounds: "[)" }],
  ['["{}",)', { lower: [], upper: null, bounds: "[)" }],
], { setup });
testCases(`${schema}.timerange`, [
  ["[08:30,17:00)", { lower: "08:30:00", upper: "17:00:00", bounds: "[)" }],
  ["[00:00,24:00]", { lower: "00:00:00", upper: "24:00:00", bounds: "[]" }],
], { setup });
testCases(`${schema}.span`, [
  ["[1,5]", half(1, 6)],
  ["(,)", half<number>(null, null)],
], { setup });
testCases(`${schema}.textmultirange`, [
  ['{["",a),["b,","c]"]}', [
    { lower: "", upper: "a", bounds: "[)" },
    { lower: "b,", upper: "c]", bounds: "[]" },
  ]],
  ['{["{","}"],("\\"",)}', [
    { lower: '"', upper: null, bounds: "()" },
  ]],
  ["{}", []],
], { setup, since: 14 });
