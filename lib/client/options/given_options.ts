/**
 * What `sql.options` shows of the options.
 *
 * @module
 */

import type { CheckedOptions } from "./option_types.ts";
import type { GivenOptions } from "../sql/sql_types.ts";

/** None of these is a secret. */
const NAMES = [
  "host",
  "port",
  "user",
  "database",
  "applicationName",
  "sslMode",
  "max",
  "idleTimeoutMs",
  "maxLifetimeMs",
  "connectTimeoutMs",
  "queryTimeoutMs",
  "prepare",
  "statementCacheSize",
  "pooler",
  "fetchTypes",
] as const satisfies readonly (keyof GivenOptions)[];

/** Those of the options that were given or have a default of rill's own. */
export function givenOptions(checked: CheckedOptions): GivenOptions {
  const given = NAMES.filter((name) => checked[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, checked[name]]));
}
