/**
 * What poolers that give each transaction another server connection cannot do, and how rill
 * keeps to it.
 *
 * @module
 */

import { sessionBoundPart } from "./session_bound_sql.ts";

/** A pooler between us and the server, in its transaction mode. */
export type PoolerName = "pgbouncer-transaction" | "supavisor" | "hyperdrive";

/** How to talk through a pooler. */
export interface PoolerPolicy {
  /** As its makers write it. */
  readonly title: string;
  /** False: no named statements; each query is one unit, from Parse to Sync. */
  readonly prepare: boolean;
  /** Queries that may be on their way on one connection; absent: any number. */
  readonly maxPipelined?: number;
  /** The highest protocol to ask for; absent: any. */
  readonly maxProtocolVersion?: "3.0";
  /** True: settings are undone when a transaction ends, so that SET can stand in one. */
  readonly undoesSettings: boolean;
}

const policies: Readonly<Record<PoolerName, PoolerPolicy>> = {
  "pgbouncer-transaction": {
    title: "pgbouncer",
    // Versions before 1.21 know nothing of named statements; later ones only when their
    // max_prepared_statements is set, as it is by itself from 1.24 on.
    prepare: false,
    // Versions before 1.23 refuse 3.2 ("bad packet header"), later ones can negotiate twice over
    // it (pgbouncer#1459).
    maxProtocolVersion: "3.0",
    undoesSettings: false,
  },
  supavisor: {
    title: "Supavisor",
    prepare: false,
    // Before 2.10 the replies to what comes behind are dropped (supavisor#1061).
    maxPipelined: 1,
    // Its cancel keys have 4 bytes, and it does not know NegotiateProtocolVersion.
    maxProtocolVersion: "3.0",
    undoesSettings: false,
  },
  hyperdrive: {
    title: "Hyperdrive",
    // Named statements are "as implemented in" two other drivers, says its manual ("How
    // Hyperdrive works"); the unnamed unit is what node-postgres sends.
    prepare: false,
    // Nothing is promised, and replies have gone astray (workers-sdk#13797).
    maxPipelined: 1,
    maxProtocolVersion: "3.0",
    // "When a connection is returned to the pool, the connection is RESET" (same place).
    undoesSettings: true,
  },
};

/** The policy for a pooler. */
export function poolerPolicy(name: PoolerName): PoolerPolicy {
  return policies[name];
}

/**
 * The error for what needs a session of its own: `Cannot <action>: …`. `instead` is what does
 * the same without one.
 */
export function poolerRefusal(policy: PoolerPolicy, action: string, instead?: string): TypeError {
  const wanted = instead === undefined ? "" : `${instead}, or `;
  return new TypeError(
    `Cannot ${action}: ${policy.title} gives each transaction another server connection, ` +
      `expected ${wanted}a direct connection`,
  );
}

/**
 * Refuses a query that would not do what it says: a part of it outlives its transaction.
 *
 * @throws {TypeError} that names the part
 */
export function refuseSessionBound(
  policy: PoolerPolicy,
  text: string,
  options: { readonly inTransaction: boolean },
): void {
  const { undoesSettings } = policy;
  const part = sessionBoundPart(text, { undoesSettings, ...options });
  if (part) throw poolerRefusal(policy, `run ${part.name}`, part.instead);
}
