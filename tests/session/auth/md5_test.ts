import { createHash } from "node:crypto";
import fc from "fast-check";
import { md5, md5Password } from "../../../lib/session/auth/md5.ts";
import { test } from "../../harness.ts";
import { assertEquals } from "../../std_assert.ts";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The test suite of RFC 1321, appendix A.5. */
const RFC_1321 = [
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["a", "0cc175b9c0f1b6a831c399e269772661"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  [
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "d174ab98d277d9f5a5611c2c9f419d9f",
  ],
  ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
];

test("md5() gives the digests of RFC 1321", () => {
  for (const [text, digest] of RFC_1321) {
    assertEquals(hex(md5(new TextEncoder().encode(text))), digest);
  }
});

test("md5() agrees with node:crypto at every length around a block's end", () => {
  for (let length = 0; length <= 130; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7 + length);
    assertEquals(hex(md5(bytes)), createHash("md5").update(bytes).digest("hex"));
  }
});

test("md5() agrees with node:crypto on any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assertEquals(hex(md5(bytes)), createHash("md5").update(bytes).digest("hex"));
  }));
});

test("md5Password() gives what a server of 13 accepted", () => {
  const salt = Uint8Array.of(0x50, 0x72, 0x90, 0x8d);
  assertEquals(md5Password("u_md5", "pw2", salt), "md5553db5e91062ddb0876b4307c09304fc");
});

test("md5Password() takes UTF-8 of user and password", () => {
  const inner = createHash("md5").update("pässjosé", "utf8").digest("hex");
  const outer = createHash("md5").update(inner).update(Uint8Array.of(0, 255, 128, 1));
  const salt = Uint8Array.of(0, 255, 128, 1);
  assertEquals(md5Password("josé", "päss", salt), "md5" + outer.digest("hex"));
});
