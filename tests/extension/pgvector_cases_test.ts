import { halfvec, sparsevec, vector } from "../../lib/extension/pgvector/mod.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";
import { decodeBinary } from "../value/fields.ts";
import { askPglite, testPgliteCases } from "./pglite_cases.ts";

const many = Array.from({ length: 16_000 }, (_, i) => i % 97);

testPgliteCases(vector, [
  ["[1]", [1]],
  ["[1,2,3]", [1, 2, 3]],
  ["[0.1,0.2,0.3]", [0.1, 0.2, 0.3]],
  ["[-1.5,1e-10,2.5e+20]", [-1.5, 1e-10, 2.5e20]],
  ["[0,-0]", [0, -0]],
  [" [ 1 , 2 ] ", [1, 2]],
  ["[3.4028235e38,-3.4028235e38]", [3.4028235e38, -3.4028235e38]],
  ["[1.17549435e-38,1.1754942e-38]", [1.1754944e-38, 1.1754942e-38]],
  ["[1e-45,-1e-45,4e-45]", [1e-45, -1e-45, 4e-45]],
  ["[1e-46]", [0]],
  ["[16777216,16777217,16777219]", [16777216, 16777216, 16777220]],
  ["[123456789,1234567,999999.94]", [123456790, 1234567, 999999.94]],
  ["[1e5,1e6,1e15,1e16,1e37]", [1e5, 1e6, 1e15, 1e16, 1e37]],
  ["[0.3333333333333333,0.6666666666666666]", [0.33333334, 0.6666667]],
  ["[3.141592653589793,2.718281828459045]", [3.1415927, 2.7182817]],
  ["[1.0000001,0.99999994]", [1.0000001, 0.99999994]],
  [`[${many}]`, many],
]);

testPgliteCases(halfvec, [
  ["[1]", [1]],
  ["[1,-2,0.5]", [1, -2, 0.5]],
  ["[0,-0]", [0, -0]],
  ["[0.1,0.2,0.3]", [0.099975586, 0.19995117, 0.30004883]],
  ["[65504,-65504]", [65504, -65504]],
  ["[65519.996]", [65504]],
  ["[5.9604645e-08,-5.9604645e-08]", [5.9604645e-8, -5.9604645e-8]],
  ["[2.98e-08,2.9802322e-08]", [0, 0]],
  ["[2.9802326e-08]", [5.9604645e-8]],
  ["[8.940697e-08,8.94e-08]", [1.1920929e-7, 5.9604645e-8]],
  ["[6.1035156e-05,6.097555e-05]", [6.1035156e-5, 6.097555e-5]],
  ["[6.1005354e-05]", [6.1035156e-5]],
  ["[2048,2049,2051,4098]", [2048, 2048, 2052, 4096]],
  ["[1.0004883,1.0004884,1.0014648]", [1, 1.0009766, 1.0019531]],
  ["[1e-46]", [0]],
  ["[0.333,3.14159,2.71828]", [0.3330078, 3.140625, 2.71875]],
  ["[1e-5,1234.5]", [1.001358e-5, 1234]],
  [`[${many}]`, many],
]);

testPgliteCases(sparsevec, [
  ["{}/1", { dimensions: 1, indices: [], values: [] }],
  ["{}/1000000000", { dimensions: 1_000_000_000, indices: [], values: [] }],
  ["{1:1}/1", { dimensions: 1, indices: [0], values: [1] }],
  ["{1:1,3:2.5}/5", { dimensions: 5, indices: [0, 2], values: [1, 2.5] }],
  ["{5:-1,1:0.1}/5", { dimensions: 5, indices: [0, 4], values: [0.1, -1] }],
  ["{1:0,2:-0,3:3}/3", { dimensions: 3, indices: [2], values: [3] }],
  ["{1000000000:1e-45}/1000000000", {
    dimensions: 1_000_000_000,
    indices: [999_999_999],
    values: [1e-45],
  }],
  ["{1:3.4028235e38,2:-3.4028235e38}/2", {
    dimensions: 2,
    indices: [0, 1],
    values: [3.4028235e38, -3.4028235e38],
  }],
  ["{1:1e15,2:1e16,3:123456789}/3", {
    dimensions: 3,
    indices: [0, 1, 2],
    values: [1e15, 1e16, 123456790],
  }],
  [" { 2 : 2 } / 4", { dimensions: 4, indices: [1], values: [2] }],
]);

test("vector, halfvec and sparsevec take what users have", async () => {
  const typed = Float32Array.of(0.1, 2, -3.5);
  assertEquals(await askPglite(vector, "select $1::vector::text as v", [typed]), "[0.1,2,-3.5]");
  assertEquals(
    await askPglite(vector, "select $1::vector::text as v", [Int8Array.of(1, -2)]),
    "[1,-2]",
  );
  assertEquals(await askPglite(vector, "select $1::vector::text as v", ["[1,2]"]), "[1,2]");
  assertEquals(
    await askPglite(vector, "select $1::vector[]::text as v", [[typed, [1, 2]]]),
    '{"[0.1,2,-3.5]","[1,2]"}',
  );
  assertEquals(
    await askPglite(vector, "select ($1::vector <-> $2::vector) as v", [[0, 0], [3, 4]]),
    5,
  );
  assertEquals(
    await askPglite(halfvec, "select $1::halfvec::text as v", [typed]),
    "[0.099975586,2,-3.5]",
  );
  const sparse = {
    dimensions: 9,
    indices: Int32Array.of(7, 2, 4),
    values: Float32Array.of(1, 0.5, 0),
  };
  assertEquals(
    await askPglite(sparsevec, "select $1::sparsevec::text as v", [sparse]),
    "{3:0.5,8:1}/9",
  );
});

test("halfvec: every half is the number that the server prints", async () => {
  const halves = Array.from({ length: 0x7c00 }, (_, bits) => [bits, bits + 0x8000]).flat();
  for (let at = 0; at < halves.length; at += 16_000) {
    const some = Uint16Array.from(halves.slice(at, at + 16_000));
    const bytes = new DataView(new ArrayBuffer(4 + some.length * 2));
    bytes.setInt16(0, some.length);
    some.forEach((bits, i) => bytes.setUint16(4 + i * 2, bits));
    const numbers = decodeBinary(halfvec, new Uint8Array(bytes.buffer));
    const text = await askPglite(halfvec, "select $1::halfvec::text as v", [numbers]) as string;
    assertEquals(numbers, text.slice(1, -1).split(",").map(Number));
  }
});
