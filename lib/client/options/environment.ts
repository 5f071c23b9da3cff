/**
 * The options that the `PG*` variables give.
 *
 * @module
 */

import type { Runtime } from "../../runtime/runtime.ts";
import { OptionDraft } from "./option_draft.ts";
import type { KnownOptions } from "./option_types.ts";

/**
 * Reads the variables libpq reads, except those that would change how values are
 * written (`PGDATESTYLE`, `PGCLIENTENCODING`): rill chooses these itself.
 *
 * @throws {ConfigError} naming the variable whose value cannot be used
 */
export function environmentOptions(runtime: Runtime): KnownOptions {
  const draft = new OptionDraft();
  draft.setVariables((name) => runtime.env(name));
  const timeZone = runtime.env("PGTZ");
  if (timeZone) draft.setValue("parameters", { TimeZone: timeZone });
  return draft.options;
}
