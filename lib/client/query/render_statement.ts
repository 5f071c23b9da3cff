/**
 * From what a query is made of to the text that is sent.
 *
 * @module
 */

import { render } from "../../sql/fragment.ts";
import type { FragmentParts, RenderedSql } from "../../sql/fragment.ts";
import { tagged } from "../../sql/tagged_text.ts";
import type { QueryRunOptions } from "./query_run.ts";

/** Writes parts out, with the query's tag in front. */
export function renderParts(
  parts: FragmentParts,
  { context, settings }: Pick<QueryRunOptions, "context" | "settings">,
): RenderedSql {
  const rendered = render(parts, context);
  if (settings.tag === undefined) return rendered;
  return { text: tagged(rendered.text, settings.tag), values: rendered.values };
}

/** The same, where the text may have to be read from a file. */
export async function renderStatement(options: QueryRunOptions): Promise<RenderedSql> {
  const { parts } = options;
  return renderParts(typeof parts === "function" ? await parts() : parts, options);
}
