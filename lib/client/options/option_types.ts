/**
 * What a user may say about a connection, and its form once checked.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type {
  AuthMethod,
  ChannelBinding,
  PasswordSource,
  SslMode,
} from "../../session/session_options.ts";
import type { Connector } from "../../transport/transport.ts";
import type { ProtocolVersion } from "../../wire/protocol.ts";
import type { LetterCaseName } from "./letter_case.ts";
import type { PoolerName } from "../pooler/pooler_policy.ts";
import type { TransformChoices, TransformOption } from "./transform_option.ts";
import type { TypeChoices, TypesOption } from "./type_options.ts";

export type { TransformOption };

/** libpq's `target_session_attrs`: which servers will do. */
export type TargetSessionAttrs =
  | "any"
  | "read-write"
  | "read-only"
  | "primary"
  | "standby"
  | "prefer-standby";

/**
 * The options of `connect()`. What is left out comes from the service file, the `PG*`
 * variables, and libpq's defaults, in this order.
 */
export interface ClientOptions {
  /** A connection string, `postgres://…` or `name=value …`; the other options go before it. */
  readonly url?: string | URL;
  /**
   * Host names or addresses, tried in order; a path is the directory of a Unix-domain socket,
   * or the socket itself. Default: the socket of a local server if there is one, else `localhost`.
   */
  readonly host?: string | readonly string[];
  /** Addresses to connect to instead of looking up {@linkcode ClientOptions.host}, one for each. */
  readonly hostAddr?: string | readonly string[];
  /** One for all hosts, or one for each. Default 5432. */
  readonly port?: number | readonly number[];
  /** Default: the name of the operating system's user. */
  readonly user?: string;
  /** Asked anew for each connection when it is a function. Default: from {@linkcode ClientOptions.passfile}. */
  readonly password?: PasswordSource;
  /** Default: as `user`. */
  readonly database?: string;
  /** Shown in `pg_stat_activity`. Default `rill`; empty: none. */
  readonly applicationName?: string;
  /** Server settings for every session, as `{ search_path: "shop", statement_timeout: "5s" }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Command-line options for the server, as `-c geqo=off`. */
  readonly options?: string;
  /** A section of the service file, `~/.pg_service.conf` or what `PGSERVICEFILE` says. */
  readonly service?: string;
  /** The file with passwords. Default `~/.pgpass`. */
  readonly passfile?: string;
  /** Which of several hosts will do. Default `any`. */
  readonly targetSessionAttrs?: TargetSessionAttrs;

  /** How far the connection is secured, with libpq's meaning. Default `prefer`. */
  readonly sslMode?: SslMode;
  /** A path or PEM text; `system`: the runtime's roots. Default `~/.postgresql/root.crt`. */
  readonly sslRootCert?: string;
  /** The client's certificate, a path or PEM text. Default `~/.postgresql/postgresql.crt`. */
  readonly sslCert?: string;
  /** The client's private key, a path or PEM text. Default `~/.postgresql/postgresql.key`. */
  readonly sslKey?: string;
  /** `direct`: TLS without asking first, PostgreSQL 17 and later. Default `postgres`. */
  readonly sslNegotiation?: "postgres" | "direct";
  /** False: the host's name is not sent in clear. Default true. */
  readonly sslSni?: boolean;
  /** Login methods the server may ask for, as `scram-sha-256,md5` or `!password`. Default: any. */
  readonly requireAuth?: string;
  /** Whether SCRAM is bound to the TLS connection. Default `prefer`. */
  readonly channelBinding?: ChannelBinding;
  /** SCRAM iterations the server may ask for. Default 1000000. */
  readonly maxScramIterations?: number;

  /** Exactly this protocol: the same as a minimum and a maximum of it. */
  readonly protocolVersion?: ProtocolVersion;
  /** Default `3.0`. */
  readonly minProtocolVersion?: ProtocolVersion | "latest";
  /** Default `3.2`. */
  readonly maxProtocolVersion?: ProtocolVersion | "latest";
  /** Milliseconds for one attempt on one host, login included; 0: no limit. Default 30000. */
  readonly connectTimeoutMs?: number;
  /** Bytes in one message of the server. Default 1073741823, the server's own limit. */
  readonly maxMessageBytes?: number;
  /** TCP keepalive. Default true. */
  readonly keepAlive?: boolean;

  /** Connections at most. Default 10. */
  readonly max?: number;
  /** Milliseconds after which an unused connection is closed; 0: never. Default 1800000, half an hour. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds after which a connection is replaced; 0: never. Default 3600000, an hour. */
  readonly maxLifetimeMs?: number;

  /** Milliseconds for each query, waiting for a connection included; 0: no limit. Default 0. */
  readonly queryTimeoutMs?: number;
  /** False: no statement is left prepared; each query is one unit. Default true. */
  readonly prepare?: boolean;
  /** Prepared statements that each connection keeps; 0: none. Default 256. */
  readonly statementCacheSize?: number;
  /**
   * What stands between rill and the server, in its transaction mode: rill keeps to what it can
   * do, and refuses what cannot work there.
   */
  readonly pooler?: PoolerName;

  /** How values look: shapes by type, codecs, types of your own. Default: see README, "Values". */
  readonly types?: TypesOption;
  /** False: types that users define are not looked up, and come as text. Default true. */
  readonly fetchTypes?: boolean;
  /** What names, values and rows become on their way; a letter case is one for `column`. */
  readonly transform?: LetterCaseName | TransformOption;

  /** Called for each notice of the server. */
  readonly onNotice?: (notice: ErrorFields) => void;
  /** Called when the server reports a setting: at login, and whenever it changes. */
  readonly onParameter?: (name: string, value: string) => void;
  /** Called when a connection has ended; with the reason, where it was not closed by rill. */
  readonly onClose?: (error: Error | undefined) => void;
  /** Called with what libpq would print: a password file that others may read, …. Default: `console.warn`. */
  readonly onWarning?: (warning: string) => void;
  /**
   * Called with a line for each message sent or received: its name and fields, the texts of
   * queries, but of values and secrets nothing more than their length.
   */
  readonly trace?: (line: string) => void;
  /** In place of the runtime that was found. */
  readonly runtime?: Runtime;
  /** Opens the transports, in place of the runtime's sockets. */
  readonly connect?: Connector;
}

/** What {@linkcode ClientOptions.requireAuth} says. */
export interface AuthRequirement {
  /** At least one, none twice. */
  readonly methods: readonly AuthMethod[];
  /** Any method but these. */
  readonly negated: boolean;
}

/** Options whose names and values have been checked, from one source or several. */
export interface KnownOptions extends
  Omit<
    ClientOptions,
    "url" | "host" | "hostAddr" | "port" | "requireAuth" | "types" | "transform"
  > {
  /** At least one; empty: the default. */
  readonly host?: readonly string[];
  /** One for each host, or none. */
  readonly hostAddr?: readonly string[];
  /** One, or one for each host. */
  readonly port?: readonly number[];
  /** What the server may ask for. */
  readonly requireAuth?: AuthRequirement;
  readonly types?: TypeChoices;
  readonly transform?: TransformChoices;
}

/** What the user gave, checked; what only rill itself can know is complete. */
export interface CheckedOptions extends KnownOptions {
  /** Connections at most. */
  readonly max: number;
  /** Milliseconds; 0: never. */
  readonly idleTimeoutMs: number;
  /** Milliseconds; 0: never. */
  readonly maxLifetimeMs: number;
}
