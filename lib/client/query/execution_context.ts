/**
 * What all queries of one `sql` share: of the client's, of a transaction's.
 *
 * @module
 */

import type { Session } from "../../session/session.ts";
import type { ParameterTypes } from "../types/parameter_types.ts";
import type { AbortWatch } from "./abort.ts";
import { refuseSessionBound } from "../pooler/pooler_policy.ts";
import type { PoolerPolicy } from "../pooler/pooler_policy.ts";
import type { ClientTypes } from "../types/server_types.ts";
import type { SessionLender } from "../lending/session_lender.ts";

/** How queries are run where they say nothing else. */
export interface QueryDefaults {
  /** True: undefined is sent as NULL; false: it is an error. */
  readonly undefinedAsNull: boolean;
  /** Makes the name of a column out of a name in `sql(object)`. */
  readonly columnName?: (name: string) => string;
  /** False: statements have no names, and each query is one unit. */
  readonly prepare: boolean;
  /** What stands between us and the server, and cannot do everything. */
  readonly pooler?: PoolerPolicy;
  readonly inTransaction: boolean;
  /** Milliseconds for each query; 0: no limit. */
  readonly queryTimeoutMs: number;
}

/** What every run of a query is made with. */
export interface ExecutionContext extends QueryDefaults {
  readonly lender: SessionLender;
  readonly types: ClientTypes;
  readonly parameterTypes: ParameterTypes;
  readonly aborts: AbortWatch;
  /** Opens a session beside the pool, to the server that `Session.server` names. */
  readonly openAside: (server: string) => Promise<Session>;
  /** True while no value is encoded in a way of the user's own, by its type. */
  readonly mayGuess: () => boolean;
  /** Ends all queries of a transaction. */
  readonly signal?: AbortSignal;
  /** Hears of each query of a transaction that failed. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Refuses what cannot work behind the pooler, if there is one.
 *
 * @throws {TypeError} that says what, and why
 */
export function refuseForPooler(context: ExecutionContext, text: string): void {
  if (context.pooler) refuseSessionBound(context.pooler, text, context);
}
