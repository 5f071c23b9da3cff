import { connect } from "../../mod.ts";
import { lowerBoundsOf } from "../../lib/value/container/array_shape.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { hex } from "./fields.ts";
import { testCases, type ValueCase } from "./server_cases.ts";

// An array of arrays is an array of more dimensions, which all have to be of one shape.
const alone = { array: false } as const;

testCases("int4[]", [
  ["{}", []],
  ["{1}", [1]],
  ["{1,2,3}", [1, 2, 3]],
  ["{NULL}", [null]],
  ["{1,NULL}", [1, null]],
  ["{NULL,null,2}", [null, null, 2]],
  [" { 1 , 2 } ", [1, 2]],
  ["{-2147483648,0,2147483647}", [-2147483648, 0, 2147483647]],
  ["{{1,2},{3,4}}", [[1, 2], [3, 4]]],
  ["{{1},{2},{3}}", [[1], [2], [3]]],
  ["{{1,2,3}}", [[1, 2, 3]]],
  ["{{1,NULL},{NULL,4}}", [[1, null], [null, 4]]],
  ["{{{1,2},{3,4}},{{5,6},{7,8}}}", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]],
  ["{{{{1}}}}", [[[[1]]]]],
  ["{{{{{1},{2}}}}}", [[[[[1], [2]]]]]],
  ["{{{{{{1,2}}}}}}", [[[[[[1, 2]]]]]]],
  ["{{{{{{1}},{{NULL}}}}}}", [[[[[[1]], [[null]]]]]]],
  ["[0:1]={5,6}", [5, 6]],
  ["[1:2]={5,6}", [5, 6]],
  ["[5:5]={7}", [7]],
  ["[-3:-1]={1,NULL,3}", [1, null, 3]],
  ["[0:0][0:1]={{1,2}}", [[1, 2]]],
  ["[1:1][-2:-1]={{1,2}}", [[1, 2]]],
  ["[-1:0][3:3]={{1},{2}}", [[1], [2]]],
  ["[2:3][1:1][0:0]={{{1}},{{2}}}", [[[1]], [[2]]]],
  ["[2147483646:2147483646]={1}", [1]],
  ["[-2147483648:-2147483647]={1,2}", [1, 2]],
  [`{${Array.from({ length: 5000 }, (_, i) => i).join()}}`, Array.from(Array(5000).keys())],
], alone);

testCases("int8[]", [
  ["{}", []],
  ["{1,-1}", [1n, -1n]],
  ["{9223372036854775807,NULL}", [9223372036854775807n, null]],
  ["{-9223372036854775808}", [-9223372036854775808n]],
  ["{{1},{9007199254740993}}", [[1n], [9007199254740993n]]],
  ["[0:0]={5}", [5n]],
], alone);
testCases("int8[]", [["{1,NULL,2}", [1, null, 2]], ["{{3}}", [[3]]]], {
  ...alone,
  types: { int8: "number" },
});

testCases("int2[]", [
  ["{1,-32768,32767}", [1, -32768, 32767]],
  ["{NULL,NULL}", [null, null]],
  ["{{1,2},{3,NULL}}", [[1, 2], [3, null]]],
], alone);
testCases("oid[]", [["{0,4294967295}", [0, 4294967295]], ["{NULL}", [null]]], alone);

testCases("float4[]", [
  ["{0.1,1.1,-0}", [0.1, 1.1, -0]],
  ["{NaN,Infinity,-Infinity,NULL}", [NaN, Infinity, -Infinity, null]],
  ["{{1e-45},{3.4028235e38}}", [[1e-45], [3.4028235e38]]],
  ["{16777216,2097152.25}", [16777216, 2097152.2]],
], alone);
testCases("float8[]", [
  ["{0.1,-0,1e300}", [0.1, -0, 1e300]],
  ["{NaN,Infinity,-Infinity}", [NaN, Infinity, -Infinity]],
  ["{NULL,NaN}", [null, NaN]],
  ["{5e-324,1.7976931348623157e308}", [5e-324, Number.MAX_VALUE]],
  ["[0:1]={1.5,2.5}", [1.5, 2.5]],
  ["{{1,2},{NaN,NULL}}", [[1, 2], [NaN, null]]],
], alone);

// Strings, as a numeric alone: nothing is rounded.
testCases("numeric[]", [
  ["{1.10,NULL,NaN}", ["1.10", null, "NaN"]],
  ["{0.00,-1.50}", ["0.00", "-1.50"]],
  ["{123456789012345678901234567890.5}", ["123456789012345678901234567890.5"]],
  ["{{1,2.0},{3.00,4}}", [["1", "2.0"], ["3.00", "4"]]],
  ["[-1:-1]={1e20}", ["100000000000000000000"]],
  ["{}", []],
], alone);
testCases("numeric[]", [["{1.5,NULL}", [1.5, null]], ["{{0.1}}", [[0.1]]]], {
  ...alone,
  types: { numeric: "number" },
});

testCases("bool[]", [
  ["{t,f}", [true, false]],
  ["{true,NULL,off}", [true, null, false]],
  ["{{t},{f}}", [[true], [false]]],
  ["[0:0]={t}", [true]],
  ["{}", []],
], alone);

