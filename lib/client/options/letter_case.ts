/**
 * Names in other letter cases: what is `user_id` in the database is `userId` in JavaScript.
 *
 * A name without capitals (without hyphens, for kebab-case) comes back as it was, whatever
 * underscores and digits it has: an underscore that is not between two words, as in `_id`,
 * `a__b` and `a_1`, is kept. A capital that stands in the database itself does not come back:
 * `"userId"` is `userId` in JavaScript too, and from there `user_id`.
 *
 * @module
 */

/** The names that {@linkcode LetterCase}s have in the option `transform`. */
export type LetterCaseName = "camel" | "pascal" | "kebab";

/** A letter case as a transform, to be spread: `transform: { ...camel, undefined: null }`. */
export interface LetterCase {
  /** The names of columns. */
  readonly column: {
    /** From the database's snake_case. */
    readonly from: (name: string) => string;
    /** To the database's snake_case. */
    readonly to: (name: string) => string;
  };
}

/** `user_id` in the database, `userId` in JavaScript. */
export const camel: LetterCase = { column: { from: toCamel, to: fromCamel } };

/** `user_id` in the database, `UserId` in JavaScript. */
export const pascal: LetterCase = { column: { from: toPascal, to: fromPascal } };

/** `user_id` in the database, `user-id` in JavaScript. */
export const kebab: LetterCase = { column: { from: toKebab, to: fromKebab } };

/** Makes camelCase of snake_case: `user_id` to `userId`. */
export function toCamel(name: string): string {
  return name.replace(/(?<=[^_])_(\p{Ll})/gu, (kept, small) => capitalOf(small) ?? kept);
}

/** Makes snake_case of camelCase: `userId` to `user_id`. */
export function fromCamel(name: string): string {
  return name.replace(/(?<=[^_])\p{Lu}/gu, (capital) => {
    const small = smallOf(capital);
    return small === undefined ? capital : `_${small}`;
  });
}

/** Makes PascalCase of snake_case: `user_id` to `UserId`. */
export function toPascal(name: string): string {
  return toCamel(name).replace(/^\p{Ll}/u, (small) => capitalOf(small) ?? small);
}

/** Makes snake_case of PascalCase: `UserId` to `user_id`. */
export function fromPascal(name: string): string {
  return fromCamel(name).replace(/^\p{Lu}/u, (capital) => smallOf(capital) ?? capital);
}

/** Makes kebab-case of snake_case: `user_id` to `user-id`. */
export function toKebab(name: string): string {
  return name.replaceAll("_", "-");
}

/** Makes snake_case of kebab-case: `user-id` to `user_id`. */
export function fromKebab(name: string): string {
  return name.replaceAll("-", "_");
}

/** Undefined where the way back leads elsewhere, as for ß, ı and ς. */
function capitalOf(small: string): string | undefined {
  const capital = small.toUpperCase();
  return capital !== small && capital.toLowerCase() === small ? capital : undefined;
}

/** Undefined where the way back leads elsewhere, as for İ. */
function smallOf(capital: string): string | undefined {
  const small = capital.toLowerCase();
  return small !== capital && small.toUpperCase() === capital ? small : undefined;
}
