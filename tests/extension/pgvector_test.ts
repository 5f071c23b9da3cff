import { halfFromFloat, halfToNumber } from "../../lib/extension/pgvector/half_float.ts";
import { halfvec, sparsevec, vector } from "../../lib/extension/pgvector/mod.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary, hex } from "../value/fields.ts";

// Int16 dimensions, Int16 unused, the numbers.
const vectorBytes = hex("0003 0000 3dcccccd 80000000 c0600000");
const halfvecBytes = hex("0003 0000 2e66 8000 c300");
// Int32 dimensions, Int32 elements, Int32 unused, the indices, the numbers.
const sparsevecBytes = hex("00000009 00000002 00000000 00000002 00000007 3f000000 3dcccccd");
const sparse = { dimensions: 9, indices: [2, 7], values: [0.5, 0.1] };

test("vector, halfvec and sparsevec read the server's bytes and text", () => {
  assertEquals(decodeBinary(vector, vectorBytes), [0.1, -0, -3.5]);
  assertEquals(decodeText(vector, "[0.1,-0,-3.5]"), [0.1, -0, -3.5]);
  assertEquals(decodeBinary(halfvec, halfvecBytes), [0.099975586, -0, -3.5]);
  assertEquals(decodeText(halfvec, "[0.099975586,-0,-3.5]"), [0.099975586, -0, -3.5]);
  assertEquals(decodeBinary(sparsevec, sparsevecBytes), sparse);
  assertEquals(decodeText(sparsevec, "{3:0.5,8:0.1}/9"), sparse);
  assertEquals(decodeText(sparsevec, "{}/9"), { dimensions: 9, indices: [], values: [] });
});

test("vector, halfvec and sparsevec write the server's bytes and text", () => {
  assertEquals(encodeBinary(vector, [0.1, -0, -3.5]), vectorBytes);
  assertEquals(vector.encodeText([0.1, -0, -3.5, 1e-10]), "[0.1,-0,-3.5,1e-10]");
  assertEquals(vector.encodeText(Float32Array.of(0.1)), "[0.1]");
  assertEquals(encodeBinary(halfvec, [0.1, -0, -3.5]), halfvecBytes);
  assertEquals(halfvec.encodeText([0.1, -0, -3.5]), "[0.099975586,-0,-3.5]");
  assertEquals(encodeBinary(sparsevec, sparse), sparsevecBytes);
  assertEquals(sparsevec.encodeText(sparse), "{3:0.5,8:0.1}/9");
  const unordered = { dimensions: 9, indices: [7, 3, 2], values: [0.1, 0, 0.5] };
  assertEquals(encodeBinary(sparsevec, unordered), sparsevecBytes);
});

test("vector, halfvec and sparsevec refuse bytes cut at any place, and more of them", () => {
  const types = [[vector, vectorBytes], [halfvec, halfvecBytes], [sparsevec, sparsevecBytes]];
  for (const [codec, bytes] of types as [typeof vector, Uint8Array][]) {
    for (let length = 0; length < bytes.length; length++) {
      assertThrows(() => decodeBinary(codec, bytes.slice(0, length)), ProtocolError);
    }
    assertThrows(() => decodeBinary(codec, Uint8Array.of(...bytes, 0)), ProtocolError);
  }
  assertThrows(() => decodeBinary(sparsevec, hex("00000009 ffffffff 00000000")), ProtocolError);
});

test("vector, halfvec and sparsevec refuse texts of another form", () => {
  for (const text of ["", "[", "]", "1,2", "[]", "[1,,2]", "[1,x]", "{1}"]) {
    assertThrows(() => decodeText(vector, text), ProtocolError, "Cannot decode vector: ");
    assertThrows(() => decodeText(halfvec, text), ProtocolError, "Cannot decode halfvec: ");
  }
  for (const text of ["", "{}", "{}/", "{1}/2", "{1:2:3}/4", "{:1}/2", "{1:}/2", "{1:1,}/2"]) {
    assertThrows(() => decodeText(sparsevec, text), ProtocolError, "Cannot decode sparsevec: ");
  }
});

