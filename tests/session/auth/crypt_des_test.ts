import { cryptDes } from "../../../lib/session/auth/crypt_des.ts";
import { test } from "../../harness.ts";
import { assertEquals, assertThrows } from "../../std_assert.ts";

/**
 * The first five are the self-test of John the Ripper's "descrypt", the sixth is in PHP's
 * manual of crypt(); all were checked, and the others made, with glibc's crypt through perl.
 */
const VECTORS = [
  ["U*U*U*U*", "CC", "CCNf8Sbh3HDfQ"],
  ["U*U***U", "CC", "CCX.K.MFy4Ois"],
  ["U*U***U*", "CC", "CC4rMpbg9AMZ."],
  ["*U*U*U*U", "XX", "XXxzOu6maQKqQ"],
  ["", "SD", "SDbsugeBiC58A"],
  ["rasmuslerdorf", "rl", "rl.3StKT.4T8M"],
  ["foob", "ar", "arlEKn0OzVJn."],
  ["test", "ab", "abgOeLfPimXQo"],
  ["päss", "./", "./Wrjs.Kc.GIM"],
  ["12345678", "zZ", "zZYQyo/kK5WTQ"],
];

test("cryptDes() gives crypt(3)'s known results", () => {
  for (const [password, salt, expected] of VECTORS) {
    assertEquals(cryptDes(password, salt), expected);
    assertEquals(cryptDes(new TextEncoder().encode(password), salt), expected);
  }
});

test("cryptDes() looks at eight bytes of password and two characters of salt", () => {
  assertEquals(cryptDes("12345678ignored", "zZYQyo/kK5WTQ"), cryptDes("12345678", "zZ"));
});

test("cryptDes() refuses a salt outside of crypt's alphabet", () => {
  for (const salt of ["", "a", "a!", "\u0000a", "é."]) {
    assertThrows(() => cryptDes("test", salt), RangeError, "Cannot crypt: the salt");
  }
});
