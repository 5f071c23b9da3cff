/**
 * Every option: its kind, its name in connection strings, its `PG*` variable.
 *
 * @module
 */

import {
  authRequirement,
  callback,
  flag,
  integer,
  milliseconds,
  objectWith,
  oneOf,
  type OptionKind,
  portList,
  seconds,
  secret,
  settings,
  text,
  textList,
  transformChoices,
  typeChoices,
} from "./option_kinds.ts";
import type { KnownOptions } from "./option_types.ts";

/** The name of an option. */
export type OptionName = keyof KnownOptions;

/** One option. */
export interface OptionEntry<T> {
  readonly kind: OptionKind<T>;
  /** libpq's name, or where libpq has none, rill's; absent: no text can give it. */
  readonly textName?: string;
  readonly variable?: string;
  /** True when libpq does not have it: then the service file cannot, which both share. */
  readonly rillOnly?: true;
}

/** All options. */
export type OptionTable = {
  readonly [Name in OptionName]-?: OptionEntry<NonNullable<KnownOptions[Name]>>;
};

/** Every option, by rill's name. A function, so that a bundle without it has none of it. */
export function optionTable(): OptionTable {
  const versions = oneOf("2.0", "3.0", "3.2", "latest");
  const sslModes = oneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
  const sessionAttrs = oneOf(
    ...["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const,
  );
  return {
    host: { kind: textList, textName: "host", variable: "PGHOST" },
    hostAddr: { kind: textList, textName: "hostaddr", variable: "PGHOSTADDR" },
    port: { kind: portList, textName: "port", variable: "PGPORT" },
    user: { kind: text, textName: "user", variable: "PGUSER" },
    password: { kind: secret, textName: "password", variable: "PGPASSWORD" },
    database: { kind: text, textName: "dbname", variable: "PGDATABASE" },
    applicationName: { kind: text, textName: "application_name", variable: "PGAPPNAME" },
    parameters: { kind: settings },
    options: { kind: text, textName: "options", variable: "PGOPTIONS" },
    service: { kind: text, textName: "service", variable: "PGSERVICE" },
    passfile: { kind: text, textName: "passfile", variable: "PGPASSFILE" },
    targetSessionAttrs: {
      kind: sessionAttrs,
      textName: "target_session_attrs",
      variable: "PGTARGETSESSIONATTRS",
    },

    sslMode: { kind: sslModes, textName: "sslmode", variable: "PGSSLMODE" },
    sslRootCert: { kind: text, textName: "sslrootcert", variable: "PGSSLROOTCERT" },
    sslCert: { kind: text, textName: "sslcert", variable: "PGSSLCERT" },
    sslKey: { kind: text, textName: "sslkey", variable: "PGSSLKEY" },
    sslNegotiation: {
      kind: oneOf("postgres", "direct"),
      textName: "sslnegotiation",
      variable: "PGSSLNEGOTIATION",
    },
    sslSni: { kind: flag, textName: "sslsni", variable: "PGSSLSNI" },
    requireAuth: { kind: authRequirement, textName: "require_auth", variable: "PGREQUIREAUTH" },
    channelBinding: {
      kind: oneOf("disable", "prefer", "require"),
      textName: "channel_binding",
      variable: "PGCHANNELBINDING",
    },
    maxScramIterations: { kind: integer(1), textName: "maxScramIterations", rillOnly: true },

    protocolVersion: {
      kind: oneOf("2.0", "3.0", "3.2"),
      textName: "protocolVersion",
      rillOnly: true,
    },
    minProtocolVersion: {
      kind: versions,
      textName: "min_protocol_version",
      variable: "PGMINPROTOCOLVERSION",
    },
    maxProtocolVersion: {
      kind: versions,
      textName: "max_protocol_version",
      variable: "PGMAXPROTOCOLVERSION",
    },
    connectTimeoutMs: {
      kind: seconds,
      textName: "connect_timeout",
      variable: "PGCONNECT_TIMEOUT",
    },
    maxMessageBytes: { kind: integer(1024), textName: "maxMessageBytes", rillOnly: true },
    keepAlive: { kind: flag, textName: "keepalives" },

    max: { kind: integer(1), textName: "max", rillOnly: true },
    idleTimeoutMs: { kind: milliseconds, textName: "idleTimeoutMs", rillOnly: true },
    maxLifetimeMs: { kind: milliseconds, textName: "maxLifetimeMs", rillOnly: true },

    queryTimeoutMs: { kind: milliseconds, textName: "queryTimeoutMs", rillOnly: true },
    prepare: { kind: flag, textName: "prepare", rillOnly: true },
    statementCacheSize: { kind: integer(0), textName: "statementCacheSize", rillOnly: true },
    pooler: {
      kind: oneOf("pgbouncer-transaction", "supavisor", "hyperdrive"),
      textName: "pooler",
      rillOnly: true,
    },

    types: { kind: typeChoices },
    fetchTypes: { kind: flag, textName: "fetchTypes", rillOnly: true },
    transform: { kind: transformChoices },

    onNotice: { kind: callback() },
    onParameter: { kind: callback() },
    onClose: { kind: callback() },
    onWarning: { kind: callback() },
    trace: { kind: callback() },
    runtime: { kind: objectWith("connect", "env", "readTextFile", "exists") },
    connect: { kind: callback() },
  };
}
