/**
 * The service file: sections of options, named by `service` or `PGSERVICE`.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { OptionDraft } from "./option_draft.ts";
import type { KnownOptions } from "./option_types.ts";
import { homePath, readIfPresent } from "./read_file.ts";

/**
 * The options of a service: from the user's own file, else from the system's.
 *
 * @throws {ConfigError} when neither file has the service, or a line cannot be used
 */
export async function serviceOptions(
  service: string | undefined,
  runtime: Runtime,
): Promise<KnownOptions> {
  if (!service) return {};
  const systemDirectory = runtime.env("PGSYSCONFDIR");
  const paths = [
    runtime.env("PGSERVICEFILE") || homePath(".pg_service.conf", runtime),
    systemDirectory && `${systemDirectory}/pg_service.conf`,
  ].filter((path): path is string => Boolean(path));

  for (const path of paths) {
    const text = await readIfPresent(path, runtime);
    const options = text === undefined ? undefined : parseService(text, { service, path });
    if (options) return options;
  }
  const searched = paths.length > 0 ? paths.join(" or ") : "any file";
  throw new ConfigError(`Cannot use service "${service}": it is not in ${searched}`);
}

/** The options of one section; undefined when there is no such section. */
export function parseService(
  text: string,
  { service, path }: { readonly service: string; readonly path: string },
): KnownOptions | undefined {
  let draft: OptionDraft | undefined;
  for (const [index, rawLine] of text.split("\n").entries()) {
    const line = rawLine.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      // The first section of a name is the one.
      if (draft) break;
      if (line === `[${service}]`) draft = new OptionDraft();
      continue;
    }
    if (!draft) continue;
    const title = `service "${service}" (line ${index + 1} of ${path})`;
    const [, name, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || name === "service") {
      throw new ConfigError(`Cannot use ${title}: expected name=value with a name but "service"`);
    }
    draft.setText({ name, value }, { title, secret: false, shared: true });
  }
  return draft?.options;
}
