/**
 * Many queries in one write.
 *
 * @module
 */

import type { RowList } from "../../rows/row_list.ts";
import type { Fragment } from "../../sql/fragment.ts";
import {
  checkCallOptions,
  millisecondsKind,
  signalKind,
  wordKind,
} from "../options/call_options.ts";
import type { ExecutionContext } from "./execution_context.ts";
import { PipelineRun } from "./pipeline_run.ts";
import type { PipelineSync } from "./pipeline_run.ts";
import { Query } from "./query.ts";
import type { JoinedQuery } from "./query.ts";

/** See {@linkcode SqlTag.pipeline}. */
export interface PipelineOptions {
  /**
   * `each`: every query ends by itself, and those behind one that fails are run. `one`: all end
   * together; when one fails those behind it are not run, and outside of a transaction what the
   * others did is undone. Default `each`.
   */
  readonly sync?: "each" | "one";
  /** Rejects all queries with the signal's reason, and has the server told to stop. */
  readonly signal?: AbortSignal;
  /** Milliseconds for all; default: no limit but the queries' own. */
  readonly timeoutMs?: number;
}

/** Queries, whatever their rows are. */
export type Queries = readonly (Fragment & PromiseLike<unknown>)[];

/** What queries give, each by its own type. */
export type PipelineResults<Asked extends Queries> = {
  -readonly [Key in keyof Asked]: Asked[Key] extends Query<infer Row> ? RowList<Row> : never;
};

/**
 * Runs queries in one write, their results in one answer. Each is a query that can be awaited by
 * itself as well, to see which failed.
 *
 * @throws what the first query failed with, or the one that brought the others down
 */
export async function runPipeline<const Asked extends Queries>(
  context: ExecutionContext,
  queries: Asked,
  options: PipelineOptions = {},
): Promise<PipelineResults<Asked>> {
  const { sync = "each", signal, timeoutMs } = checkCallOptions(options, {
    action: "run a pipeline",
    kinds: { sync: wordKind("each", "one"), signal: signalKind, timeoutMs: millisecondsKind },
    spellings: { timeout: "timeoutMs" },
  });
  signal?.throwIfAborted();
  const { run, joined } = join(context, queries, sync);
  const unwatch = context.aborts.watch(
    { signals: [signal], timeoutMs, what: "The pipeline" },
    (reason) => joined.forEach(({ abort }) => abort(reason)),
  );
  const outcomes = Promise.allSettled(joined.map(({ rows }) => rows));
  await run.run();
  const settled = await outcomes;
  unwatch();
  const failures = settled.filter((one) => one.status === "rejected").map(({ reason }) => reason);
  if (failures.length > 0) {
    throw failures.includes(run.givenUpFor) ? run.givenUpFor : culprit(failures);
  }
  const rows = settled.map((one) => (one as PromiseFulfilledResult<unknown>).value);
  return rows as PipelineResults<Asked>;
}

interface Joined {
  readonly run: PipelineRun;
  readonly joined: readonly JoinedQuery<unknown>[];
}

/** A query that cannot be sent at all tells who awaits it; who wants all or nothing gets nothing. */
function join(context: ExecutionContext, queries: Queries, sync: PipelineSync): Joined {
  checkAll(context, queries);
  const run = new PipelineRun(context, sync);
  const joined = queries.map((query) => {
    const before = run.size;
    const one = Query.join(query as Query<unknown>, run.add);
    if (run.size === before) run.refuse(one.rows);
    return one;
  });
  return { run, joined };
}

/** Before any of them is joined: it would wait for ever. */
function checkAll(context: ExecutionContext, queries: Queries): void {
  for (const [i, query] of queries.entries()) {
    if (!(query instanceof Query)) throw unfit(i, "it is no query");
    const reason = Query.unfitToJoin(query, context);
    if (reason) throw unfit(i, reason);
    if (queries.indexOf(query) < i) throw unfit(i, "it stands there twice");
  }
}

function unfit(index: number, reason: string): TypeError {
  return new TypeError(`Cannot run a pipeline: query ${index + 1} does not fit, ${reason}`);
}

/** The failure that the others came of, if there is one. */
function culprit([first, ...others]: readonly unknown[]): unknown {
  const cause = (first as { readonly cause?: unknown } | undefined)?.cause;
  return others.includes(cause) ? cause : first;
}
