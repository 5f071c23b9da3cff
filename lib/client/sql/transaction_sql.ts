/**
 * The tags of transactions and savepoints, and what begins them.
 *
 * @module
 */

import { runTransaction } from "../transaction/begin.ts";
import type { Begun } from "../transaction/begin.ts";
import type { TransactionResult } from "../transaction/transaction_result.ts";
import type { ExecutionContext } from "../query/execution_context.ts";
import type { Handle } from "../lending/handle.ts";
import { Savepoints } from "../transaction/savepoint.ts";
import type { SqlResources } from "./sql_resources.ts";
import { createTag } from "./sql_tag.ts";
import type {
  SavepointSql,
  TransactionFunction,
  TransactionSql,
  TransactionStarter,
} from "./sql_types.ts";
import { Transaction } from "../transaction/transaction.ts";
import type { BeginOptions, TransactionOptions } from "../transaction/transaction_options.ts";

/** Makes what begins transactions on the sessions of a context's lender. */
export function createStarter(
  context: ExecutionContext,
  resources: SqlResources,
): TransactionStarter {
  const open = async (
    options: TransactionOptions | string,
    signal?: AbortSignal,
  ): Promise<Begun<TransactionSql>> => {
    const transaction = await Transaction.begin(context.lender, options, signal);
    return { transaction, tx: createTransactionSql(context, resources, { transaction, signal }) };
  };
  const begin = <T>(
    options: BeginOptions | string,
    fn: TransactionFunction<T>,
  ): Promise<TransactionResult<T>> => {
    const limits = typeof options === "string" ? {} : options;
    const { aborts } = context;
    return runTransaction((signal) => open(options, signal), fn, { ...limits, aborts });
  };
  return {
    begin: <T>(
      first: BeginOptions | string | TransactionFunction<T>,
      fn?: TransactionFunction<T>,
    ) => typeof first === "function" ? begin({}, first) : begin(first ?? {}, fn!),
    beginDistributed: (name, fn) =>
      begin({}, (tx) => {
        tx.prepare(name);
        return fn(tx);
      }),
    transaction: (options = {}) => openTransaction(context, open, options),
  } as TransactionStarter;
}

/** A limit of time ends with the transaction, and rolls it back if nobody ended it before. */
async function openTransaction(
  context: ExecutionContext,
  open: (options: TransactionOptions, signal: AbortSignal) => Promise<Begun<TransactionSql>>,
  options: TransactionOptions,
): Promise<TransactionSql> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const begun: { transaction?: Transaction } = {};
  const unwatch = context.aborts.watch(
    { signals: [signal], timeoutMs, what: "The transaction" },
    (reason) => {
      controller.abort(reason);
      begun.transaction?.rollback(reason as Error);
    },
  );
  try {
    const { transaction, tx } = await open(options, controller.signal);
    begun.transaction = transaction;
    transaction.onEnd = unwatch;
    if (!controller.signal.aborted) return tx;
    await transaction.rollback(controller.signal.reason);
    throw controller.signal.reason;
  } catch (error) {
    unwatch();
    throw error;
  }
}

interface TransactionParts {
  readonly transaction: Transaction;
  readonly signal?: AbortSignal;
}

function createTransactionSql(
  context: ExecutionContext,
  resources: SqlResources,
  { transaction, signal }: TransactionParts,
): TransactionSql {
  const inner: ExecutionContext = {
    ...context,
    lender: transaction.handle,
    inTransaction: true,
    signal,
    onFailure: (error) => transaction.noteFailure(error),
  };
  const savepoints = new Savepoints(transaction);
  const tag = createSavepointSql(inner, resources, { savepoints, handle: transaction.handle });
  return Object.assign(tag, {
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
    prepare: (name: string) => transaction.prepare(name),
    [Symbol.asyncDispose]: () => transaction.rollback(),
  });
}

function createSavepointSql(
  context: ExecutionContext,
  resources: SqlResources,
  { savepoints, handle }: { readonly savepoints: Savepoints; readonly handle: Handle },
): SavepointSql {
  const tag = createTag(context, resources, () => {
    return Object.fromEntries(handle.held.session.parameters);
  });
  type Fn<T> = (sql: SavepointSql) => T | PromiseLike<T>;
  const savepoint = <T>(
    first: string | Fn<T>,
    second?: Fn<T>,
  ): Promise<TransactionResult<T>> => {
    const [name, fn] = typeof first === "string" ? [first, second!] : [undefined, first];
    const run = (inner: Handle) => {
      const innerContext = { ...context, lender: inner };
      return fn(createSavepointSql(innerContext, resources, { savepoints, handle: inner }));
    };
    return savepoints.run(handle, run, name);
  };
  return Object.assign(tag, { savepoint });
}
