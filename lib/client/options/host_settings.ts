/**
 * The servers to be tried: addresses, the names their certificates must bear, passwords.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { HostSettings } from "../../session/session_options.ts";
import type { KnownOptions } from "./option_types.ts";
import { findPassword, type PassfileEntry, readPassfile } from "./passfile.ts";

interface KnownLogin extends KnownOptions {
  readonly user: string;
  readonly database: string;
}

const defaultPort = 5432;

// libpq is built with one of the two.
const socketDirectories = ["/var/run/postgresql", "/tmp"];

/**
 * One entry for each host, in the order given.
 *
 * @throws {ConfigError} when there are not as many addresses or ports as hosts
 */
export async function hostSettings(
  options: KnownLogin,
  context: { readonly runtime: Runtime; readonly warnings: string[] },
): Promise<readonly HostSettings[]> {
  const { host: hosts = [""], hostAddr: addresses = [], port: ports = [defaultPort] } = options;
  const count = options.host ? hosts.length : Math.max(addresses.length, 1);
  if (addresses.length !== 0 && addresses.length !== count) {
    throw miscount("hostAddr", addresses.length, count);
  }
  if (ports.length !== 1 && ports.length !== count) throw miscount("port", ports.length, count);

  const entries = options.password ? [] : await readPassfile(options.passfile, context);
  const settings: HostSettings[] = [];
  for (let index = 0; index < count; index++) {
    const port = ports.length === 1 ? ports[0] : ports[index];
    const address = addresses[index] ?? "";
    const host = hosts[index] || address || await defaultHost(port, context.runtime);
    const password = options.password || passwordOf({ host, port, entries, login: options });
    settings.push({ ...place({ host, address, port }), password });
  }
  return settings;
}

/** The socket of a local server where libpq would look for it, if there is one. */
async function defaultHost(port: number, runtime: Runtime): Promise<string> {
  for (const directory of socketDirectories) {
    if (await runtime.exists(socketPath(directory, port))) return directory;
  }
  return "localhost";
}

function place(
  { host, address, port }: {
    readonly host: string;
    readonly address: string;
    readonly port: number;
  },
): HostSettings {
  if (address) return { address: { host: address, port }, serverName: host };
  if (host.startsWith("/")) return { address: { path: socketPath(host, port) } };
  return { address: { host, port }, serverName: host };
}

function socketPath(host: string, port: number): string {
  // The socket itself may have been given, as postgres.js' `path` wants it.
  return /\/\.s\.PGSQL\.\d+$/.test(host) ? host : `${host.replace(/\/+$/, "")}/.s.PGSQL.${port}`;
}

function passwordOf(
  { host, port, entries, login }: {
    readonly host: string;
    readonly port: number;
    readonly entries: readonly PassfileEntry[];
    readonly login: KnownLogin;
  },
): string | undefined {
  // In the file a local server in the default place is localhost (fe-connect.c, passwordFromFile).
  const name = socketDirectories.includes(host) ? "localhost" : host;
  return findPassword(entries, { host: name, port, database: login.database, user: login.user });
}

function miscount(name: string, given: number, hosts: number): ConfigError {
  return new ConfigError(
    `Cannot use option "${name}": ${given} are given for ${hosts} hosts, expected as many`,
  );
}