testCases("uuid[]", [
  ["{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
  [
    "{NULL,00000000-0000-0000-0000-000000000000}",
    [null, "00000000-0000-0000-0000-000000000000"],
  ],
  [
    "{{ffffffffffffffffffffffffffffffff},{NULL}}",
    [["ffffffff-ffff-ffff-ffff-ffffffffffff"], [null]],
  ],
], alone);

testCases("bytea[]", [
  ["{}", []],
  ['{"\\\\x"}', [hex("")]],
  ['{"\\\\x00ff5c27",NULL}', [hex("00ff5c27"), null]],
  ['{"\\\\x4e554c4c","\\\\x22","\\\\x7b2c7d"}', [hex("4e554c4c"), hex("22"), hex("7b2c7d")]],
  ['{{"\\\\x01"},{"\\\\x02"}}', [[hex("01")], [hex("02")]]],
  ['[0:1]={"\\\\xde","\\\\xad"}', [hex("de"), hex("ad")]],
  ["{plain}", [hex("706c61696e")]],
], alone);
testCases("bytea[]", [
  ['{"\\\\x5c","\\\\x00ff"}', [hex("5c"), hex("00ff")]],
  ['{"\\\\x",NULL}', [hex(""), null]],
], { ...alone, setup: "set bytea_output = escape" });

const textCases: readonly ValueCase[] = [
  ["{}", []],
  ["{a,b}", ["a", "b"]],
  ['{""}', [""]],
  ['{"",NULL,""}', ["", null, ""]],
  ["{NULL}", [null]],
  ['{"NULL"}', ["NULL"]],
  ['{"null","Null","nULL"}', ["null", "Null", "nULL"]],
  ["{NULLS,NUL,xNULL}", ["NULLS", "NUL", "xNULL"]],
  ['{"NULL",NULL}', ["NULL", null]],
  ["{N\\ULL}", ["NULL"]],
  ['{"a,b","c"}', ["a,b", "c"]],
  ['{"{","}","{}"}', ["{", "}", "{}"]],
  ['{"{a,b}","{{1}}"}', ["{a,b}", "{{1}}"]],
  ['{"\\""}', ['"']],
  ['{"\\"\\""}', ['""']],
  ['{"\\\\"}', ["\\"]],
  ['{"\\\\\\\\","\\\\\\""}', ["\\\\", '\\"']],
  ['{"a\\"b\\\\c"}', ['a"b\\c']],
  ["{a\\,b,c\\ d}", ["a,b", "c d"]],
  ['{" "}', [" "]],
  ['{" a","b "," c "}', [" a", "b ", " c "]],
  ["{  a  ,  b c  }", ["a", "b c"]],
  ['{"\t","\n","\r\n","\v","\f"}', ["\t", "\n", "\r\n", "\v", "\f"]],
  ['{"line\nbreak"}', ["line\nbreak"]],
  ["{'}", ["'"]],
  ["{it''s}", ["it''s"]],
  ["{[,],=,(,)}", ["[", "]", "=", "(", ")"]],
  ['{"[0:1]={1,2}"}', ["[0:1]={1,2}"]],
  ["{[0:1]=}", ["[0:1]="]],
  ["{;,:,--,/*}", [";", ":", "--", "/*"]],
  ["{$1,%s,$$}", ["$1", "%s", "$$"]],
  ["{é,€,😀,日本語}", ["é", "€", "😀", "日本語"]],
  ['{"é \\"€\\" \\\\ 😀"}', ['é "€" \\ 😀']],
  ["{\u00a0,\u2003,\ufeff}", ["\u00a0", "\u2003", "\ufeff"]], // No spaces to PostgreSQL.
  ["{\u0001,\u007f}", ["\u0001", "\u007f"]],
  ["{1,true,1.50}", ["1", "true", "1.50"]],
  ['{{a,"b c"},{NULL,"NULL"}}', [["a", "b c"], [null, "NULL"]]],
  ['{{"{","}"},{",","\\""}}', [["{", "}"], [",", '"']]],
  ['{{{"",a}},{{"\\\\",b}}}', [[["", "a"]], [["\\", "b"]]]],
  ["[0:1]={a,NULL}", ["a", null]],
  ['[2:2][0:1]={{"x y","}"}}', [["x y", "}"]]],
  [`{${"x".repeat(10_000)},"${"y z".repeat(3000)}"}`, ["x".repeat(10_000), "y z".repeat(3000)]],
];
testCases("text[]", textCases, alone);
testCases("varchar[]", textCases.slice(0, 12), alone);
testCases("name[]", [["{pg_class,NULL}", ["pg_class", null]]], alone);
testCases("bpchar[]", [['{"a ",b}', ["a ", "b"]], ["{NULL}", [null]]], alone);

test("arrays keep their lower bounds over all ways, and are sent with them", async () => {
  const bounds: readonly (readonly [string, readonly number[] | undefined])[] = [
    ["{5,6}", undefined],
    ["[1:2]={5,6}", undefined],
    ["[0:1]={5,6}", [0]],
    ["[-2:-1][3:3]={{1},{2}}", [-2, 3]],
    ["[1:1][0:1]={{1,2}}", [1, 0]],
    ["[1:1][1:1][7:7]={{{NULL}}}", [1, 1, 7]],
  ];
  const protocols = ["3.2", "2.0"] as const;
  for (const protocolVersion of protocols) {
    const url = await databaseUrl(protocolVersion);
    await using sql = connect(url, { max: 1, protocolVersion });
    for (const [text, wanted] of bounds) {
      const [{ v }] = await sql.unsafe<{ v: unknown[] }>(`select '${text}'::int4[] as v`);
      assertEquals(lowerBoundsOf(v), wanted, text);
      const [row] = await sql.unsafe("select $1::int4[]::text = $2::int4[]::text as same", [
        v,
        text,
      ]);
      assertEquals(row.same, true, text);
    }
  }
});
