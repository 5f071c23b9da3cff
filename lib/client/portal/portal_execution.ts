/**
 * One run of a query whose rows come by fetches, so that other queries can use its session in
 * between.
 *
 * @module
 */

import type { ErrorFields } from "../../errors.ts";
import { parseCommandTag } from "../../rows/command_tag.ts";
import type { RowDecoder, RowShape } from "../../rows/row_decoder.ts";
import type { ResultRequest } from "../../session/result_request.ts";
import type { ResultSink } from "../../session/result_sink.ts";
import type { Session } from "../../session/session.ts";
import type { RenderedSql } from "../../sql/fragment.ts";
import type { DataRow, FieldDescription } from "../../wire/backend_message.ts";
import { refuseForPooler } from "../query/execution_context.ts";
import type { ExecutionContext } from "../query/execution_context.ts";
import { FetchSize } from "./fetch_size.ts";
import type { HeldSession } from "../lending/held_session.ts";
import type { Lease } from "../lending/session_lender.ts";
import { openCursor } from "./server_cursor.ts";
import type { ServerCursor } from "./server_cursor.ts";
import { StatementTypes } from "../types/statement_types.ts";

/** How a query is run by fetches. */
export interface PortalExecutionOptions {
  readonly statement: RenderedSql;
  readonly prepare: boolean;
  /** True: columns are wanted in their text form. */
  readonly asText: boolean;
  readonly sink: ResultSink;
  /** Called when the transaction that the portal lives in is about to end. */
  readonly onRevoke: (reason: Error) => void;
}

/** One run of a query by fetches. */
export class PortalExecution {
  readonly #context: ExecutionContext;
  readonly #options: PortalExecutionOptions;
  readonly #controller = new AbortController();
  #types: StatementTypes | undefined;
  #request: ResultRequest | undefined;
  /** The reader wants the next rows, or has left. */
  #wanted = false;
  #left = false;
  #wake: (() => void) | undefined;

  constructor(context: ExecutionContext, options: PortalExecutionOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Runs to the end. Never rejects: whatever happens is told to the sink, once. */
  async run(): Promise<void> {
    const { statement, sink } = this.#options;
    const { signal } = this.#controller;
    try {
      refuseForPooler(this.#context, statement.text);
      const hold = await this.#context.lender.hold({ signal });
      try {
        await this.#runOn(hold.held);
      } finally {
        await hold.release();
      }
      sink.end();
    } catch (error) {
      sink.fail(error as Error);
    }
  }

  /** The reader will soon have used up what there is. */
  demand(): void {
    this.#wanted = true;
    this.#wake?.();
  }

  /** The reader wants no more; what is being fetched comes to its end. */
  leave(): void {
    this.#left = true;
    this.#wake?.();
  }

  /** Ends the run: a fetch that is on its way is cancelled, and with it its transaction. */
  cancel(reason?: unknown): void {
    this.#controller.abort(reason);
    if (this.#request) this.#types?.session.cancel(this.#request);
    this.leave();
  }

  /** The decoder of rows of these columns, once their types are known. */
  decoder<Row>(fields: readonly FieldDescription[], shape: RowShape): RowDecoder<Row> {
    return this.#types!.server.plans.decoder(fields, shape);
  }

  async #runOn(held: HeldSession): Promise<void> {
    const ended = held.addStream("portal", this.#options.onRevoke);
    const leave: { transaction?: LeaveTransaction } = {};
    try {
      await this.#fetchAll(held, leave);
    } catch (error) {
      await leave.transaction?.({ failed: true }).catch(() => {}); // The first failure counts.
      throw error;
    } finally {
      ended();
    }
    await leave.transaction?.({ failed: false });
  }

  async #fetchAll(
    held: HeldSession,
    leave: { transaction?: LeaveTransaction },
  ): Promise<void> {
    const { sink } = this.#options;
    const { signal } = this.#controller;
    const rows = new FetchedRows(sink, this.#lookUp(held.session));
    const size = new FetchSize();
    let cursor: ServerCursor | undefined;
    while (!this.#left) {
      signal.throwIfAborted();
      this.#wanted = false;
      const lease = await held.acquire({ exclusive: false, signal });
      try {
        leave.transaction ??= await held.keepTransaction();
        cursor ??= await this.#open(held);
        const mayHaveMore = await this.#fetch(cursor, { rows, size, lease });
        if (!mayHaveMore) return rows.finish();
      } finally {
        lease.release();
      }
      await this.#untilWanted();
    }
    if (cursor && held.session.usable) await held.inTurn(() => cursor.close());
  }

  #open(held: HeldSession): Promise<ServerCursor> {
    const { statement, prepare, asText } = this.#options;
    this.#types = new StatementTypes(this.#context, held.session);
    return openCursor(this.#types, {
      context: this.#context,
      name: held.nameCursor(),
      statement,
      prepare,
      asText,
      signal: this.#controller.signal,
    });
  }

  async #fetch(
    cursor: ServerCursor,
    { rows, size, lease }: {
      readonly rows: FetchedRows;
      readonly size: FetchSize;
      readonly lease: Lease;
    },
  ): Promise<boolean> {
    const maxRows = size.rows;
    rows.begin();
    this.#request = cursor.fetch(maxRows, rows);
    lease.sent?.();
    await this.#request.settled;
    if (rows.failure) throw rows.failure;
    size.adapt(rows.fetched);
    return cursor.mayHaveMore(this.#request, rows.fetched.rows, maxRows);
  }

  /** Where statements are not described, the types of columns are only known when they come. */
  #lookUp(session: Session): LookUp {
    const isDescribed = session.protocol.capabilities.bindParameters;
    return (oids) => isDescribed ? undefined : this.#types!.lookUpAside(oids);
  }

