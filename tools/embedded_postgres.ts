/**
 * A real PostgreSQL server from npm, for tests, benchmarks and the demo.
 *
 * It listens on a free port of 127.0.0.1 and on a Unix socket, keeps everything in a
 * temporary folder, and ends (the folder with it) when it is stopped or when the program
 * that started it ends, however that happens.
 */

import { spawn } from "node:child_process";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Authority, Certificate } from "./certificates.ts";
import type { PostgresVersion } from "./postgres_binaries.ts";
import { type Cluster, createCluster } from "./postgres_cluster.ts";

export type { PostgresVersion } from "./postgres_binaries.ts";

/** How a server is set up. */
export interface EmbeddedPostgresOptions {
  /** `true` makes a certificate for localhost; or the authority and certificate to use. */
  readonly tls?: boolean | ServerTls;
  /** Lines of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** The whole pg_hba.conf; without it everybody is trusted. */
  readonly hba?: string;
  /** SQL to run once before the server starts, each statement without a line break. */
  readonly setup?: readonly string[];
  /** Aborts the start. */
  readonly signal?: AbortSignal;
  /** Gets a line about each step that takes time; by default they go to standard error. */
  readonly log?: (line: string) => void;
}

/** What a server shows to its clients, and whose client certificates it takes. */
export interface ServerTls {
  readonly authority: Authority;
  readonly server: Certificate;
}

/** A running server. */
export interface EmbeddedPostgres {
  readonly version: PostgresVersion;
  readonly host: string;
  readonly port: number;
  /** Holds the Unix socket `.s.PGSQL.<port>`. */
  readonly socketDirectory: string;
  readonly dataDirectory: string;
  /** What the server writes on standard error. */
  readonly logFile: string;
  /** The server process itself. */
  readonly pid: number;
  /** The authority that signed the server's certificate, PEM; absent without TLS. */
  readonly ca?: string;
  /** The same as a file, for `sslrootcert`; absent without TLS. */
  readonly caFile?: string;
  url(parts?: UrlParts): string;
  /** Lets the program end although the server runs: the server ends with it. */
  unref(): void;
  /** Shuts the server down and removes its files. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Parts of a connection string; any other name becomes a query parameter, as `sslmode`. */
export interface UrlParts {
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly [parameter: string]: string | undefined;
}

const startTimeoutMs = 60_000;

/**
 * Runs the server until standard input ends, which it does when the parent is gone, even
 * by SIGKILL; then removes the folder. The file `exited` tells the parent of an early end.
 */
const keeperScript = `
folder=$0
exec 3<&0
"$@" </dev/null >>"$folder/log" 2>&1 &
server=$!
{ read -r _ <&3; kill -INT $server 2>/dev/null; } &
wait $server
echo $? >"$folder/exited"
wait
cd /
rm -rf "$folder"
`;

/** Starts a server and waits until it takes connections. */
export async function startPostgres(
  version: PostgresVersion,
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const log = options.log ?? ((line) => console.error(line));
  log(`Starting PostgreSQL ${version.slice(2)} (the first time it is downloaded from npm)`);
  const tls = options.tls === true ? await localhostTls() : options.tls || undefined;
  const folder = await realpath(await mkdtemp(join(tmpdir(), `rill-${version}-`)));
  try {
    const cluster = await createCluster({
      settings: {},
      setup: [],
      ...options,
      version,
      folder,
      tls,
    });
    return await launch(version, cluster, tls, options.signal);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A connection string; a folder as `host` means the Unix socket in it. */
export function connectionUrl(host: string, port: number, parts: UrlParts = {}): string {
  const { user = "postgres", password, database = "postgres", ...parameters } = parts;
  const encode = encodeURIComponent;
  const login = password === undefined ? encode(user) : `${encode(user)}:${encode(password)}`;
  const query = Object.entries(parameters)
    .flatMap(([name, value]) => value === undefined ? [] : [`${encode(name)}=${encode(value)}`])
    .join("&");
  const url = `postgres://${login}@${encode(host)}:${port}/${encode(database)}`;
  return query ? `${url}?${query}` : url;
}

async function localhostTls(): Promise<ServerTls> {
  const { createAuthority } = await import("./certificates.ts");
  const authority = await createAuthority("rill test authority");
  const names = ["localhost", "127.0.0.1"];
  const server = await authority.issue({ commonName: "localhost", usage: "server", names });
  return { authority, server };
}

async function launch(
  version: PostgresVersion,
  cluster: Cluster,
  tls: ServerTls | undefined,
  signal: AbortSignal | undefined,
): Promise<EmbeddedPostgres> {
  const { folder, dataDirectory } = cluster;
  const port = await freePort();
  const keeper = startKeeper(cluster, port);
  const pid = await untilReady(cluster, signal).catch(async (error) => {
    await keeper.stop();
    throw error;
  });
  return {
    version,
    host: "127.0.0.1",
    port,
    socketDirectory: folder,
    dataDirectory,
    logFile: join(folder, "log"),
    pid,
    ca: tls?.authority.certificate,
    caFile: tls && join(folder, "ca.crt"),
    url: (parts) => connectionUrl("127.0.0.1", port, parts),
    unref: keeper.unref,
    stop: keeper.stop,
    [Symbol.asyncDispose]: keeper.stop,
  };
}

function startKeeper(cluster: Cluster, port: number): { stop(): Promise<void>; unref(): void } {
  const server = [cluster.postgres, "-D", cluster.dataDirectory, "-p", String(port)];
  const child = spawn("sh", ["-c", keeperScript, cluster.folder, ...server], {
    ...cluster.spawnOptions,
    stdio: ["pipe", "ignore", "ignore"],
    // Ctrl-C is for the program that started the server; the server follows its end.
    detached: true,
  });
  const stdin = child.stdin!;
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve()); // No keeper, no server: untilReady() tells.
  });
  return {
    stop() {
      child.ref();
      stdin.end();
      return closed;
    },
    unref() {
      child.unref();
      (stdin as unknown as Partial<Socket>).unref?.();
    },
  };
}

/** Waits for the server to say in its pid file that it is ready; gives its process id. */
async function untilReady(cluster: Cluster, signal: AbortSignal | undefined): Promise<number> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    await delay(10, undefined, { signal });
    const pidFile = await readIfExists(join(cluster.dataDirectory, "postmaster.pid"));
    // Line 8 is the status, see miscadmin.h, PM_STATUS_READY.
    const lines = pidFile.split("\n");
    if (lines[7]?.trim() === "ready") return Number(lines[0]);
    if (await readIfExists(join(cluster.folder, "exited"))) break;
  }
  const serverLog = await readIfExists(join(cluster.folder, "log"));
  throw new Error(`Cannot start PostgreSQL: the server is not ready\n${serverLog}`);
}

async function readIfExists(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}

/** A port that nobody listens on now; whoever takes it first in the meantime has it. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
