/**
 * Everything a session needs to know, complete and checked: what options, connection
 * strings, `PG*` variables and files come down to.
 *
 * @module
 */

import type { Address } from "../transport/transport.ts";
import type { ProtocolVersion } from "../wire/protocol.ts";

export type { ProtocolVersion };

/** libpq's `sslmode`, with libpq's meaning. */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** libpq's `channel_binding`. */
export type ChannelBinding = "disable" | "prefer" | "require";

/** The methods of libpq's `require_auth`; `none`: the server asked for nothing. */
export type AuthMethod = "password" | "md5" | "scram-sha-256" | "gss" | "sspi" | "none";

/** How the connection is secured. Certificates and keys are PEM texts, already read. */
export interface TlsSettings {
  readonly mode: SslMode;
  /** `direct`: TLS from the first byte, ALPN `postgresql`, no SSLRequest (servers from 17 on). */
  readonly negotiation: "postgres" | "direct";
  /** Trusted roots; absent: those of the runtime (libpq's `sslrootcert=system`). */
  readonly rootCertificates?: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
  /** False: no server name in the handshake (libpq's `sslsni=0`). */
  readonly serverNameIndication: boolean;
}

/** One server that may be connected to, and the password that is meant for it. */
export interface HostSettings {
  readonly address: Address;
  /** The name a certificate must bear; absent for Unix sockets, which are never secured. */
  readonly serverName?: string;
  readonly password?: PasswordSource;
}

/** A password, or what gives one for each new connection (tokens that expire). */
export type PasswordSource = string | (() => string | Promise<string>);

/** Everything a session needs to know. */
export interface SessionOptions {
  /** Tried in this order; at least one. */
  readonly hosts: readonly HostSettings[];
  readonly user: string;
  readonly database: string;
  /** Sent with the start-up: `application_name`, `options`, any setting. */
  readonly startupParameters: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
  readonly minProtocolVersion: ProtocolVersion;
  readonly maxProtocolVersion: ProtocolVersion;
  /** The methods the server may use; absent: any. `negated`: any but these (libpq's `!`). */
  readonly requireAuth?: { readonly methods: readonly AuthMethod[]; readonly negated: boolean };
  readonly channelBinding: ChannelBinding;
  /** More SCRAM iterations than this are refused: the server chooses how long we compute. */
  readonly maxScramIterations: number;
  /** For one attempt on one host, TLS and login included; 0: no limit. */
  readonly connectTimeoutMs: number;
  /** The longest message the server may send. */
  readonly maxMessageBytes: number;
  readonly keepAlive: boolean;
}