  async #untilWanted(): Promise<void> {
    if (!this.#wanted && !this.#left) await new Promise<void>((resolve) => this.#wake = resolve);
    this.#wake = undefined;
  }
}

type LeaveTransaction = Awaited<ReturnType<HeldSession["keepTransaction"]>>;

type LookUp = (oids: readonly number[]) => Promise<void> | undefined;

/** Joins the results of all fetches into one. */
class FetchedRows implements ResultSink {
  readonly #sink: ResultSink;
  readonly #lookUp: LookUp;
  #described = false;
  #total = 0;
  #commandTag = "";
  /** What the last fetch gave. */
  fetched: { rows: number; bytes: number } = { rows: 0, bytes: 0 };
  failure: Error | undefined;

  constructor(sink: ResultSink, lookUp: LookUp) {
    this.#sink = sink;
    this.#lookUp = lookUp;
  }

  begin(): void {
    this.fetched = { rows: 0, bytes: 0 };
  }

  description(fields: readonly FieldDescription[]): void | Promise<void> {
    if (this.#described) return;
    this.#described = true;
    const lookingUp = this.#lookUp(fields.map(({ typeOid }) => typeOid));
    if (!lookingUp) return this.#sink.description(fields);
    return lookingUp.then(() => this.#sink.description(fields), (error) => this.fail(error));
  }

  rows(run: DataRow): void {
    if (this.failure) return;
    this.fetched.rows += run.count;
    this.fetched.bytes += run.byteLength;
    this.#total += run.count;
    // A reader at his own pace must not hold up who shares the session; he has asked for these.
    this.#sink.rows(run);
  }

  complete(commandTag: string): void {
    this.#commandTag = commandTag;
  }

  notice(fields: ErrorFields): void {
    this.#sink.notice(fields);
  }

  end(): void {}

  fail(error: Error): void {
    this.failure ??= error;
  }

  /** The tag of a fetch counts the rows of that fetch. */
  finish(): void {
    const { command } = parseCommandTag(this.#commandTag);
    const isRead = command === "SELECT" || command === "FETCH";
    this.#sink.complete(isRead ? `SELECT ${this.#total}` : this.#commandTag);
  }
}
