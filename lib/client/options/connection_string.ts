/**
 * Takes connection strings apart, as fe-connect.c does: `conninfo_uri_parse_options` for
 * `postgres://…`, `conninfo_parse` for `name=value …`.
 *
 * No error text quotes a connection string: any part of it may be of a password.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { TextOption, TextSource } from "./option_draft.ts";

/** The options of a connection string, by libpq's names, in the order they stand in. */
export interface ConnectionString extends TextSource {
  readonly options: readonly TextOption[];
}

/**
 * Takes a connection string of either form apart.
 *
 * @throws {ConfigError} when it has neither form
 */
export function parseConnectionString(text: string): ConnectionString {
  const title = "the connection string";
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (!scheme) {
    const options = parsePairs(text);
    // A blank within an unquoted password makes a name of its rest.
    return { title, options, secret: options.some(({ name }) => name.startsWith("pass")) };
  }
  if (!/^postgres(ql)?$/i.test(scheme[1])) {
    throw unreadable("its scheme is another, expected postgres:// or postgresql://");
  }
  const rest = text.slice(scheme[0].length).trimEnd();
  // An @ after the question mark: a password with a bare question mark may have been cut there.
  return { title, options: parseUri(rest), secret: /\?.*@/s.test(rest) };
}

/** What follows `postgres://`: `user:password@host:port,host:port/database?name=value&…`. */
function parseUri(text: string): TextOption[] {
  const parts = /^(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text)!;
  const [, userInfo = "", hosts, database = "", query = ""] = parts;
  if (hosts.includes("@") || database.includes("@")) {
    throw unreadable('an "@" stands behind the host, expected %40 in names and passwords');
  }
  return [
    ...userOptions(userInfo),
    ...hostOptions(hosts),
    { name: "dbname", value: decode(database, "database") },
    ...queryOptions(query),
  ];
}

function userOptions(text: string): TextOption[] {
  const [, user, password = ""] = /^([^:]*)(?::(.*))?$/s.exec(text)!;
  return [
    { name: "user", value: decode(user, "user") },
    { name: "password", value: decode(password, "password") },
  ];
}

function hostOptions(text: string): TextOption[] {
  const hosts: string[] = [];
  const ports: string[] = [];
  for (const item of text.split(",")) {
    const parts = /^(?:\[([^\]]+)\]|([^:[]*))(?::(.*))?$/s.exec(item);
    if (!parts) {
      throw unreadable("a host is not closed or empty, expected an address between [ and ]");
    }
    hosts.push(decode(parts[1] ?? parts[2], "host"));
    ports.push(decode(parts[3] ?? "", "port"));
  }
  // Of several hosts those without a port have the default one; of a single host it stays open.
  return [{ name: "host", value: hosts.join(",") }, { name: "port", value: ports.join(",") }];
}

function queryOptions(text: string): TextOption[] {
  return text.split("&").filter((pair) => pair !== "").map((pair, index) => {
    const parts = /^([^=]+)=(.*)$/s.exec(pair);
    if (!parts) throw unreadable(`query parameter ${index + 1} has no name or no "="`);
    const name = decode(parts[1], "name of a query parameter");
    const value = decode(parts[2], "value of a query parameter");
    // As libpq: JDBC's way to say it.
    return name === "ssl" && value === "true"
      ? { name: "sslmode", value: "require" }
      : { name, value };
  });
}

function decode(text: string, part: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // Told below, without the text that the cause might quote.
  }
  throw unreadable(`the ${part} is not percent-encoded UTF-8 without %00`);
}

/** `name = value name = 'quo\'ted'`. */
function parsePairs(text: string): TextOption[] {
  const options: TextOption[] = [];
  // A blank is what isspace() takes for one; JavaScript's \s is more.
  const nameForm = /([^ \t-\r=]+)[ \t-\r]*=[ \t-\r]*/y;
  const valueForm = /'((?:[^'\\]|\\.)*)'[ \t-\r]*|((?:[^ \t-\r\\]|\\.|\\$)*)[ \t-\r]*/sy;
  let at = /^[ \t-\r]*/.exec(text)![0].length;
  while (at < text.length) {
    nameForm.lastIndex = at;
    const name = nameForm.exec(text);
    if (!name) {
      const place = `no "=" behind a name at character ${at + 1}`;
      throw unreadable(`${place}, expected postgres://… or name=value pairs`);
    }
    valueForm.lastIndex = nameForm.lastIndex;
    const value = valueForm.exec(text)!;
    if (value[1] === undefined && text[nameForm.lastIndex] === "'") {
      throw unreadable(`the quote at character ${nameForm.lastIndex + 1} is not closed`);
    }
    options.push({ name: name[1], value: (value[1] ?? value[2]).replace(/\\(.?)/gs, "$1") });
    at = valueForm.lastIndex;
  }
  return options;
}

function unreadable(state: string): ConfigError {
  return new ConfigError(`Cannot read the connection string: ${state}`);
}
