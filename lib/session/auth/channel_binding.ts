/**
 * Channel binding of type tls-server-end-point (RFC 5929, section 4): a hash of the
 * server's certificate, by the hash function of the certificate's own signature.
 *
 * @module
 */

import { ConnectionError, ProtocolError } from "../../errors.ts";

type Hash = "SHA-256" | "SHA-384" | "SHA-512";

/** Signature and hash algorithms. RFC 5929 puts SHA-256 in the place of MD5 and SHA-1. */
const HASHES: Readonly<Record<string, Hash>> = {
  "1.2.840.113549.1.1.4": "SHA-256", // md5WithRSAEncryption
  "1.2.840.113549.1.1.5": "SHA-256", // sha1WithRSAEncryption
  "1.2.840.113549.1.1.11": "SHA-256", // sha256WithRSAEncryption
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
  "1.2.840.10045.4.1": "SHA-256", // ecdsa-with-SHA1
  "1.2.840.10045.4.3.2": "SHA-256", // ecdsa-with-SHA256
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
  "1.2.840.10040.4.3": "SHA-256", // dsa-with-sha1
  "2.16.840.1.101.3.4.3.2": "SHA-256", // dsa-with-sha256
  "2.16.840.1.101.3.4.3.3": "SHA-384",
  "2.16.840.1.101.3.4.3.4": "SHA-512",
  "1.3.14.3.2.26": "SHA-256", // sha1, as a parameter of RSASSA-PSS
  "2.16.840.1.101.3.4.2.1": "SHA-256", // sha256, likewise
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

const RSASSA_PSS = "1.2.840.113549.1.1.10";
const SHA_1 = "1.3.14.3.2.26";

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
/** `[0] EXPLICIT`, the hash function within RSASSA-PSS-params. */
const PSS_HASH = 0xa0;

/**
 * What SCRAM-SHA-256-PLUS binds to.
 *
 * @throws {ConnectionError} when the signature has no hash function of its own (Ed25519,
 * Ed448) or one that Web Crypto lacks. libpq gives up there too: to go on unbound would let
 * whoever sits in between choose such a certificate.
 * @throws {ProtocolError} when the bytes are no certificate
 */
export async function tlsServerEndPoint(
  certificateDer: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = hashAlgorithm(certificateDer);
  if (!Object.hasOwn(HASHES, algorithm)) {
    throw new ConnectionError(
      `Cannot bind to the TLS channel: the hash of the server certificate's signature algorithm ` +
        `${algorithm} is not known, expected SHA-256, SHA-384 or SHA-512 ` +
        `(channelBinding "disable" logs in without)`,
    );
  }
  return new Uint8Array(await crypto.subtle.digest(HASHES[algorithm], certificateDer));
}

/** The OID of the signature algorithm or, for RSASSA-PSS, of the hash among its parameters. */
function hashAlgorithm(der: Uint8Array): string {
  const certificate = new DerReader(der).enter(SEQUENCE);
  certificate.skip(); // tbsCertificate
  const signatureAlgorithm = certificate.enter(SEQUENCE);
  const oid = signatureAlgorithm.readOid();
  if (oid !== RSASSA_PSS) return oid;
  const parameters = signatureAlgorithm.enter(SEQUENCE);
  // DEFAULT sha1 (RFC 4055, section 3.1).
  if (parameters.peekTag() !== PSS_HASH) return SHA_1;
  return parameters.enter(PSS_HASH).enter(SEQUENCE).readOid();
}

/** Reads the elements of one constructed DER value one after the other. */
class DerReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Undefined at the end. */
  peekTag(): number | undefined {
    return this.#bytes[this.#position];
  }

  enter(tag: number): DerReader {
    return new DerReader(this.#read(tag));
  }

  skip(): void {
    this.#read(this.peekTag());
  }

  readOid(): string {
    const numbers: number[] = [];
    let number = 0;
    for (const byte of this.#read(OBJECT_IDENTIFIER)) {
      number = number * 128 + (byte & 0x7f);
      if (byte & 0x80) continue;
      numbers.push(number);
      number = 0;
    }
    const [first = 0, ...rest] = numbers;
    // The first two arcs share a number: 40 * first + second, the first being 0, 1 or 2.
    const root = Math.min(Math.floor(first / 40), 2);
    return [root, first - root * 40, ...rest].join(".");
  }

  #read(tag: number | undefined): Uint8Array {
    if (tag === undefined || this.#readByte() !== tag) throw malformed();
    const length = this.#readLength();
    const end = this.#position + length;
    if (end > this.#bytes.length) throw malformed();
    const content = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return content;
  }

  /** Up to 127 in one byte, else that many bytes follow. DER has no indefinite length. */
  #readLength(): number {
    const first = this.#readByte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw malformed();
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#readByte();
    return length;
  }

  #readByte(): number {
    if (this.#position >= this.#bytes.length) throw malformed();
    return this.#bytes[this.#position++];
  }
}

function malformed(): ProtocolError {
  return new ProtocolError("Cannot decode the server's certificate: it is not DER of X.509");
}
