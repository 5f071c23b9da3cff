/**
 * From what the user gave to options whose names and values are right.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import { parseConnectionString } from "./connection_string.ts";
import { OptionDraft } from "./option_draft.ts";
import type { CheckedOptions, ClientOptions, KnownOptions } from "./option_types.ts";

export { completeOptions } from "./complete_options.ts";
export type { ResolvedOptions } from "./complete_options.ts";
export type {
  AuthRequirement,
  CheckedOptions,
  ClientOptions,
  KnownOptions,
  TargetSessionAttrs,
  TransformOption,
} from "./option_types.ts";

/**
 * Checks a connection string or an options object; the options in `more` go before those in
 * `input`, and these before the ones in its `url`.
 *
 * @throws {ConfigError} naming the option that cannot be used and what was expected
 */
export function checkOptions(
  input: string | URL | ClientOptions,
  more: ClientOptions = {},
): CheckedOptions {
  const draft = new OptionDraft();
  for (const options of [isConnectionString(input) ? { url: input } : input, more]) {
    addOptions(draft, options);
  }
  checkVersions(draft.options);
  return { max: 10, idleTimeoutMs: 1_800_000, maxLifetimeMs: 3_600_000, ...draft.options };
}

function addOptions(draft: OptionDraft, options: ClientOptions): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError("Cannot connect: expected a connection string or an object of options");
  }
  const { url, ...others } = options;
  if (url !== undefined) addConnectionString(draft, url);
  for (const [name, value] of Object.entries(others)) draft.setValue(name, value);
}

function addConnectionString(draft: OptionDraft, url: unknown): void {
  if (!isConnectionString(url)) {
    throw new ConfigError('Cannot use option "url": expected a connection string or a URL object');
  }
  const source = parseConnectionString(typeof url === "string" ? url : url.href);
  for (const option of source.options) draft.setText(option, source);
}

function isConnectionString(value: unknown): value is string | URL {
  return typeof value === "string" || value instanceof URL;
}

function checkVersions(options: KnownOptions): void {
  const { protocolVersion, minProtocolVersion, maxProtocolVersion } = options;
  if (protocolVersion === undefined) return;
  if (minProtocolVersion === undefined && maxProtocolVersion === undefined) return;
  throw new ConfigError(
    'Cannot use option "protocolVersion": it excludes "minProtocolVersion" and "maxProtocolVersion"',
  );
}
