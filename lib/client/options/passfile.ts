/**
 * The password file, `~/.pgpass`: lines of `host:port:database:user:password`.
 *
 * @module
 */

import type { Runtime } from "../../runtime/runtime.ts";
import { homePath, readIfPresent } from "./read_file.ts";

/** What a line of the file must fit. */
export interface PassfileKey {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** One line; `*` in a field fits anything. */
export interface PassfileEntry {
  /** Host, port, database, user; undefined fits anything. */
  readonly fields: readonly (string | undefined)[];
  readonly password: string;
}

/**
 * The entries of the password file; none when there is no file. One that others may read
 * is passed over with a warning, as libpq does.
 */
export async function readPassfile(
  path: string | undefined,
  { runtime, warnings }: { readonly runtime: Runtime; readonly warnings: string[] },
): Promise<readonly PassfileEntry[]> {
  const place = path || homePath(".pgpass", runtime);
  if (!place) return [];
  const text = await readIfPresent(place, runtime);
  if (text === undefined) return [];
  const mode = await runtime.fileMode(place);
  if (mode !== undefined && (mode & 0o077) !== 0) {
    warnings.push(
      `Password file ${place} is not used: group or others have access to it, expected mode 0600 or less`,
    );
    return [];
  }
  return parsePassfile(text);
}

/** The lines of a password file that are entries; others are passed over, as libpq does. */
export function parsePassfile(text: string): PassfileEntry[] {
  const entries: PassfileEntry[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const parts = /^((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):(.*)$/s
      .exec(line);
    if (!parts) continue;
    const fields = parts.slice(1, 5).map((field) => field === "*" ? undefined : unescape(field));
    entries.push({ fields, password: unescape(parts[5]) });
  }
  return entries;
}

/** The password of the first entry that fits. */
export function findPassword(
  entries: readonly PassfileEntry[],
  { host, port, database, user }: PassfileKey,
): string | undefined {
  const wanted = [host, String(port), database, user];
  const fits = ({ fields }: PassfileEntry) =>
    fields.every((field, index) => field === undefined || field === wanted[index]);
  return entries.find(fits)?.password;
}

function unescape(field: string): string {
  return field.replace(/\\(.)/gs, "$1");
}
