/**
 * The replies to one unit of the extended query protocol, in the one order they may come in.
 *
 * @module
 */

import type { BackendMessage, FieldDescription } from "../wire/backend_message.ts";
import type { Format } from "../wire/message.ts";
import { unexpected } from "./request.ts";
import { ResultRequest } from "./result_request.ts";
import type { ResultRequestOptions } from "./result_request.ts";
import type { Statement } from "./statement.ts";

/** What a unit asks the server to do, step by step. */
export type Step = "parse" | "describe" | "bind" | "execute";

/** The reply that ends a step; the end of Execute depends on the query. */
const REPLY_TO: Readonly<Partial<Record<Step, BackendMessage["kind"]>>> = {
  parse: "ParseComplete",
  bind: "BindComplete",
};

/** What a request of the extended protocol is made of. */
export interface ExtendedRequestOptions extends ResultRequestOptions {
  readonly steps: readonly Step[];
  /** Known before; absent where the unit describes it. */
  readonly statement?: Statement;
  /** Of a statement that is known, each column with the format that Bind asks for. */
  readonly fields?: readonly FieldDescription[];
  /** Of a unit that describes its statement: the name it is given. */
  readonly name?: string;
  /** Of a unit that describes its statement: what each column is asked for in; empty: all as text. */
  readonly resultFormats?: readonly Format[];
  /** Called when the unit has described its statement. */
  readonly onDescribed?: (statement: Statement) => void;
}

/** Takes what one unit yields. */
export class ExtendedRequest extends ResultRequest {
  protected readonly state = "the execution of a statement";
  protected readonly extended = true;
  readonly #options: ExtendedRequestOptions;
  #step = 0;
  /** What the sink is told when the Bind was accepted; undefined: there are no rows. */
  #columns: readonly FieldDescription[] | undefined;
  #parameterOids: readonly number[] = [];
  #suspended = false;

  constructor(options: ExtendedRequestOptions) {
    super(options);
    this.#options = options;
    if (!options.statement?.yieldsRows) return;
    this.#columns = options.fields;
    this.rowsMayCome = true;
  }

  /** True when the portal has more rows than were asked for. */
  get suspended(): boolean {
    return this.#suspended;
  }

  /** The step that is answered next: of a unit that failed, where it failed. */
  get step(): Step | undefined {
    return this.#options.steps[this.#step];
  }

  receive(message: BackendMessage): void | Promise<void> {
    if (message.kind === "ErrorResponse") return this.#refused(message);
    const { step } = this;
    if (step === "execute") return this.#executed(message);
    if (step === "describe") return this.#described(message);
    if (step === undefined || message.kind !== REPLY_TO[step]) {
      throw unexpected(message, this.state);
    }
    this.#step++;
    // Not before: of a statement that is stale it would not be true.
    if (step === "bind" && this.#columns) return this.sink.description(this.#columns);
  }

  #executed(message: BackendMessage): void | Promise<void> {
    if (message.kind !== "PortalSuspended") return this.receiveResult(message);
    this.#suspended = true;
    this.complete();
  }

  /** ParameterDescription comes first, then RowDescription or NoData. */
  #described(message: BackendMessage): void {
    switch (message.kind) {
      case "ParameterDescription":
        this.#parameterOids = message.typeOids;
        return;
      case "NoData":
        return this.#setColumns([], false);
      case "RowDescription":
        return this.#setColumns(message.fields, true);
      default:
        throw unexpected(message, this.state);
    }
  }

  #setColumns(fields: readonly FieldDescription[], yieldsRows: boolean): void {
    this.#step++;
    const { query, name = "", resultFormats = [], onDescribed } = this.#options;
    onDescribed?.({ name, query, parameterOids: this.#parameterOids, fields, yieldsRows });
    if (!yieldsRows) return;
    this.rowsMayCome = true;
    // The description of a statement cannot know what Bind asks for, and says 0.
    this.#columns = resultFormats.length === 0
      ? fields
      : fields.map((field, i) => ({ ...field, format: resultFormats[i] }));
  }

  #refused(message: BackendMessage & { readonly kind: "ErrorResponse" }): void | Promise<void> {
    const { statement } = this.#options;
    if (statement && isStale(message.fields)) this.session.statements.forget(statement);
    return this.receiveResult(message);
  }
}

/**
 * True for the errors of a statement that is gone (DEALLOCATE, DISCARD, another server behind
 * a pooler) or whose columns have changed since it was prepared. All come at Bind, before
 * anything is done.
 */
function isStale({ code, routine }: { code?: string; routine?: string }): boolean {
  // See plancache.c, RevalidateCachedQuery; 0A000 says many other things as well.
  return code === "26000" || (code === "0A000" && routine === "RevalidateCachedQuery");
}
