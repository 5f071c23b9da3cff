/** Runs one planned query and sees that what it gave is its own: right, in order, and whole. */

import { DatabaseError } from "../../mod.ts";
import type { Query, Sql } from "../../mod.ts";
import type { Plan } from "./plan.ts";

/** A row of a planned query. */
interface Row {
  readonly id: number;
  /** 1, 2, 3, … */
  readonly n: number;
  readonly filler: string;
}

/** Resolves when the query has ended as planned, and rejects with what was wrong. */
export async function runTrial(sql: Sql, plan: Plan): Promise<void> {
  const controller = new AbortController();
  const reason = new Error(`aborted as planned: ${plan.id}`);
  const { end } = plan;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => controller.abort(reason);
  if (end.kind === "abort" && end.when === "before") abort();
  if (end.kind === "abort" && end.when === "later") timer = setTimeout(abort, end.afterMs);
  const seen = new RowCheck(plan);
  try {
    const query = queryOf(sql, plan);
    await read(end.kind === "abort" ? query.with({ signal: controller.signal }) : query, plan, {
      seen,
      abort,
      reason,
    });
    seen.endedWell();
  } catch (error) {
    seen.failed(error, controller.signal.aborted ? reason : undefined);
  } finally {
    clearTimeout(timer);
  }
}

/** What a loop is left with by `throw`. */
class Thrown extends Error {}

interface Reading {
  readonly seen: RowCheck;
  readonly abort: () => void;
  readonly reason: Error;
}

async function read(query: Query<Row>, { reader, end }: Plan, reading: Reading): Promise<void> {
  const { seen, abort } = reading;
  if (reader === "await") {
    for (const row of await query) seen.row(row);
    return;
  }
  const leavesAt = "row" in end && end.kind !== "division by zero" ? end.row : undefined;
  for await (const item of reader === "rows" ? query : query.batches()) {
    for (const row of Array.isArray(item) ? item : [item]) seen.row(row);
    if (leavesAt === undefined || seen.count < leavesAt) continue;
    if (end.kind === "abort") abort();
    if (end.kind === "throw") throw new Thrown();
    if (end.kind === "break") break;
  }
}

/** Compares each row with the one that must come. */
class RowCheck {
  readonly #plan: Plan;
  count = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  row({ id, n, filler }: Row): void {
    const { id: own, width } = this.#plan;
    this.count++;
    if (id !== own) throw new Wrong(`got a row of query ${id}`);
    if (n !== this.count) throw new Wrong(`got row ${n} in the place of row ${this.count}`);
    if (filler.length !== width) throw new Wrong(`got a filler of ${filler.length} characters`);
  }

  endedWell(): void {
    const { end, rows } = this.#plan;
    if (end.kind === "syntax error" || end.kind === "division by zero") {
      throw new Wrong(`ended well, expected a ${end.kind}`);
    }
    // An abort may come too late.
    if (end.kind === "abort" && end.when === "before") throw new Wrong("ran although aborted");
    if (end.kind === "break" && this.count >= Math.min(end.row, rows)) return;
    if (this.count !== rows) throw new Wrong(`got ${this.count} rows of ${rows}`);
  }

  failed(error: unknown, abortedBy: Error | undefined): void {
    const { end, reader } = this.#plan;
    if (error instanceof Wrong) throw error;
    if (abortedBy && error === abortedBy) return;
    if (end.kind === "throw" && error instanceof Thrown) return;
    const isPlanned = error instanceof DatabaseError && error.message.startsWith(end.kind);
    if (!isPlanned) throw new Wrong("failed in another way than planned", { cause: error });
    if (end.kind === "division by zero" && reader !== "await" && this.count !== end.row - 1) {
      throw new Wrong(`got ${this.count} rows before the error in row ${end.row}`);
    }
  }
}

/** Something came that does not belong to the query, or did not come. */
class Wrong extends Error {}

function queryOf(sql: Sql, plan: Plan): Query<Row> {
  const { id, rows, width, values, end } = plan;
  if (end.kind === "syntax error") return sql.unsafe<Row>(`selec ${id}`);
  const divideAt = end.kind === "division by zero" ? end.row : 0;
  const seconds = end.kind === "abort" && end.when === "later" ? end.sleepMs / 1000 : 0;
  if (values !== "parameters") {
    const text =
      `select ${id} as id, i as n, repeat('x', ${width}) as filler, 9 / (i - ${divideAt}),
      case when ${seconds} > 0 and i = 1 then pg_sleep(${seconds})::text end
      from generate_series(1, ${rows}) i`;
    const query = sql.unsafe<Row>(text);
    return values === "literals" ? query : query.simple();
  }
  return sql<Row>`select ${id}::int4 as id, i as n, repeat('x', ${width}::int4) as filler,
    9 / (i - ${divideAt}::int4),
    case when ${seconds}::float8 > 0 and i = 1 then pg_sleep(${seconds}::float8)::text end
    from generate_series(1, ${rows}::int4) i`;
}
