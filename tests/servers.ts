/**
 * The PostgreSQL servers that tests talk to: one for each protocol, with every way to
 * authenticate on it.
 *
 * Ask for them at the top level of a test file, outside of any test, so that no test is
 * blamed for what belongs to the server:
 *
 * ```ts
 * const pg18 = await server("pg18");
 * ```
 *
 * `tools/test.ts` starts them once for the whole run and passes them on in an environment
 * variable; a test file that is run alone starts its own, which end with it.
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { type Certificate, createAuthority } from "../tools/certificates.ts";
import {
  connectionUrl,
  type PostgresVersion,
  startPostgres,
  type UrlParts,
} from "../tools/embedded_postgres.ts";

export type { UrlParts } from "../tools/embedded_postgres.ts";

/** `wrongName` is a PostgreSQL 18 whose certificate is for wrong.example and nothing else. */
export type ServerName = PostgresVersion | "wrongName";

/** A running server, told in a form that fits in an environment variable. */
export interface ServerDescription {
  readonly name: ServerName;
  readonly host: string;
  readonly port: number;
  /** Holds the Unix socket `.s.PGSQL.<port>`. */
  readonly socketDirectory: string;
  readonly logFile: string;
  readonly pid: number;
  readonly certificates: ServerCertificates;
}

/** PEM texts, and the same as files. */
export interface ServerCertificates {
  /** Signed the server's certificate (for localhost and 127.0.0.1) and the client's. */
  readonly ca: string;
  readonly caFile: string;
  /** An authority that has signed nothing here. */
  readonly otherCa: string;
  readonly otherCaFile: string;
  /** For the role `u_cert`. */
  readonly client: Certificate;
  readonly clientCertificateFile: string;
  readonly clientKeyFile: string;
  /** A client certificate for `u_cert` that the other authority signed. */
  readonly otherClient: Certificate;
}

/** A server for tests. */
export interface TestServer extends ServerDescription {
  /** A connection string over TCP: the role `postgres` unless `user` is given. */
  url(parts?: UrlParts): string;
  /** The same over the Unix socket. */
  socketUrl(parts?: UrlParts): string;
}

/**
 * Who may log in over TCP, and how, beside the superuser `postgres`, who is trusted. Over the
 * Unix socket everybody is trusted but `u_scram`.
 */
const roles = [
  { name: "u_password", password: "pw1", rules: ["host password"] },
  { name: "u_md5", password: "pw2", rules: ["host md5"], stored: "md5" },
  { name: "u_scram", password: "pw3", rules: ["host scram-sha-256", "local scram-sha-256"] },
  { name: "u_scram_tls", password: "pw3", rules: ["hostssl scram-sha-256"] },
  { name: "u_cert", rules: ["hostssl cert"] },
  { name: "u_reject", rules: ["host reject"] },
  { name: "u_plain_only", rules: ["hostnossl trust"] },
  { name: "u_tls_only", rules: ["hostssl trust"] },
  { name: "postgres", rules: ["host trust"] },
] as const;

const environmentName = "RILL_TEST_SERVERS";
const started = new Map<ServerName, Promise<TestServer>>();

/** The server of that name: that of the whole run if there is one, else of this process. */
export function server(name: ServerName): Promise<TestServer> {
  let found = started.get(name);
  if (!found) {
    const shared = JSON.parse(process.env[environmentName] ?? "{}")[name];
    found = (shared ? Promise.resolve(shared) : describe(name)).then(withUrls);
    started.set(name, found);
  }
  return found;
}

/**
 * Where tests of no special server go: `DATABASE_URL` (for 2.0 `DATABASE_URL_V2`) if it is
 * set, else the superuser of our PostgreSQL 18 (for 2.0 of our 13).
 */
export async function databaseUrl(protocolVersion: "2.0" | "3.2"): Promise<string> {
  const old = protocolVersion === "2.0";
  const given = process.env[old ? "DATABASE_URL_V2" : "DATABASE_URL"];
  return given || (await server(old ? "pg13" : "pg18")).url();
}

/** Starts servers that last as long as this program; gives the variable that passes them on. */
export async function startShared(names: readonly ServerName[]): Promise<Record<string, string>> {
  const descriptions = await Promise.all(names.map(describe));
  const byName = Object.fromEntries(descriptions.map((one) => [one.name, one]));
  return { [environmentName]: JSON.stringify(byName) };
}

async function describe(name: ServerName): Promise<ServerDescription> {
  const authority = await createAuthority("rill test authority");
  const other = await createAuthority("rill other authority");
  const names = name === "wrongName" ? ["wrong.example"] : ["localhost", "127.0.0.1"];
  const subject = { commonName: names[0], usage: "server", names } as const;
  const postgres = await startPostgres(name === "wrongName" ? "pg18" : name, {
    tls: { authority, server: await authority.issue(subject) },
    hba: accessRules(),
    setup: roles.flatMap(creation),
    settings: { max_connections: 200, wal_level: "logical", max_prepared_transactions: 20 },
  });
  postgres.unref();
  const { host, port, socketDirectory, logFile, pid } = postgres;
  const user = { commonName: "u_cert", usage: "client" } as const;
  const certificates = await writeFiles(socketDirectory, {
    ca: authority.certificate,
    otherCa: other.certificate,
    client: await authority.issue(user),
    otherClient: await other.issue(user),
  });
  return { name, host, port, socketDirectory, logFile, pid, certificates };
}

type Texts = Pick<ServerCertificates, "ca" | "otherCa" | "client" | "otherClient">;

async function writeFiles(folder: string, texts: Texts): Promise<ServerCertificates> {
  const write = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  return {
    ...texts,
    caFile: await write("trusted.crt", texts.ca),
    otherCaFile: await write("other.crt", texts.otherCa),
    clientCertificateFile: await write("client.crt", texts.client.certificate),
    clientKeyFile: await write("client.key", texts.client.key),
  };
}

/** pg_hba.conf: whom no line names is turned away, except on the Unix socket. */
function accessRules(): string {
  const lines = roles.flatMap(({ name, rules }) =>
    rules.map((rule) => {
      const [type, method] = rule.split(" ");
      return `${type} all ${name} ${type === "local" ? "" : "all"} ${method}`;
    })
  );
  const trusted = ["local all all trust", "local replication all trust"];
  return [...lines, ...trusted, "host replication postgres all trust", ""].join("\n");
}

function creation(role: (typeof roles)[number]): string[] {
  if (role.name === "postgres") return [];
  if (!("password" in role)) return [`create role ${role.name} login`];
  const stored = "stored" in role ? role.stored : "scram-sha-256";
  return [
    `set password_encryption = '${stored}'`,
    `create role ${role.name} login password '${role.password}'`,
  ];
}

function withUrls(server: ServerDescription): TestServer {
  return {
    ...server,
    url: (parts) => connectionUrl(server.host, server.port, parts),
    socketUrl: (parts) => connectionUrl(server.socketDirectory, server.port, parts),
  };
}