/** The value and the error, without "Cannot encode vector: ". */
const badVectors: readonly [unknown, string][] = [
  [1, "a number was given, expected an array of numbers or a Float32Array"],
  [{}, "an object was given, expected an array of numbers or a Float32Array"],
  [new DataView(new ArrayBuffer(4)), "an object was given, expected an array of numbers or a Flo"],
  [[], "0 dimensions, expected 1 to 16000"],
  [new Float32Array(16_001), "16001 dimensions, expected 1 to 16000"],
  [[1, null], "null was given, expected a number at index 1"],
  [[1, "2"], "a string was given, expected a number at index 1"],
  [BigInt64Array.of(1n), "a bigint was given, expected a number at index 0"],
  [[1, , 3], "undefined was given, expected a number at index 1"],
  [[[1]], "an array was given, expected a number at index 0"],
  [[1, 2, NaN], "the number at index 2 is not finite"],
  [[-Infinity], "the number at index 0 is not finite"],
  [[1, 1e39], "the number at index 1 is too large"],
];

test("vector and halfvec say what cannot be sent", () => {
  for (const [value, fault] of badVectors) {
    for (const codec of [vector, halfvec]) {
      const text = `Cannot encode ${codec.name}: ${fault}`;
      assertThrows(() => codec.encodeText(value), Error, text);
      assertThrows(() => encodeBinary(codec, value), Error, text);
    }
  }
  const text = "Cannot encode halfvec: the number at index 1 is too large";
  assertThrows(() => encodeBinary(halfvec, [65519.996, 65520]), RangeError, text);
  assertThrows(() => encodeBinary(halfvec, [1, -1e38]), RangeError, text);
});

const badSparse: readonly [unknown, string][] = [
  [null, "null was given, expected an object with dimensions, indices and values"],
  [[1, 2], "an array was given, expected an object with dimensions, indices and values"],
  [{ dimensions: 3, indices: [] }, "an object was given, expected an object with dimensions, ind"],
  [{ ...sparse, dimensions: 0 }, "dimensions must be an integer from 1 to 1000000000"],
  [{ ...sparse, dimensions: 1.5 }, "dimensions must be an integer from 1 to 1000000000"],
  [{ ...sparse, dimensions: 1e9 + 1 }, "dimensions must be an integer from 1 to 1000000000"],
  [{ ...sparse, indices: [1] }, "1 indices but 2 values"],
  [{ ...sparse, indices: [1, 9] }, "an index is no integer from 0 to below the dimensions"],
  [{ ...sparse, indices: [-1, 2] }, "an index is no integer from 0 to below the dimensions"],
  [{ ...sparse, indices: [0.5, 2] }, "an index is no integer from 0 to below the dimensions"],
  [{ ...sparse, indices: ["1", 2] }, "a string was given, expected a number as index"],
  [{ ...sparse, indices: [2, 2] }, "an index stands there twice"],
  [{ ...sparse, values: [1, NaN] }, "the number at index 1 is not finite"],
  [{ ...sparse, values: [1, 1e39] }, "the number at index 1 is too large"],
  [{ ...sparse, values: [1e-46, 1] }, "the number at index 0 is too small"],
  [{ ...sparse, values: [1, null] }, "null was given, expected a number at index 1"],
  [
    {
      dimensions: 20_000,
      indices: Array.from({ length: 16_001 }, (_, i) => i),
      values: new Array(16_001).fill(1),
    },
    "16001 elements, expected up to 16000",
  ],
];

test("sparsevec says what cannot be sent", () => {
  for (const [value, fault] of badSparse) {
    const text = `Cannot encode sparsevec: ${fault}`;
    assertThrows(() => sparsevec.encodeText(value), Error, text);
    assertThrows(() => encodeBinary(sparsevec, value), Error, text);
  }
});

test("halfFromFloat() gives back every half that halfToNumber() reads", () => {
  const view = new DataView(new ArrayBuffer(4));
  for (let bits = 0; bits < 0x1_0000; bits++) {
    const number = halfToNumber(bits);
    if (Number.isNaN(number)) continue;
    view.setFloat32(0, number);
    assertEquals(halfFromFloat(view.getUint32(0)), bits);
  }
});

test("halfFromFloat() rounds to the nearest half, of two as near to the even one", () => {
  const view = new DataView(new ArrayBuffer(4));
  const round = (number: number) => {
    view.setFloat32(0, number);
    return halfFromFloat(view.getUint32(0));
  };
  for (let bits = 0; bits < 0x7c00; bits++) {
    const here = halfToNumber(bits);
    // What would stand behind the largest half is 65536.
    const next = bits === 0x7bff ? 65_536 : halfToNumber(bits + 1);
    const middle = (here + next) / 2;
    assertEquals(round(middle), bits + bits % 2);
    assertEquals(round(here + (middle - here) * 0.99), bits);
    assertEquals(round(next - (next - middle) * 0.99), bits + 1);
  }
});
