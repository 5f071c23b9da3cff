import { tlsServerEndPoint } from "../../../lib/session/auth/channel_binding.ts";
import { ConnectionError, ProtocolError } from "../../../lib/errors.ts";
import { test } from "../../harness.ts";
import { assertEquals, assertRejects } from "../../std_assert.ts";
// Made by the openssl 3.0 command line, the expected hashes by `openssl dgst` over the DER.
import certificates from "./certificates.json" with { type: "json" };

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

for (const { name, signatureAlgorithm, expected, der } of certificates) {
  if (expected !== null) {
    test(`tlsServerEndPoint() hashes a certificate of ${name}`, async () => {
      const hash = await tlsServerEndPoint(bytesOf(der));
      assertEquals(Array.from(hash, (b) => b.toString(16).padStart(2, "0")).join(""), expected);
    });
  } else {
    test(`tlsServerEndPoint() refuses a certificate signed with ${signatureAlgorithm}`, async () => {
      await assertRejects(
        () => tlsServerEndPoint(bytesOf(der)),
        ConnectionError,
        "Cannot bind to the TLS channel",
      );
    });
  }
}

test("tlsServerEndPoint() refuses a certificate cut anywhere", async () => {
  const whole = bytesOf(certificates.find(({ name }) => name === "pss-sha256")!.der);
  for (let length = 0; length < whole.length; length++) {
    await assertRejects(
      () => tlsServerEndPoint(whole.slice(0, length)),
      ProtocolError,
      "Cannot decode the server's certificate",
    );
  }
});

test("tlsServerEndPoint() refuses lengths that lead out of their element", async () => {
  const cases = [
    [0x30, 0x80, 0, 0], // indefinite
    [0x30, 0x85, 1, 0, 0, 0, 0], // five bytes of length
    [0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
    [0x30, 0x05, 0x30, 0x00, 0x30, 0x7f, 0x06], // signatureAlgorithm
    [0x30, 0x06, 0x30, 0x00, 0x30, 0x02, 0x06, 0x01], // its OID
    [0x31, 0x00],
  ];
  for (const bytes of cases) {
    await assertRejects(() => tlsServerEndPoint(Uint8Array.from(bytes)), ProtocolError);
  }
});
