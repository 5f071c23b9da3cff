/**
 * What libpq's `sslmode` and `sslnegotiation` come down to: which kinds of connection are
 * tried, in which order, and after which failure the next one may be.
 *
 * See "SSL Support" of the manual's libpq chapter ("Client Verification of Server
 * Certificates", "Protection Provided in Different Modes") and, for what is tried again
 * when, fe-connect.c, PQconnectPoll.
 *
 * @module
 */

import { ConfigError, ConnectionError, DatabaseError } from "../errors.ts";
import type { Address, TlsOptions } from "../transport/transport.ts";
import type { HostSettings, SslMode, TlsSettings } from "./session_options.ts";

/** One way to connect to one host. */
export interface TlsAttempt {
  /**
   * plain: nothing is asked; request: an SSLRequest goes first, and the server chooses;
   * direct: TLS from the first byte.
   */
  readonly kind: "plain" | "request" | "direct";
  /** The server answers `N`, it has no TLS: go on in plaintext on the same connection? */
  readonly plainWhenRefused: boolean;
  /** Another attempt, on a new connection, may follow when this one fails. */
  readonly retry: boolean;
}

const plain: TlsAttempt = { kind: "plain", plainWhenRefused: false, retry: false };
const secure: TlsAttempt = { kind: "request", plainWhenRefused: false, retry: false };
const direct: TlsAttempt = { kind: "direct", plainWhenRefused: false, retry: false };

/**
 * The attempts for one address, to be made in this order while {@linkcode mayFallBack}.
 * A Unix-domain socket is never secured, whatever `sslmode` says, as in libpq.
 *
 * @throws {ConfigError} for settings that libpq refuses as well
 */
export function tlsAttempts(settings: TlsSettings, address: Address): readonly TlsAttempt[] {
  checkSettings(settings);
  if ("path" in address) return [plain];
  switch (settings.mode) {
    case "disable":
      return [plain];
    case "allow":
      return [{ ...plain, retry: true }, secure];
    case "prefer":
      return [{ ...secure, plainWhenRefused: true, retry: true }, plain];
    default:
      return [settings.negotiation === "direct" ? direct : secure];
  }
}

function checkSettings({ mode, negotiation, rootCertificates }: TlsSettings): void {
  if (negotiation === "direct" && !isAtLeastRequire(mode)) {
    throw new ConfigError(
      `Cannot use sslnegotiation direct: sslmode is ${mode}, expected require, verify-ca or verify-full`,
    );
  }
  // Any public authority would do: anybody can have a certificate of one.
  if (mode === "verify-ca" && !rootCertificates) {
    throw new ConfigError(
      "Cannot use sslmode verify-ca: there is no root certificate, expected sslrootcert or sslmode verify-full",
    );
  }
}

function isAtLeastRequire(mode: SslMode): boolean {
  return mode === "require" || mode === "verify-ca" || mode === "verify-full";
}

/**
 * Whether the next attempt may be made after `error`. Two things allow it:
 *
 * - the server refused the start-up of such a connection, as a `hostssl` or `hostnossl`
 *   line of pg_hba.conf makes it do (SQLSTATE class 28, or on 2.0 the text alone). A wrong
 *   password is no such refusal: it would be wrong again, and be counted twice;
 * - TLS could not be established.
 *
 * A certificate that was not accepted never allows it: here rill is stricter than libpq,
 * which under `prefer` goes on in plaintext.
 */
export function mayFallBack(attempt: TlsAttempt, error: unknown): boolean {
  if (!attempt.retry) return false;
  if (error instanceof DatabaseError) return refusesConnection(error);
  return attempt.kind !== "plain" && error instanceof ConnectionError && error.code === "TLS";
}

function refusesConnection({ code, message }: DatabaseError): boolean {
  if (code === undefined) return /pg_hba\.conf/.test(message);
  return code.startsWith("28") && code !== "28P01";
}

/** What {@linkcode tlsOptions} needs beside the settings. */
export interface TlsContext {
  readonly host: HostSettings;
  readonly needPeerCertificate?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * How to secure a connection to `host`. Undefined for Unix-domain sockets.
 *
 * With root certificates the chain is verified in every mode; without, only by the
 * `verify-` modes. ALPN is sent always, as by libpq 17.
 */
export function tlsOptions(settings: TlsSettings, context: TlsContext): TlsOptions | undefined {
  const { address, serverName } = context.host;
  if ("path" in address) return undefined;
  return {
    verify: verification(settings),
    serverName: serverName ?? address.host,
    serverNameIndication: settings.serverNameIndication,
    caCerts: settings.rootCertificates,
    cert: settings.certificate,
    key: settings.key,
    alpn: ["postgresql"],
    needPeerCertificate: context.needPeerCertificate,
    signal: context.signal,
  };
}

function verification({ mode, rootCertificates }: TlsSettings): TlsOptions["verify"] {
  if (mode === "verify-full") return "full";
  return rootCertificates ? "ca" : "none";
}
