/** Prepares the folder that a PostgreSQL server runs in: programs, data, configuration. */

import { spawn, type SpawnOptions } from "node:child_process";
import { appendFile, chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import type { ServerTls } from "./embedded_postgres.ts";
import { copyPostgres, type PostgresVersion } from "./postgres_binaries.ts";

/** What the folder of a server is made from. */
export interface ClusterOptions {
  readonly version: PostgresVersion;
  readonly folder: string;
  readonly tls?: ServerTls;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly hba?: string;
  readonly setup: readonly string[];
  readonly signal?: AbortSignal;
}

/** A folder that a server can be started in. */
export interface Cluster {
  readonly folder: string;
  readonly dataDirectory: string;
  /** Path of the program `postgres`. */
  readonly postgres: string;
  /** Options for every program that touches the folder: PostgreSQL refuses to run as root. */
  readonly spawnOptions: SpawnOptions;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Fills `options.folder`, which exists and is empty. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder, signal } = options;
  const bin = await copyPostgres(options.version, folder);
  const tls = options.tls ? await writeCertificates(folder, options.tls) : {};
  const owner = await serverOwner();
  const spawnOptions = { ...owner, cwd: folder };
  if (owner.uid !== undefined) {
    await run("chown", ["-R", `${owner.uid}:${owner.gid}`, folder], { signal });
  }
  const dataDirectory = join(folder, "data");
  await run(
    join(bin, "initdb"),
    ["-D", dataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...spawnOptions, signal },
  );
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    // The data is thrown away in the end.
    fsync: false,
    ...tls,
    ...options.settings,
  };
  await appendFile(join(dataDirectory, "postgresql.conf"), configurationLines(settings));
  if (options.hba !== undefined) await writeFile(join(dataDirectory, "pg_hba.conf"), options.hba);
  const postgres = join(bin, "postgres");
  if (options.setup.length > 0) {
    await runSetup(postgres, dataDirectory, options.setup, { ...spawnOptions, signal });
  }
  return { folder, dataDirectory, postgres, spawnOptions };
}

async function writeCertificates(folder: string, tls: ServerTls): Promise<Record<string, string>> {
  const files = {
    ssl_ca_file: join(folder, "ca.crt"),
    ssl_cert_file: join(folder, "server.crt"),
    ssl_key_file: join(folder, "server.key"),
  };
  await writeFile(files.ssl_ca_file, tls.authority.certificate);
  await writeFile(files.ssl_cert_file, tls.server.certificate);
  await writeFile(files.ssl_key_file, tls.server.key);
  await chmod(files.ssl_key_file, 0o600);
  return { ssl: "on", ...files };
}

/** The user `nobody` when we are root; else, by an empty answer, ourselves. */
async function serverOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const line = (await readFile("/etc/passwd", "utf8")).match(/^nobody:[^:]*:(\d+):(\d+):/m);
  if (!line) throw new Error("Cannot start PostgreSQL as root: there is no user nobody");
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

function configurationLines(settings: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join("");
}

/** Single-user mode: one statement per line, an error does not end it, so its report is read. */
async function runSetup(
  postgres: string,
  dataDirectory: string,
  statements: readonly string[],
  spawnOptions: SpawnOptions,
): Promise<void> {
  const report = await run(postgres, ["--single", "-D", dataDirectory, "postgres"], {
    ...spawnOptions,
    input: statements.map((statement) => `${statement}\n`).join(""),
  });
  if (/(ERROR|FATAL|PANIC):/.test(report)) {
    throw new Error(`Cannot run the setup statements:\n${report}`);
  }
}

interface RunOptions extends SpawnOptions {
  readonly input?: string;
}

/** Runs a program to its end and gives all it said. */
function run(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { input = "", ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { ...spawnOptions, stdio: "pipe" });
    let said = "";
    child.stdout!.on("data", (chunk) => said += chunk);
    child.stderr!.on("data", (chunk) => said += chunk);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`Cannot run ${program}: it ended with ${code}\n${said}`));
    });
    child.stdin!.on("error", () => {}); // An early exit is told by its code.
    child.stdin!.end(input);
  });
}
