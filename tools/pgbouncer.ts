/**
 * A real pgbouncer in transaction mode, for tests: each transaction may run on another
 * connection to the server.
 *
 * It comes from the operating system (`apt-get install pgbouncer`), listens on a free port of
 * 127.0.0.1, keeps its files in a temporary folder, and ends (the folder with it) when it is
 * closed or when the program that started it ends, however that happens.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { access, chmod, constants, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { connectionUrl, type UrlParts } from "./embedded_postgres.ts";

/** The server that a pgbouncer stands before, and how. */
export interface PgbouncerOptions {
  readonly host: string;
  readonly port: number;
  /** Lines of the section `[pgbouncer]` of pgbouncer.ini. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A running pgbouncer. It trusts the user `postgres`, who may also ask it for `SHOW …`. */
export interface Pgbouncer {
  readonly host: string;
  readonly port: number;
  /** What it writes on standard error. */
  readonly logFile: string;
  url(parts?: UrlParts): string;
  /** Ends it, its connections to the server too, and removes its files. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const startTimeoutMs = 10_000;

/**
 * Runs pgbouncer until standard input ends, which it does when the parent is gone, even by
 * SIGKILL; then removes the folder. The file `exited` tells the parent of an early end.
 * By SIGKILL, because which other signal ends it at once changed with version 1.23.
 */
const keeperScript = `
folder=$0
exec 3<&0
"$@" </dev/null >"$folder/log" 2>&1 &
pooler=$!
{ read -r _ <&3; kill -KILL $pooler 2>/dev/null; } &
wait $pooler
echo $? >"$folder/exited"
wait
cd /
rm -rf "$folder"
`;

/** The path of the program; undefined: it is not installed. */
export async function findPgbouncer(): Promise<string | undefined> {
  // Debian has it where the PATH of a user does not look.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  for (const folder of folders.filter(Boolean)) {
    const path = join(folder, "pgbouncer");
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  return undefined;
}

/**
 * Starts pgbouncer and waits until it takes connections.
 *
 * @throws {Error} when it is not installed or does not take the settings
 */
export async function startPgbouncer(options: PgbouncerOptions): Promise<Pgbouncer> {
  const program = await findPgbouncer();
  if (!program) throw new Error("Cannot start pgbouncer: it is not installed");
  const folder = await mkdtemp(join(tmpdir(), "rill-pgbouncer-"));
  const port = await freePort();
  await writeFiles(folder, port, options);
  const keeper = spawn("sh", ["-c", keeperScript, folder, program, ...programArguments(folder)], {
    stdio: ["pipe", "ignore", "ignore"],
    // Ctrl-C is for the program that started it; pgbouncer follows its end.
    detached: true,
  });
  const close = closerOf(keeper, folder);
  await untilReady(folder).catch(async (error) => {
    await close();
    throw error;
  });
  return {
    host: "127.0.0.1",
    port,
    logFile: join(folder, "log"),
    url: (parts) => connectionUrl("127.0.0.1", port, parts),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** pgbouncer refuses to run as root. */
function programArguments(folder: string): string[] {
  const configuration = join(folder, "pgbouncer.ini");
  return process.getuid?.() === 0 ? ["-u", "nobody", configuration] : [configuration];
}

async function writeFiles(folder: string, port: number, options: PgbouncerOptions): Promise<void> {
  const users = join(folder, "users.txt");
  const settings = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    // No socket in a folder that other programs share.
    unix_socket_dir: "",
    auth_type: "trust",
    auth_file: users,
    admin_users: "postgres",
    pool_mode: "transaction",
    ...options.settings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  const database = `[databases]\n* = host=${options.host} port=${options.port}\n`;
  await writeFile(users, '"postgres" ""\n');
  await writeFile(join(folder, "pgbouncer.ini"), `${database}[pgbouncer]\n${lines.join("")}`);
  // The user nobody reads them; there is no secret in them.
  await chmod(folder, 0o755);
}

function closerOf(keeper: ChildProcess, folder: string): () => Promise<void> {
  const closed = new Promise<void>((resolve) => {
    keeper.once("close", () => resolve());
    keeper.once("error", () => resolve(rm(folder, { recursive: true, force: true })));
  });
  return () => {
    keeper.stdin!.end();
    return closed;
  };
}

/** Waits for pgbouncer to say in its log that it is up. */
async function untilReady(folder: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    await delay(10);
    if ((await readIfExists(join(folder, "log"))).includes("process up: ")) return;
    if (await readIfExists(join(folder, "exited"))) break;
  }
  const log = await readIfExists(join(folder, "log"));
  throw new Error(`Cannot start pgbouncer: it is not ready\n${log}`);
}

async function readIfExists(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => "");
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
