/**
 * Where everything begins.
 *
 * @module
 */

import { Pool } from "../pool/pool.ts";
import { detectRuntime } from "../runtime/detect.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { ScramKeyCache } from "../session/auth/scram_keys.ts";
import { openSession, serverName } from "../session/open_session.ts";
import type { Session } from "../session/session.ts";
import type { SessionOptions } from "../session/session_options.ts";
import { TypeHooks } from "../value/registry/type_hooks.ts";
import { checkOptions, completeOptions } from "./options.ts";
import type { CheckedOptions, ClientOptions } from "./options.ts";
import { ParameterTypes } from "./parameter_types.ts";
import { ClientTypes } from "./server_types.ts";
import { createSql } from "./sql.ts";
import type { Sql } from "./sql.ts";
import type { CustomType } from "./type_options.ts";

/** Prepared statements that each session keeps. */
const STATEMENT_CACHE_SIZE = 256;

/**
 * Makes a client. Nothing is connected before the first query.
 *
 * Takes a URL (`postgres://user@host/database?sslmode=verify-full`), libpq's `key=value`
 * string, an object of options, or one of the first two and more options. What is not
 * said comes from the `PG*` variables, the service file, `.pgpass` and libpq's defaults.
 *
 * @throws {ConfigError} when an option is unknown or has a value that cannot be used
 */
export function connect(target: string | URL | ClientOptions = {}, more?: ClientOptions): Sql {
  const checked = checkOptions(target, more);
  const runtime = checked.runtime ?? detectRuntime();
  const open = sessionOpener(checked, runtime);
  const hooks = createHooks(checked.types?.custom);
  const { fetchTypes = true, transform } = checked;
  const types = new ClientTypes({ ...checked.types, hooks, fetchTypes, text: runtime });
  return createSql({
    pool: new Pool({
      max: checked.max,
      idleTimeoutMs: checked.idleTimeoutMs,
      maxLifetimeMs: checked.maxLifetimeMs,
      open: async (onClose) => {
        const session = await open({
          onClose(ended) {
            if (ended) types.closed(ended);
            onClose();
          },
        });
        if (session.usable) types.opened(session);
        return session;
      },
    }),
    types,
    parameterTypes: new ParameterTypes(),
    openAside: (server) => open({ server }),
    undefinedAsNull: transform?.undefined === null,
  }, { hooks, customTypes: checked.types?.custom ?? {} });
}

/** How a session is to be opened. */
interface Opening {
  /** The session is absent when it ended before anybody got it. */
  readonly onClose?: (session?: Session) => void;
  /** The server it must be, as `Session.server` names it; absent: whichever is first. */
  readonly server?: string;
}

function sessionOpener(
  checked: CheckedOptions,
  runtime: Runtime,
): (opening: Opening) => Promise<Session> {
  const keyCache = new ScramKeyCache();
  let completed: Promise<SessionOptions> | undefined;
  return async ({ onClose, server }) => {
    completed ??= complete(checked, runtime);
    const options = await completed;
    const hosts = options.hosts.filter((host) =>
      server === undefined || serverName(host, options) === server
    );
    const opened: { session?: Session } = {};
    opened.session = await openSession({ ...options, hosts }, {
      connect: checked.connect ?? runtime.connect,
      keyCache,
      statementCacheSize: STATEMENT_CACHE_SIZE,
      onNotice: checked.onNotice,
      onParameter: checked.onParameter,
      trace: checked.trace,
      onClose: () => onClose?.(opened.session),
    });
    return opened.session;
  };
}

function createHooks(custom: Readonly<Record<string, CustomType>> = {}): TypeHooks {
  const hooks = new TypeHooks();
  for (const { to, from, serialize, parse } of Object.values(custom)) {
    if (serialize) hooks.serializers[to] = serialize;
    if (parse) { for (const oid of from) hooks.parsers[oid] = parse; }
  }
  return hooks;
}

async function complete(checked: CheckedOptions, runtime: Runtime): Promise<SessionOptions> {
  const { session, warnings } = await completeOptions(checked, runtime);
  const warn = checked.onWarning ?? ((warning) => console.warn(`rill: ${warning}`));
  for (const warning of warnings) warn(warning);
  return session;
}
