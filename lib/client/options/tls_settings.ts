/**
 * What `sslmode` and its companions come down to, with the certificates read.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { SslMode, TlsSettings } from "../../session/session_options.ts";
import type { KnownOptions } from "./option_types.ts";
import { homePath, readIfPresent, readNamed } from "./read_file.ts";

/** Modes that cannot end up without TLS. */
const strictModes: readonly SslMode[] = ["require", "verify-ca", "verify-full"];

/**
 * Reads certificates and keys: those that are named, else those in `~/.postgresql`.
 *
 * @throws {ConfigError} when a named file is missing or the options are at odds
 */
export async function tlsSettings(
  options: KnownOptions,
  { runtime, warnings }: { readonly runtime: Runtime; readonly warnings: string[] },
): Promise<TlsSettings> {
  const systemRoots = options.sslRootCert === "system";
  const mode = options.sslMode ?? (systemRoots ? "verify-full" : "prefer");
  const negotiation = options.sslNegotiation ?? "postgres";
  if (systemRoots && mode !== "verify-full") {
    // Anybody can have a certificate from a public authority, for another name.
    throw new ConfigError(
      `Cannot use option "sslRootCert": system roots prove nothing with sslMode ${mode}, expected verify-full`,
    );
  }
  if (negotiation === "direct" && !strictModes.includes(mode)) {
    throw new ConfigError(
      `Cannot use option "sslNegotiation": direct leaves no choice but sslMode is ${mode}, ` +
        `expected ${strictModes.join(", ")}`,
    );
  }
  const serverNameIndication = options.sslSni ?? true;
  const strict = strictModes.includes(mode);
  if (options.sslRootCert && !strict) {
    warnings.push(`sslRootCert is not used: with sslMode ${mode} the server is not verified`);
  }
  if (mode === "disable") return { mode, negotiation, serverNameIndication };

  const roots = strict ? await rootCertificates(options, runtime) : undefined;
  if (mode === "verify-ca" && !roots) {
    throw new ConfigError(
      'Cannot verify the server: sslMode is verify-ca without a root certificate, expected option "sslRootCert"',
    );
  }
  return {
    // As libpq: whoever has a root certificate wants it to count.
    mode: mode === "require" && roots ? "verify-ca" : mode,
    negotiation,
    serverNameIndication,
    rootCertificates: roots,
    ...await clientCertificate(options, runtime),
  };
}

async function rootCertificates(
  options: KnownOptions,
  runtime: Runtime,
): Promise<readonly string[] | undefined> {
  const given = options.sslRootCert;
  if (given === "system") return undefined;
  const text = given
    ? await pemText(given, { title: "the root certificate", runtime })
    : await readHomeFile("root.crt", runtime);
  if (text === undefined) return undefined;
  const certificates = text.match(
    /-----BEGIN (TRUSTED )?CERTIFICATE-----.*?-----END (TRUSTED )?CERTIFICATE-----/gs,
  );
  if (certificates) return certificates;
  throw new ConfigError("Cannot use the root certificate: there is no PEM certificate in it");
}

async function clientCertificate(
  options: KnownOptions,
  runtime: Runtime,
): Promise<Pick<TlsSettings, "certificate" | "key">> {
  const certificate = options.sslCert
    ? await pemText(options.sslCert, { title: "the client certificate", runtime })
    : await readHomeFile("postgresql.crt", runtime);
  if (certificate === undefined) return {};
  const keySource = options.sslKey || homePath(".postgresql/postgresql.key", runtime);
  if (!keySource) {
    throw new ConfigError(
      'Cannot use option "sslCert": its key is missing, expected option "sslKey"',
    );
  }
  if (!isPem(keySource)) await checkKeyMode(keySource, runtime);
  return { certificate, key: await pemText(keySource, { title: "the client key", runtime }) };
}

/** Group may read: Debian's keys are root's with 0640; whose the file is cannot be seen from here. */
async function checkKeyMode(path: string, runtime: Runtime): Promise<void> {
  const mode = await runtime.fileMode(path);
  if (mode === undefined || (mode & 0o037) === 0) return;
  throw new ConfigError(
    `Cannot use the client key ${path}: others have access to it, expected mode 0640 or less`,
  );
}

function readHomeFile(name: string, runtime: Runtime): Promise<string | undefined> {
  const path = homePath(`.postgresql/${name}`, runtime);
  return path === undefined ? Promise.resolve(undefined) : readIfPresent(path, runtime);
}

function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}

/** The text itself, or what is in the file it names. */
function pemText(
  given: string,
  options: { readonly title: string; readonly runtime: Runtime },
): string | Promise<string> {
  if (isPem(given)) return given;
  // A damaged PEM text must not be shown as a path.
  if (/[\r\n]/.test(given)) {
    throw new ConfigError(`Cannot use ${options.title}: expected a path or PEM text`);
  }
  return readNamed(given, options);
}
