/** `sql` without a client: templates, and the pieces that stand in them. */

import { Fragment, identifier, render } from "../../lib/sql/fragment.ts";
import { Helper } from "../../lib/sql/helper.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";

type Columns = (string | readonly string[])[];

/** A fragment of a template, names of strings, else a helper. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Fragment;
export function sql(name: string, ...path: string[]): Fragment;
export function sql(first: object, ...columns: Columns): Helper;
export function sql(first: object | string, ...rest: unknown[]): Fragment {
  if (typeof first === "string") return identifier(first, ...rest as string[]);
  if ("raw" in first) {
    return new Fragment({ strings: first as TemplateStringsArray, values: rest });
  }
  return new Helper(first as Record<string, unknown>, rest as Columns);
}

/** Checks what a template becomes. */
export function assertRenders(fragment: Fragment, text: string, values: readonly unknown[]): void {
  assertEquals(render(fragment.parts), { text, values });
}

/** Checks that a template is refused, with a text that has this in it. */
export function assertRefuses(fragment: Fragment, text: string): void {
  assertThrows(() => render(fragment.parts), TypeError, text);
}
