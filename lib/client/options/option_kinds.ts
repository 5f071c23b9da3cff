/**
 * The kinds of values that options have: how each is told from wrong ones, and how it is
 * read from the text of a connection string, a service file or a `PG*` variable.
 *
 * @module
 */

import type { AuthMethod } from "../../session/session_options.ts";
import type { AuthRequirement } from "./option_types.ts";
import { readTransform } from "./transform_option.ts";
import type { TransformChoices } from "./transform_option.ts";
import { readTypes } from "./type_options.ts";
import type { TypeChoices } from "./type_options.ts";

/** One kind of value. Both functions give undefined for what does not fit. */
export interface OptionKind<T> {
  /** What error texts say after "expected". */
  readonly expected: string;
  /** Takes the value of a property. */
  readonly check: (value: unknown) => T | undefined;
  /** Takes a text that is not empty; absent where no text can say it. */
  readonly read?: (text: string) => T | undefined;
}

// The greatest delay that timers take.
const maxInt32 = 0x7fffffff;

/** Any text that can be sent: the wire ends it with a NUL. */
export const text: OptionKind<string> = {
  expected: "a string without NUL",
  check: asText,
  read: asText,
};

/** One text, or several separated by commas; an empty one stands for the default. */
export const textList: OptionKind<readonly string[]> = {
  expected: "a string or an array of strings",
  check: (value) => each(value, asText),
  read: (list) => each(list.split(","), asText),
};

/** Port numbers; in a text an empty one stands for 5432. */
export const portList: OptionKind<readonly number[]> = {
  expected: "port numbers from 1 to 65535",
  check: (value) => each(value, asPort),
  read: (list) => each(list.split(","), (port) => port === "" ? 5432 : asPort(wholeNumber(port))),
};

/** A text, or a function that gives one. */
export const secret: OptionKind<string | (() => string | Promise<string>)> = {
  expected: "a string or a function",
  check: (value) => asText(value) ?? asFunction<() => string | Promise<string>>(value),
  read: asText,
};

/** True and false; in texts 1 and 0, as libpq's `sslsni`. */
export const flag: OptionKind<boolean> = {
  expected: "true or false",
  check: (value) => typeof value === "boolean" ? value : undefined,
  read: (word) => {
    if (word === "1" || word === "true") return true;
    return word === "0" || word === "false" ? false : undefined;
  },
};

/** Milliseconds, 0 for no limit. */
export const milliseconds: OptionKind<number> = /* @__PURE__ */ integer(0, maxInt32);

/** Milliseconds as well, but seconds in texts; there what is not positive means no limit. */
export const seconds: OptionKind<number> = {
  expected: "a whole number not below 0",
  check: (value) => milliseconds.check(value),
  read: (digits) => milliseconds.check(Math.max(0, 1000 * wholeNumber(digits))),
};

/** Settings of the server by name. */
export const settings: OptionKind<Readonly<Record<string, string>>> = {
  expected: "an object of strings, without user, database, client_encoding and replication",
  check(value) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value).filter(([, setting]) => setting !== undefined);
    const fit = entries.every(([name, setting]) =>
      isSettingName(name) && asText(setting) !== undefined
    );
    return fit ? Object.fromEntries(entries) : undefined;
  },
};

/** How values look, which no text can give. */
export const typeChoices: OptionKind<TypeChoices> = {
  expected: '"lossless", or an object of shapes, codecs and types { to, from, serialize, parse }',
  check: readTypes,
};

/** What names, values and rows become, which no text can say. */
export const transformChoices: OptionKind<TransformChoices> = {
  expected: '"camel", "pascal", "kebab", or an object of undefined, column, value and row',
  check: readTransform,
};

const authMethods = ["password", "md5", "scram-sha-256", "gss", "sspi", "none"] as const;

/** libpq's `require_auth`: methods separated by commas, all with a `!` or none, none twice. */
export const authRequirement: OptionKind<AuthRequirement> = {
  expected: 'some of password, md5, scram-sha-256, gss, sspi, none, all with a "!" before or none',
  check: (value) => typeof value === "string" ? readAuthRequirement(value) : undefined,
  read: readAuthRequirement,
};

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): OptionKind<T> {
  const find = (value: unknown) => words.find((word) => word === value);
  return { expected: `one of ${words.join(", ")}`, check: find, read: find };
}

/** A whole number between two others. */
export function integer(min: number, max: number = maxInt32): OptionKind<number> {
  const check = (value: unknown) =>
    isWhole(value) && value >= min && value <= max ? value : undefined;
  return {
    expected: `a whole number from ${min} to ${max}`,
    check,
    read: (digits) => check(wholeNumber(digits)),
  };
}

/** A function, which no text can give. */
export function callback<T extends (...values: never[]) => unknown>(): OptionKind<T> {
  return { expected: "a function", check: asFunction<T> };
}

/** An object with these methods, which no text can give. */
export function objectWith<T extends object>(
  ...methods: readonly (keyof T & string)[]
): OptionKind<T> {
  return {
    expected: `an object with ${methods.join(", ")}`,
    check(value) {
      if (typeof value !== "object" || value === null) return undefined;
      const members = value as Record<string, unknown>;
      return methods.every((name) => asFunction(members[name])) ? value as T : undefined;
    },
  };
}

function readAuthRequirement(list: string): AuthRequirement | undefined {
  const words = list.split(",").map((word) => word.trim());
  const negated = words[0].startsWith("!");
  const methods: AuthMethod[] = [];
  for (const word of words) {
    if (word.startsWith("!") !== negated) return undefined;
    const method = authMethods.find((name) => name === word.slice(negated ? 1 : 0));
    if (method === undefined || methods.includes(method)) return undefined;
    methods.push(method);
  }
  return { methods, negated };
}

/** One value or several, but not none. */
function each<T>(value: unknown, check: (item: unknown) => T | undefined): T[] | undefined {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const checked: T[] = [];
  for (const item of items) {
    const fit = check(item);
    if (fit === undefined) return undefined;
    checked.push(fit);
  }
  return checked.length > 0 ? checked : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && !value.includes("\0") ? value : undefined;
}

function asPort(value: unknown): number | undefined {
  return isWhole(value) && value >= 1 && value <= 65535 ? value : undefined;
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

function asFunction<T>(value: unknown): T | undefined {
  return typeof value === "function" ? value as T : undefined;
}

// These would set what another option sets, or what the session must be sure of.
const reservedSettings = ["user", "database", "client_encoding", "replication"];

function isSettingName(name: string): boolean {
  const plain = name.toLowerCase();
  return plain !== "" && asText(plain) !== undefined && !reservedSettings.includes(plain);
}

/** NaN for what libpq would not take as an integer. */
function wholeNumber(digits: unknown): number {
  return typeof digits === "string" && /^\s*[+-]?\d+\s*$/.test(digits) ? Number(digits) : NaN;
}
