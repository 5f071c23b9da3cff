/**
 * What to say about an option that does not exist: what it is called here.
 *
 * @module
 */

import type { OptionName } from "./option_table.ts";

/** What postgres.js, Bun.sql and pg call an option. What libpq calls it stands in the table. */
export function otherSpellings(): Record<string, OptionName> {
  return {
    // postgres.js
    username: "user",
    pass: "password",
    db: "database",
    path: "host",
    socket: "connect",
    connection: "parameters",
    idle_timeout: "idleTimeoutMs",
    max_lifetime: "maxLifetimeMs",
    keep_alive: "keepAlive",
    onnotice: "onNotice",
    onparameter: "onParameter",
    onclose: "onClose",
    debug: "trace",
    // Bun.sql
    hostname: "host",
    tls: "sslMode",
    idleTimeout: "idleTimeoutMs",
    maxLifetime: "maxLifetimeMs",
    connectionTimeout: "connectTimeoutMs",
    // pg
    ssl: "sslMode",
    stream: "connect",
    enableChannelBinding: "channelBinding",
    query_timeout: "queryTimeoutMs",
    connectionTimeoutMillis: "connectTimeoutMs",
    idleTimeoutMillis: "idleTimeoutMs",
    maxLifetimeSeconds: "maxLifetimeMs",
    // Others
    requiressl: "sslMode",
    pool_size: "max",
    poolSize: "max",
    connection_limit: "max",
    schema: "parameters",
  };
}

/** Why there is no such option, where people may look for it. */
export function absence(name: string): string | undefined {
  if (serverSettings.includes(name.toLowerCase())) {
    return `it is a setting of the server, expected in "parameters", or in "options" as -c ${name}=…`;
  }
  const reasons: Record<string, string> = {
    connectionString: 'the connection string is expected in "url"',
    uri: 'the connection string is expected in "url"',
    fetch_types: "types are looked up when they are met",
    max_pipeline: "pipelines have no fixed length",
    client_encoding: "the encoding is always UTF8",
    replication: "replication has sessions of its own",
    sslpassword: "encrypted keys are not supported, expected sslkey without a passphrase",
    sslcrl: "revocation lists are not supported",
    sslcrldir: "revocation lists are not supported",
    requirepeer: "the server's user cannot be learnt",
    allowExitOnIdle: "unused connections never keep the program alive",
  };
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined;
}

const serverSettings: readonly string[] = [
  "datestyle",
  "default_transaction_isolation",
  "default_transaction_read_only",
  "idle_in_transaction_session_timeout",
  "idle_session_timeout",
  "lock_timeout",
  "role",
  "search_path",
  "statement_timeout",
  "timezone",
  "transaction_timeout",
];

/**
 * For an option of libpq that rill has no use for: the values with which it changes neither
 * what the user gets nor how safe it is. With these it is passed over in texts.
 */
export function harmlessValues(name: string): readonly string[] | "any" | undefined {
  const harmless: Record<string, readonly string[] | "any"> = {
    client_encoding: "any",
    fallback_application_name: "any",
    gssdelegation: ["0"],
    gssencmode: ["disable", "prefer"],
    gsslib: "any",
    keepalives_count: "any",
    keepalives_idle: "any",
    keepalives_interval: "any",
    krbsrvname: "any",
    load_balance_hosts: ["disable"],
    ssl_min_protocol_version: ["TLSv1", "TLSv1.1", "TLSv1.2"],
    sslcertmode: ["allow"],
    sslcompression: "any",
    tcp_user_timeout: "any",
  };
  return Object.hasOwn(harmless, name) ? harmless[name] : undefined;
}
