/**
 * The option `transform`: what names, values and rows become on their way.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import type { RowTransform } from "../../rows/row_transform.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";
import { camel, kebab, type LetterCase, type LetterCaseName, pascal } from "./letter_case.ts";

/**
 * What names, values and rows become on their way. A function alone is one for results. What
 * a function throws fails the query, not its connection.
 */
export interface TransformOption {
  /** Null: a parameter that is undefined is sent as NULL. Default: it is an error. */
  readonly undefined?: null;
  /**
   * Names of columns: `from` for the rows of results, `to` for the helpers that take names from
   * objects and arrays; a letter case is both. Of several columns that get one name the last
   * counts. `columns` of a result keeps the server's names, and the inside of JSON is never
   * touched: what was read can be sent back.
   */
  readonly column?: LetterCaseName | ((name: string) => string) | {
    readonly from?: (name: string) => string;
    readonly to?: (name: string) => string;
  };
  /**
   * Each value of a row, null too, with what the server says of its column; not those of
   * `raw()`, which nobody decoded.
   */
  readonly value?: ((value: unknown, column: FieldDescription) => unknown) | {
    readonly from?: (value: unknown, column: FieldDescription) => unknown;
  };
  /** Each row when it is complete, arrays of `values()` and `raw()` too. */
  // deno-lint-ignore no-explicit-any -- as many types as there are queries; users name theirs
  readonly row?: ((row: any) => unknown) | { readonly from?: (row: any) => unknown };
}

/** The option taken apart. */
export interface TransformChoices extends RowTransform {
  /** Null: a parameter that is undefined is sent as NULL. */
  readonly undefined?: null;
  /** The database's name of a column for the one a user gave. */
  readonly columnTo?: (name: string) => string;
}

/** One part of the option: what fits, and its choices; undefined for what does not fit. */
interface Part {
  readonly expected: string;
  readonly read: (choice: unknown) => TransformChoices | undefined;
}

const letterCases: Readonly<Record<LetterCaseName, LetterCase>> = { camel, pascal, kebab };

const PARTS: { readonly [Name in keyof Required<TransformOption>]: Part } = {
  undefined: {
    expected: "null",
    read: (choice) => choice === null ? { undefined: null } : undefined,
  },
  column: {
    expected: '"camel", "pascal", "kebab", a function or { from, to }',
    read: (choice) =>
      readHooks(isLetterCase(choice) ? letterCases[choice].column : choice, {
        from: "columnFrom",
        to: "columnTo",
      }),
  },
  value: {
    expected: "a function or { from }",
    read: (choice) => readHooks(choice, { from: "valueFrom" }),
  },
  row: {
    expected: "a function or { from }",
    read: (choice) => readHooks(choice, { from: "rowFrom" }),
  },
};

/**
 * Takes the option apart; undefined when it is not of its form.
 *
 * @throws {ConfigError} naming the part that cannot be used
 */
export function readTransform(value: unknown): TransformChoices | undefined {
  if (isLetterCase(value)) return PARTS.column.read(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.assign({}, ...givenEntries(value).map(([name, choice]) => readPart(name, choice)));
}

function readPart(name: string, choice: unknown): TransformChoices {
  if (!Object.hasOwn(PARTS, name)) {
    const known = Object.keys(PARTS).join(", ");
    throw new ConfigError(`Cannot use option "transform": it has no "${name}", only ${known}`);
  }
  const { expected, read } = PARTS[name as keyof TransformOption];
  const choices = read(choice);
  if (choices) return choices;
  throw new ConfigError(`Cannot use option "transform": "${name}" is to be ${expected}`);
}

/** Functions by direction become choices of these names. */
function readHooks(
  choice: unknown,
  names: Readonly<Record<string, keyof TransformChoices>>,
): TransformChoices | undefined {
  if (typeof choice === "function") return { [names.from]: choice };
  if (typeof choice !== "object" || choice === null || Array.isArray(choice)) return undefined;
  const hooks = givenEntries(choice);
  const fit = hooks.every(([direction, hook]) =>
    Object.hasOwn(names, direction) && typeof hook === "function"
  );
  return fit
    ? Object.fromEntries(hooks.map(([direction, hook]) => [names[direction], hook]))
    : undefined;
}

function isLetterCase(choice: unknown): choice is LetterCaseName {
  return typeof choice === "string" && Object.hasOwn(letterCases, choice);
}

/** What is undefined is as what is not there. */
function givenEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, choice]) => choice !== undefined);
}
