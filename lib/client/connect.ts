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
import { AbortWatch } from "./query/abort.ts";
import type { QueryDefaults } from "./query/execution_context.ts";
import { givenOptions } from "./options/given_options.ts";
import { checkOptions, completeOptions } from "./options/options.ts";
import type { CheckedOptions, ClientOptions } from "./options/options.ts";
import { ParameterTypes } from "./types/parameter_types.ts";
import { ClientTypes } from "./types/server_types.ts";
import { PoolLender } from "./lending/pool_lender.ts";
import { poolerPolicy } from "./pooler/pooler_policy.ts";
import { createSql } from "./sql/sql.ts";
import { createTyped, SqlFiles } from "./sql/sql_resources.ts";
import type { Sql } from "./sql/sql_types.ts";
import type { CustomType } from "./options/type_options.ts";

/** Prepared statements that each session keeps. */
const DEFAULT_STATEMENT_CACHE_SIZE = 256;

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
  const checked = withPooler(checkOptions(target, more));
  const runtime = checked.runtime ?? detectRuntime();
  const parameters: Record<string, string> = {};
  const open = sessionOpener(checked, runtime, parameters);
  const hooks = createHooks(checked.types?.custom);
  const { fetchTypes = true, transform } = checked;
  const types = new ClientTypes({ ...checked.types, hooks, fetchTypes, transform, text: runtime });
  const pool = createPool(checked, { open, types });
  const customTypes = checked.types?.custom ?? {};
  return createSql({
    ...queryDefaults(checked),
    lender: new PoolLender(pool, { oneByOne: maxPipelined(checked) === 1 }),
    types,
    parameterTypes: new ParameterTypes(),
    aborts: new AbortWatch(),
    openAside: (server) => open({ server }),
    mayGuess: () =>
      Object.keys(checked.types?.codecs ?? {}).length === 0 &&
      Object.keys(hooks.serializers).length === 0,
  }, {
    options: { ...givenOptions(checked), parsers: hooks.parsers, serializers: hooks.serializers },
    typed: createTyped(customTypes),
    files: new SqlFiles(runtime),
  }, { pool, parameters });
}

/** Poolers refuse protocols that they do not know, instead of negotiating. */
function withPooler(checked: CheckedOptions): CheckedOptions {
  const { pooler, protocolVersion, maxProtocolVersion } = checked;
  const highest = pooler && poolerPolicy(pooler).maxProtocolVersion;
  if (!highest || protocolVersion || maxProtocolVersion) return checked;
  return { ...checked, maxProtocolVersion: highest };
}

/** How queries are run where they say nothing else. */
function queryDefaults(checked: CheckedOptions): QueryDefaults {
  const pooler = checked.pooler && poolerPolicy(checked.pooler);
  const { prepare = pooler?.prepare ?? true, statementCacheSize, queryTimeoutMs = 0 } = checked;
  return {
    undefinedAsNull: checked.transform?.undefined === null,
    columnName: checked.transform?.columnTo,
    prepare: prepare && statementCacheSize !== 0,
    pooler,
    inTransaction: false,
    queryTimeoutMs,
  };
}

function maxPipelined({ pooler }: CheckedOptions): number | undefined {
  return pooler && poolerPolicy(pooler).maxPipelined;
}

function createPool(
  checked: CheckedOptions,
  { open, types }: { readonly open: OpenSession; readonly types: ClientTypes },
): Pool {
  return new Pool({
    max: checked.max,
    maxPipelined: maxPipelined(checked),
    idleTimeoutMs: checked.idleTimeoutMs,
    maxLifetimeMs: checked.maxLifetimeMs,
    open: async (onClose, signal) => {
      const session = await open({
        signal,
        onClose(ended, error) {
          if (ended) types.closed(ended);
          if (ended) checked.onClose?.(error);
          onClose();
        },
      });
      if (session.usable) types.opened(session);
      return session;
    },
  });
}

/** How a session is to be opened. */
interface Opening {
  /** The session is absent when it ended before anybody got it. */
  readonly onClose?: (session: Session | undefined, error: Error | undefined) => void;
  /** The server it must be, as `Session.server` names it; absent: whichever is first. */
  readonly server?: string;
  /** Ends the attempt. */
  readonly signal?: AbortSignal;
}

type OpenSession = (opening: Opening) => Promise<Session>;

function sessionOpener(
  checked: CheckedOptions,
  runtime: Runtime,
  parameters: Record<string, string>,
): OpenSession {
  const keyCache = new ScramKeyCache();
  let completed: Promise<SessionOptions> | undefined;
  return async ({ onClose, server, signal }) => {
    completed ??= complete(checked, runtime);
    const options = await completed;
    const hosts = options.hosts.filter((host) =>
      server === undefined || serverName(host, options) === server
    );
    const opened: { session?: Session } = {};
    opened.session = await openSession({ ...options, hosts }, {
      connect: checked.connect ?? runtime.connect,
      keyCache,
      statementCacheSize: checked.statementCacheSize ?? DEFAULT_STATEMENT_CACHE_SIZE,
      onNotice: checked.onNotice,
      onParameter(name, value) {
        parameters[name] = value;
        checked.onParameter?.(name, value);
      },
      trace: checked.trace,
      onClose: (error) => onClose?.(opened.session, error),
    }, signal);
    // On 2.0 they are not reported, but read.
    Object.assign(parameters, Object.fromEntries(opened.session.parameters));
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
