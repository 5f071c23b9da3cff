/**
 * Fills in what the user left open, in libpq's order: the service file, the `PG*`
 * variables, the defaults; and reads the files that the options name.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { SessionOptions } from "../../session/session_options.ts";
import type { Connector } from "../../transport/transport.ts";
import type { ProtocolVersion } from "../../wire/protocol.ts";
import { environmentOptions } from "./environment.ts";
import { hostSettings } from "./host_settings.ts";
import type {
  CheckedOptions,
  ClientOptions,
  KnownOptions,
  TargetSessionAttrs,
} from "./option_types.ts";
import { serviceOptions } from "./service_file.ts";
import { tlsSettings } from "./tls_settings.ts";

/** Options with nothing left open. */
export interface ResolvedOptions {
  /** For every session. */
  readonly session: SessionOptions;
  /** For the pool. */
  readonly pool: {
    /** Connections at most. */
    readonly max: number;
    /** Milliseconds; 0: never. */
    readonly idleTimeoutMs: number;
    /** Milliseconds; 0: never. */
    readonly maxLifetimeMs: number;
  };
  /** Which of several hosts will do. */
  readonly targetSessionAttrs: TargetSessionAttrs;
  /** Opens the transports. */
  readonly connect: Connector;
  /** See {@linkcode ClientOptions.onNotice}. */
  readonly onNotice?: ClientOptions["onNotice"];
  /** See {@linkcode ClientOptions.onParameter}. */
  readonly onParameter?: ClientOptions["onParameter"];
  /** See {@linkcode ClientOptions.trace}. */
  readonly trace?: ClientOptions["trace"];
  /** What was passed over and why, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Completes checked options from files and variables.
 *
 * @throws {ConfigError} when a file or variable cannot be used, or options contradict each other
 */
export async function completeOptions(
  checked: CheckedOptions,
  runtime: Runtime,
): Promise<ResolvedOptions> {
  const warnings: string[] = [];
  const context = { runtime, warnings };
  const environment = environmentOptions(runtime);
  const service = await serviceOptions(checked.service ?? environment.service, runtime);
  const options: KnownOptions = { ...environment, ...service, ...checked };
  const user = options.user || runtime.userName();
  if (!user) {
    throw new ConfigError('Cannot connect: no user is known, expected option "user" or PGUSER');
  }
  const database = options.database || user;

  const session: SessionOptions = {
    hosts: await hostSettings({ ...options, user, database }, context),
    user,
    database,
    startupParameters: startupParameters(options, environment),
    tls: await tlsSettings(options, context),
    ...versionRange(options),
    requireAuth: options.requireAuth,
    channelBinding: options.channelBinding ?? "prefer",
    maxScramIterations: options.maxScramIterations ?? 1_000_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 30_000,
    // MaxAllocSize of the server (memutils.h): it can build no longer message.
    maxMessageBytes: options.maxMessageBytes ?? 0x3fffffff,
    keepAlive: options.keepAlive ?? true,
  };
  return {
    session,
    pool: {
      max: checked.max,
      idleTimeoutMs: checked.idleTimeoutMs,
      maxLifetimeMs: checked.maxLifetimeMs,
    },
    targetSessionAttrs: options.targetSessionAttrs ?? "any",
    connect: options.connect ?? runtime.connect,
    onNotice: options.onNotice,
    onParameter: options.onParameter,
    trace: options.trace,
    warnings,
  };
}

function startupParameters(
  options: KnownOptions,
  environment: KnownOptions,
): Record<string, string> {
  const applicationName = options.applicationName ?? "rill";
  return {
    ...(applicationName && { application_name: applicationName }),
    ...(options.options && { options: options.options }),
    ...environment.parameters,
    ...options.parameters,
  };
}

const versions: readonly ProtocolVersion[] = ["2.0", "3.0", "3.2"];

/** A bound that is given alone moves the default of the other one. */
function versionRange(
  options: KnownOptions,
): Pick<SessionOptions, "minProtocolVersion" | "maxProtocolVersion"> {
  const exact = options.protocolVersion;
  if (exact) return { minProtocolVersion: exact, maxProtocolVersion: exact };
  const latest = versions[versions.length - 1];
  const max = options.maxProtocolVersion ?? latest;
  const maxProtocolVersion = max === "latest" ? latest : max;
  const min = options.minProtocolVersion ?? (maxProtocolVersion === "2.0" ? "2.0" : "3.0");
  const minProtocolVersion = min === "latest" ? latest : min;
  if (versions.indexOf(minProtocolVersion) <= versions.indexOf(maxProtocolVersion)) {
    return { minProtocolVersion, maxProtocolVersion };
  }
  throw new ConfigError(
    `Cannot use option "minProtocolVersion": ${minProtocolVersion} is above the maximum, ` +
      `expected ${maxProtocolVersion} or less`,
  );
}
