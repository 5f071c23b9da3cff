/**
 * The options of single calls: `with()`, `begin()`, `pipeline()`, ….
 *
 * @module
 */

import { closestName } from "./suggestion.ts";

/** What each option of a call may be. */
export interface CallOptions<Name extends string> {
  /** What the call does, as "run a query". */
  readonly action: string;
  readonly kinds: Readonly<Record<Name, CallOptionKind>>;
  /** What others call them. */
  readonly spellings?: Readonly<Record<string, Name>>;
}

/** One kind of value. */
export interface CallOptionKind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

/** An AbortSignal. */
export const signalKind: CallOptionKind = {
  expected: "an AbortSignal",
  fits: (value) => value instanceof AbortSignal,
};

/** Milliseconds that a timer takes, 0 for no limit. */
export const millisecondsKind: CallOptionKind = {
  expected: "milliseconds, 0 for no limit",
  fits: (value) => isCount(value) && value <= 0x7fffffff,
};

/** A whole number not below 0. */
export const countKind: CallOptionKind = {
  expected: "a whole number not below 0",
  fits: isCount,
};

/** True or false. */
export const flagKind: CallOptionKind = {
  expected: "true or false",
  fits: (value) => typeof value === "boolean",
};

/** A text. */
export const textKind: CallOptionKind = {
  expected: "a string",
  fits: (value) => typeof value === "string",
};

/** One of a few words. */
export function wordKind(...words: readonly string[]): CallOptionKind {
  return {
    expected: words.map((word) => `"${word}"`).join(" or "),
    fits: (value) => words.some((word) => word === value),
  };
}

/**
 * Refuses options that do not exist or do not fit; gives them as they are.
 *
 * @throws {TypeError} naming the option
 */
export function checkCallOptions<Options extends object>(
  options: Options,
  { action, kinds, spellings = {} }: CallOptions<keyof Options & string>,
): Options {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name)) throw noSuchOption(name, { action, kinds, spellings });
    const { expected, fits } = kinds[name as keyof Options & string];
    if (value !== undefined && !fits(value)) {
      throw new TypeError(
        `Cannot ${action}: option "${name}" does not fit, expected ${expected}`,
      );
    }
  }
  return options;
}

function noSuchOption(
  name: string,
  { action, kinds, spellings }: Required<CallOptions<string>>,
): TypeError {
  const names = Object.keys(kinds);
  const closest = closestName(name, [...names, ...Object.keys(spellings)]);
  const meant = closest === undefined ? undefined : spellings[closest] ?? closest;
  const unit = meant?.endsWith("Ms") ? " (milliseconds)" : "";
  const advice = meant === undefined
    ? `expected ${names.join(", ")}`
    : `did you mean "${meant}"${unit}`;
  return new TypeError(`Cannot ${action}: there is no option "${name}", ${advice}`);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
