/** Certificates for test servers, made when they are needed: an authority, and what it signs. */

import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Whom a certificate is for. */
export interface Subject {
  readonly commonName: string;
  readonly usage: "server" | "client";
  /** Subject alternative names: an IPv4 address is told from a DNS name by its form. */
  readonly names?: readonly string[];
}

/** A certificate authority that lives as long as the program. */
export interface Authority {
  /** The authority's own certificate, PEM: what a client trusts. */
  readonly certificate: string;
  issue(subject: Subject): Promise<Certificate>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

/** Makes an authority whose certificate signs itself. */
export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await generateKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: root.toString("pem") + "\n",
    issue: (subject) => issue(subject, root, keys.privateKey),
  };
}

async function issue(
  subject: Subject,
  root: X509Certificate,
  signingKey: CryptoKey,
): Promise<Certificate> {
  const keys = await generateKeys();
  const leaf = await X509CertificateGenerator.create({
    subject: `CN=${subject.commonName}`,
    issuer: root.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      // Deno's TLS (rustls) refuses a server certificate that may itself sign others.
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([
        subject.usage === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
      ]),
      await AuthorityKeyIdentifierExtension.create(root),
      ...(subject.names ? [new SubjectAlternativeNameExtension(generalNames(subject.names))] : []),
    ],
  });
  return {
    certificate: leaf.toString("pem") + "\n",
    key: toPem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", keys.privateKey)),
  };
}

async function generateKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as CryptoKeyPair;
}

/** From yesterday, because clocks differ, for a year. */
function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - dayMs), notAfter: new Date(now + 365 * dayMs) };
}

function generalNames(names: readonly string[]): JsonGeneralNames {
  return names.map((value) => ({ type: /^[\d.]+$/.test(value) ? "ip" : "dns", value }));
}

function toPem(label: string, der: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  const lines = base64.match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
