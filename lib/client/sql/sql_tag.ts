/**
 * The tag that makes queries out of templates, over whatever lends them a session.
 *
 * @module
 */

import type { RowList } from "../../rows/row_list.ts";
import { identifier } from "../../sql/fragment.ts";
import type { FragmentParts } from "../../sql/fragment.ts";
import { Helper } from "../../sql/helper.ts";
import { arrayOidOf, TypedValue } from "../../value/registry/typed_value.ts";
import type { TypeName } from "../../value/registry/typed_value.ts";
import { CallSite } from "../query/caller_stack.ts";
import type { ExecutionContext } from "../query/execution_context.ts";
import { runPipeline } from "../query/pipeline.ts";
import type { PipelineOptions, Queries } from "../query/pipeline.ts";
import { CLOSE, Query } from "../query/query.ts";
import type { QuerySettings } from "../query/query_options.ts";
import type { SqlResources } from "./sql_resources.ts";
import type {
  FileOptions,
  HelperInput,
  QueryConfig,
  QueryResult,
  SqlTag,
  TextOptions,
} from "./sql_types.ts";

const JSONB_OID = 3802;
/** What becomes `null` in JSON; null itself would be NULL. */
const JSON_NULL = { toJSON: () => null };

const PLAIN: QuerySettings = { shape: "object", simple: false };

/** Makes a tag whose queries run as the context says. */
export function createTag(
  context: ExecutionContext,
  resources: SqlResources,
  parameters: () => Readonly<Record<string, string>>,
): SqlTag {
  const tag = (
    first: TemplateStringsArray | string | HelperInput,
    ...rest: unknown[]
  ): unknown => {
    if (typeof first === "string") return identifier(first, ...rest as string[]);
    if (!isTemplate(first)) return new Helper(first, rest as string[]);
    const parts = { strings: first, values: rest };
    return new Query({ context, parts, settings: PLAIN, site: new CallSite(tag) });
  };
  const unsafe = <Row>(
    text: string,
    values: readonly unknown[] = [],
    options: TextOptions = {},
  ): Query<Row> => {
    const parts = { strings: [text], values: [], numbered: values };
    const settings = settingsOf(options);
    return new Query<Row>({ context, parts, settings, site: new CallSite(unsafe) });
  };
  const file = <Row>(
    path: string,
    values: readonly unknown[] = [],
    { cache = true, ...options }: FileOptions = {},
  ): Query<Row> => {
    const parts = async (): Promise<FragmentParts> => {
      const text = await resources.files.read(path, { cache });
      return { strings: [text], values: [], numbered: values };
    };
    const settings = settingsOf(options);
    return new Query<Row>({ context, parts, settings, site: new CallSite(file) });
  };
  Object.assign(tag, {
    unsafe,
    file,
    query: <Row>(query: string | QueryConfig, values?: readonly unknown[]) =>
      queryAsPg<Row>(unsafe, query, values),
    pipeline: (queries: Queries, options?: PipelineOptions) =>
      runPipeline(context, queries, options),
    typed: resources.typed,
    json: (value: unknown) => new TypedValue(value ?? JSON_NULL, JSONB_OID),
    array: (values: readonly unknown[], type?: TypeName) =>
      new TypedValue(values, type === undefined ? 0 : arrayOidOf(type)),
    options: resources.options,
    CLOSE,
  });
  Object.defineProperty(tag, "parameters", { get: parameters });
  return tag as unknown as SqlTag;
}

/** Only the simple protocol takes several statements at once. */
function settingsOf({ simple, prepare }: TextOptions): QuerySettings {
  return { ...PLAIN, simple: simple ?? "if several", ...(prepare !== undefined && { prepare }) };
}

function isTemplate(first: TemplateStringsArray | HelperInput): first is TemplateStringsArray {
  return Array.isArray(first) && "raw" in first;
}

/** See https://node-postgres.com/apis/result for what it gives there. */
async function queryAsPg<Row>(
  unsafe: SqlTag["unsafe"],
  query: string | QueryConfig,
  values?: readonly unknown[],
): Promise<QueryResult<Row>> {
  const { text, values: own, rowMode }: QueryConfig = typeof query === "string"
    ? { text: query }
    : query;
  const asked = unsafe<Row>(text, values ?? own);
  if (rowMode !== "array") return resultAsPg(await asked);
  return resultAsPg(await asked.values() as RowList<Row & unknown[]>);
}

/** Commands whose tags say how many rows there were. */
const COUNTED = /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|FETCH|MOVE|COPY)$/;

function resultAsPg<Row>(rows: RowList<Row>): QueryResult<Row> {
  const { command, columns, count } = rows;
  const rowCount = COUNTED.test(command) ? count : null;
  return { rows: [...rows], rowCount, fields: columns, command };
}
